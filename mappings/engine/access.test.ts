import { describe, expect, it } from '@jest/globals';
import { compilePath, setAt } from './access.ts';
import type { JsonObject } from '../../domain/json.ts';

describe('paths', () => {
  it('reads and writes names with dots and blanks', () => {
    const record: JsonObject = { 'meta.serial': 1, meta: { serial: 2 }, 'Functional Loc.': { code: 'N' } };
    expect(compilePath('`meta.serial`')(record, {})).toBe(1);
    expect(compilePath('meta.serial')(record, {})).toBe(2);
    expect(compilePath('`Functional Loc.`.code')(record, {})).toBe('N');
    const payload: JsonObject = {};
    setAt(payload, ['meta', 'serial'], 'S');
    setAt(payload, ['meta', 'made'], 2020);
    setAt(payload, ['meta.serial'], 'T');
    expect(payload).toEqual({ meta: { serial: 'S', made: 2020 }, 'meta.serial': 'T' });
  });
});
