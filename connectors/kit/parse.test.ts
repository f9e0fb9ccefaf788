import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseAnswer, parseConfig } from './parse.ts';

const schema = z.strictObject({ host: z.url(), login: z.strictObject({ password: z.string().min(8) }) });

describe('parseConfig', () => {
  it('gives the parsed value', () => {
    const value = { host: 'https://example.com', login: { password: 'long enough' } };
    expect(parseConfig(schema, value, 'It')).toEqual(value);
  });

  it('names the field and not its value', () => {
    const value = { host: 'https://example.com', login: { password: 'hunter2' } };
    expect(() => parseConfig(schema, value, 'The secret')).toThrow(
      /^The secret is not valid at "login\.password": /,
    );
    expect(() => parseConfig(schema, value, 'The secret')).not.toThrow(/hunter2/);
  });
});

describe('parseAnswer', () => {
  it('says that the shape is unknown, and whether a write may have happened', () => {
    const fails = (applied?: 'unknown'): unknown => {
      try {
        return parseAnswer(z.object({ id: z.string() }), { id: 7 }, 'The answer', applied);
      } catch (error) {
        return error;
      }
    };
    expect(fails()).toMatchObject({ kind: 'unexpected_response', path: 'id', applied: 'no' });
    expect(fails('unknown')).toMatchObject({ applied: 'unknown' });
  });
});
