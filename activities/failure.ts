/** Failures in Temporal's terms: the kind is the type, and only kinds worth repeating are repeated. */
import { ApplicationFailure } from '@temporalio/common';
import { toFailure } from '../domain/kernel/failure.ts';

export function asApplicationFailure(error: unknown): ApplicationFailure {
  const failure = toFailure(error);
  return ApplicationFailure.create({
    type: failure.kind,
    message: failure.message,
    nonRetryable: !failure.retryable,
    ...(failure.retryAfterMs === null ? {} : { nextRetryDelay: failure.retryAfterMs }),
    ...(failure.kind === 'bug' && failure.cause instanceof Error ? { cause: failure.cause } : {}),
  });
}
