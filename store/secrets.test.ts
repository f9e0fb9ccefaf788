import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseKeyRing } from './secrets.ts';

const key = (): string => randomBytes(32).toString('base64');

describe('parseKeyRing', () => {
  it('reads the keys and takes the first as the active one', () => {
    const [first, second] = [key(), key()];
    const ring = parseKeyRing(` 2027:${first} , 2026:${second}`);
    expect(ring.active).toBe('2027');
    expect(ring.keys.get('2027')?.toString('base64')).toBe(first);
    expect(ring.keys.get('2026')?.toString('base64')).toBe(second);
  });

  const secret = key();
  it.each([
    ['nothing', '', /holds no key; write id:base64/],
    ['only commas', ' , ', /holds no key/],
    ['no id', secret, /entry 1 must read id:base64/],
    ['a bad id', `a:${secret},b c:${secret}`, /entry 2 must read id:base64/],
    ['not base64', 'a:not*base64', /key "a" is not base64/],
    ['a short key', `a:${randomBytes(16).toString('base64')}`, /key "a" has 16 bytes instead of 32/],
    ['an id twice', `a:${secret},a:${key()}`, /names the key "a" twice/],
  ])('refuses %s in one sentence that quotes no key', (_, text, message) => {
    const attempt = (): unknown => parseKeyRing(text);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ kind: 'invalid_config' }));
    expect(attempt).not.toThrow(secret);
  });
});
