/** Failures as RFC 9457 problem documents: one table from kind to status. */
import { toFailure, type FailureKind } from '../../domain/kernel/failure.ts';

const STATUS: Record<FailureKind, number> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  rejected: 422,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
  unexpected_response: 502,
  mapping_failed: 422,
  invalid_config: 500,
  invalid_request: 400,
  cancelled: 409,
  bug: 500,
};

export interface Problem {
  type: string;
  title: FailureKind;
  status: number;
  detail: string;
}

/** A bug's own text stays inside: the caller gets a sentence that says nothing about our insides. */
export function toProblem(error: unknown): Problem {
  const failure = toFailure(error);
  const detail =
    failure.kind === 'bug' ? 'The request could not be carried out; it was recorded.' : failure.message;
  return { type: 'about:blank', title: failure.kind, status: STATUS[failure.kind], detail };
}
