/** Failures as RFC 9457 problem documents: one table from kind to status, and the field at fault where there is one. */
import { toFailure, type FailureKind } from '../../domain/kernel/failure.ts';
import { shortenText, storableText } from '../../domain/kernel/text.ts';

export const STATUS: Readonly<Record<FailureKind, number>> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  rejected: 422,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
  unexpected_response: 502,
  mapping_failed: 422,
  // What reaches a caller as bad configuration is that of a connection, which callers write.
  invalid_config: 422,
  invalid_request: 422,
  cancelled: 409,
  bug: 500,
};

/** One field at fault; `field` is a path such as `steps[1].name`. */
export interface FieldError {
  field: string;
  message: string;
  /** The values there are, when the field takes one of a list. */
  allowed?: readonly (string | number | boolean)[];
}

export interface Problem {
  type: string;
  title: FailureKind;
  status: number;
  detail: string;
  /** Identifies the request in our log. */
  request_id?: string;
  errors?: readonly FieldError[];
}

/** A refusal of the transport itself or of the input's shape, with its own status. */
export class Refusal extends Error {
  readonly status: number;
  readonly title: FailureKind;
  readonly errors: readonly FieldError[];

  constructor(status: number, detail: string, errors: readonly FieldError[] = [], title?: FailureKind) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.title = title ?? (status === 404 ? 'not_found' : 'invalid_request');
    this.errors = errors;
  }
}

/** A sentence may quote what was sent; whoever sent 4 MiB does not get them back. */
const TEXT_MAX = 1_000;
const ERRORS_MAX = 50;

/** A bug's own text stays inside: the caller gets a sentence that says nothing about our insides. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const { detail, errors, ...problem } = whole(error, requestId);
  const shown = errors?.slice(0, ERRORS_MAX).map(({ field, message, allowed }) => ({
    field: cut(field),
    message: cut(message),
    ...(allowed === undefined ? {} : { allowed }),
  }));
  return { ...problem, detail: cut(detail), ...(shown === undefined ? {} : { errors: shown }) };
}

function cut(text: string): string {
  return shortenText(storableText(text), TEXT_MAX, '…');
}

function whole(error: unknown, requestId?: string): Problem {
  const where = requestId === undefined ? {} : { request_id: requestId };
  if (error instanceof Refusal) {
    return {
      type: 'about:blank',
      title: error.title,
      status: error.status,
      detail: error.message,
      ...where,
      ...(error.errors.length === 0 ? {} : { errors: error.errors }),
    };
  }
  const failure = toFailure(error);
  const isBug = failure.kind === 'bug';
  return {
    type: 'about:blank',
    title: failure.kind,
    status: STATUS[failure.kind],
    detail: isBug ? 'The request could not be carried out; it was recorded.' : failure.message,
    ...where,
    ...(isBug || failure.path === null
      ? {}
      : { errors: [{ field: failure.path, message: failure.message }] }),
  };
}
