import { describe, expect, it } from '@jest/globals';
import { failureOfStatus, failureOfTransport, shorten } from './failures.ts';

describe('failureOfStatus', () => {
  it.each([
    [302, 'unexpected_response', 'no'],
    [400, 'rejected', 'no'],
    [401, 'unauthorized', 'no'],
    [403, 'forbidden', 'no'],
    [404, 'not_found', 'no'],
    [405, 'rejected', 'no'],
    [407, 'invalid_config', 'no'],
    [408, 'unavailable', 'unknown'],
    [409, 'conflict', 'no'],
    [410, 'not_found', 'no'],
    [412, 'conflict', 'no'],
    [413, 'rejected', 'no'],
    [418, 'rejected', 'no'],
    [422, 'rejected', 'no'],
    [423, 'conflict', 'no'],
    [425, 'unavailable', 'no'],
    [429, 'rate_limited', 'no'],
    [500, 'unavailable', 'unknown'],
    [501, 'unexpected_response', 'no'],
    [502, 'unavailable', 'unknown'],
    [503, 'unavailable', 'unknown'],
    [504, 'unavailable', 'unknown'],
    [507, 'unavailable', 'unknown'],
    [999, 'unexpected_response', 'unknown'],
  ] as const)('%i is %s, applied: %s', (status, kind, applied) => {
    const failure = failureOfStatus({ host: 'api.example.com', status });
    expect({ kind: failure.kind, applied: failure.applied }).toEqual({ kind, applied });
    expect(failure.message).toMatch(new RegExp(`^api\\.example\\.com answered ${String(status)}; .+\\.$`));
  });

  it("quotes the vendor's own words and keeps its code", () => {
    const failure = failureOfStatus({ host: 'h', status: 400, detail: 'title cannot\n be null', code: 'E1' });
    expect(failure.message).toBe('h answered 400 ("title cannot be null"); correct the values it refuses.');
    expect(failure.code).toBe('E1');
  });

  it('leaves the advice of the table out when the kind is overridden', () => {
    const failure = failureOfStatus({ host: 'h', status: 400, detail: 'gone', kind: 'not_found' });
    expect(failure.kind).toBe('not_found');
    expect(failure.message).toBe('h answered 400 ("gone").');
  });
});

describe('failureOfTransport', () => {
  it.each([
    ['ECONNREFUSED', 'unavailable', 'no'],
    ['ENOTFOUND', 'unavailable', 'no'],
    ['EAI_AGAIN', 'unavailable', 'no'],
    ['EHOSTUNREACH', 'unavailable', 'no'],
    ['ENETUNREACH', 'unavailable', 'no'],
    ['ECONNRESET', 'unavailable', 'unknown'],
    ['EPIPE', 'unavailable', 'unknown'],
    ['ETIMEDOUT', 'unavailable', 'unknown'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'invalid_config', 'no'],
    ['CERT_HAS_EXPIRED', 'invalid_config', 'no'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'invalid_config', 'no'],
    ['ESOMETHING', 'unavailable', 'unknown'],
  ] as const)('%s is %s, applied: %s', (code, kind, applied) => {
    const failure = failureOfTransport(code, 'plant.example.com:9443');
    expect({ kind: failure.kind, applied: failure.applied }).toEqual({ kind, applied });
    expect(failure.message).toContain('plant.example.com:9443');
    expect(failure.code).toBe(code);
  });
});

describe('shorten', () => {
  it('keeps one line of at most 300 characters', () => {
    expect(shorten(`a\n  b`)).toBe('a b');
    expect(shorten('x'.repeat(400))).toHaveLength(300);
  });
});
