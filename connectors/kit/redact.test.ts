import { describe, expect, it } from '@jest/globals';
import { redact } from './redact.ts';

describe('redact', () => {
  it('knows a secret in base64 and URL encoding', () => {
    expect(redact('p%40ss word cEBzcw== p@ss', ['p@ss'])).toBe('[secret] word [secret] [secret]');
  });
});
