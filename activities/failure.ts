/** Failures in Temporal's terms: the kind is the type, and only kinds worth repeating are repeated. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
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

/** Why a step was stopped from outside: by its workflow, which is done with it, or by a worker that ends and is replaced. */
export function asStopped(reason: unknown): CancelledFailure | ApplicationFailure {
  return reason instanceof CancelledFailure && reason.message !== 'WORKER_SHUTDOWN'
    ? reason
    : ApplicationFailure.retryable('The worker was stopped; another one goes on.', 'unavailable');
}
