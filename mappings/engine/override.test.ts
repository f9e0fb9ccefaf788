import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileMapping } from './compile.ts';
import { withOverride } from './override.ts';

const FILE = 'mappings/upkeep/asset.yaml';
const shipped = { file: FILE, text: readFileSync(new URL('../upkeep/asset.yaml', import.meta.url), 'utf8') };
const raw = { id: 'a1', name: 'digger', serialNumber: 's-1', category: 'Loader' };

describe('withOverride', () => {
  it('replaces one rule and leaves the others', async () => {
    const merged = withOverride(shipped, { pull: { name: { path: 'name', case: 'upper' } } }, 'override');
    const mapping = compileMapping(merged);
    const before = compileMapping(shipped);
    expect(mapping.version).not.toBe(before.version);
    expect(mapping.pullFields).toEqual(before.pullFields);
    expect(await mapping.pull(raw, {})).toMatchObject({ ok: true, fields: { name: 'DIGGER' } });
  });

  it('takes a rule away with null and changes a policy', () => {
    const mapping = compileMapping(
      withOverride(
        shipped,
        { pull: { serialNumber: null }, conflict: { fields: { name: 'hub' } } },
        'override',
      ),
    );
    expect(mapping.pullFields).not.toContain('serialNumber');
    expect(mapping.policy('name')).toBe('hub');
  });

  it.each([
    [{ pull: { colour: { path: 'x' } } }, 'no canonical field'],
    [{ pull: { name: null } }, 'is required and has no rule'],
    [{ pull: { name: { pth: 'name' } } }, 'override'],
    [{ rules: {} }, 'override'],
    [{ conflict: { default: 'coin' } }, 'conflict.default'],
  ])('refuses %j and names it', (override, message) => {
    expect(() => compileMapping(withOverride(shipped, override, 'override'))).toThrow(message);
  });

  it('says nothing new for an empty override', () => {
    expect(compileMapping(withOverride(shipped, {}, 'override')).pullFields).toEqual(
      compileMapping(shipped).pullFields,
    );
  });
});
