/** Each kind of failure and the status that a client sees. */
import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { FAILURE_KINDS, type FailureKind } from '../../domain/kernel/failure.ts';
import { detailsOf } from './grpc.fixture.ts';
import { loadSchema } from './schema.ts';
import { toStatus } from './status.ts';

const schema = loadSchema();

const EXPECTED: Readonly<Record<FailureKind, keyof typeof status>> = {
  unauthorized: 'UNAUTHENTICATED',
  forbidden: 'PERMISSION_DENIED',
  not_found: 'NOT_FOUND',
  rejected: 'INVALID_ARGUMENT',
  conflict: 'FAILED_PRECONDITION',
  rate_limited: 'RESOURCE_EXHAUSTED',
  unavailable: 'UNAVAILABLE',
  unexpected_response: 'UNKNOWN',
  mapping_failed: 'FAILED_PRECONDITION',
  invalid_config: 'FAILED_PRECONDITION',
  invalid_request: 'INVALID_ARGUMENT',
  cancelled: 'ABORTED',
  bug: 'INTERNAL',
};

describe('the status of a failure', () => {
  it.each(Object.keys(FAILURE_KINDS) as FailureKind[])('of kind %s', (kind) => {
    const sent = toStatus(schema, { kind, status: 400, detail: 'Say why.' });
    expect(sent.code).toBe(status[EXPECTED[kind]]);
    expect(detailsOf(sent)['ErrorInfo']).toEqual({ reason: kind.toUpperCase(), domain: 'chatterfix-sync' });
  });

  it('says when to come back, which fields are at fault, and which request it was', () => {
    const sent = toStatus(schema, {
      kind: 'rate_limited',
      status: 429,
      detail: 'Too many requests.',
      retryAfterS: 7,
      requestId: 'r-1',
      errors: [{ field: 'steps[1].name', message: 'Is required' }],
    });
    expect(sent.metadata).toBeInstanceOf(Metadata);
    expect(detailsOf(sent)).toMatchObject({
      RetryInfo: { retry_delay: { seconds: 7 } },
      BadRequest: { field_violations: [{ field: 'steps[1].name', description: 'Is required' }] },
      RequestInfo: { request_id: 'r-1' },
    });
  });

  it('of a version that was overtaken asks to read again', () => {
    expect(toStatus(schema, { kind: 'conflict', status: 412, detail: 'Changed.' }).code).toBe(status.ABORTED);
  });
});
