/** A refusal as the service words it: where it arose, a number, a sentence (contract 2.8). */

export type Leg = 'SERVER_REQUEST_RECEIVE' | 'SERVER_REQUEST_UNPACK' | 'SERVER_REQUEST_PROCESS';

export class FiixError extends Error {
  readonly leg: Leg;
  readonly code: number;
  readonly detail: Record<string, unknown>;

  constructor(leg: Leg, code: number, message: string, detail: Record<string, unknown> = {}) {
    super(message);
    this.leg = leg;
    this.code = code;
    this.detail = detail;
  }
}

/** The request is understood and not done. */
export function refused(message: string, code = 0): FiixError {
  return new FiixError('SERVER_REQUEST_PROCESS', code, message);
}

/** The body cannot be understood. */
export function unreadable(message: string): FiixError {
  return new FiixError('SERVER_REQUEST_UNPACK', 0, message);
}

export function errorBody({ leg, code, message, detail }: FiixError): object {
  return { leg, code, message, stackTrace: null, object: detail };
}
