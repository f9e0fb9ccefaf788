/**
 * The closed set of failure kinds. Everything that can go wrong anywhere is one of these; HTTP, gRPC and Temporal
 * translate the kind, nobody invents another. Workflow code loads it, so it imports only what the kernel has.
 */
import { storableText } from './text.ts';

/** Every kind, with who must act and whether repeating the same call can help. */
export const FAILURE_KINDS = {
  unauthorized: { actor: 'integration engineer', retry: false },
  forbidden: { actor: 'integration engineer', retry: false },
  not_found: { actor: 'caller', retry: false },
  rejected: { actor: 'integration engineer', retry: false },
  conflict: { actor: 'caller', retry: false },
  rate_limited: { actor: 'nobody', retry: true },
  unavailable: { actor: 'nobody', retry: true },
  unexpected_response: { actor: 'developer', retry: false },
  mapping_failed: { actor: 'integration engineer', retry: false },
  invalid_config: { actor: 'operator', retry: false },
  invalid_request: { actor: 'caller', retry: false },
  cancelled: { actor: 'nobody', retry: false },
  bug: { actor: 'developer', retry: false },
} as const satisfies Record<string, { actor: string; retry: boolean }>;

export type FailureKind = keyof typeof FAILURE_KINDS;

/**
 * Whether the effect of a failed write may exist at the other side: `no` = surely not applied,
 * `unknown` = the request may have been carried out (reply lost, timeout after sending).
 */
export type Applied = 'no' | 'unknown';

export interface FailureOptions {
  cause?: unknown;
  /** Milliseconds the other side asked us to wait (Retry-After). */
  retryAfterMs?: number;
  /** Defaults to `no`. */
  applied?: Applied;
  /** The vendor's own code, e.g. `BMXAA4153E`; never a secret, never a payload. */
  code?: string;
  /** Path of the field at fault, e.g. `asset` or `tasks[2].title`. */
  path?: string;
}

/**
 * The one error class of the product. The message is one sentence that says what to change; it holds no secret, and
 * whatever a vendor's words in it hold, it can be stored.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly retryAfterMs: number | null;
  readonly applied: Applied;
  readonly code: string | null;
  readonly path: string | null;

  constructor(kind: FailureKind, message: string, options: FailureOptions = {}) {
    super(storableText(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.applied = options.applied ?? 'no';
    this.code = options.code === undefined ? null : storableText(options.code);
    this.path = options.path === undefined ? null : storableText(options.path);
  }

  get retryable(): boolean {
    return FAILURE_KINDS[this.kind].retry;
  }
}

/** Code of a `rejected` by our own store: the value itself cannot be kept, whoever sends it again. */
export const DATA_REFUSED = 'data_refused';

/** Code of an `invalid_config` that says: the system does not have that entity at all. It ends no pass. */
export const ABSENT_ENTITY = 'ABSENT_ENTITY';

export function isAbsentEntity(error: unknown): boolean {
  return toFailure(error).code === ABSENT_ENTITY;
}

/** Any thrown value as a Failure; what is not one already is a `bug`, which is never retried. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('bug', message, { cause: error });
}
