/**
 * Fiix's way of saying no (contract 1.4, 2.8): status 200 with an `error` of leg and code, 429 for a throttle. What a
 * refused signature looks like is not documented, so every error of the receiving leg but the throttle is taken for one.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfStatus, shorten } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';

const THROTTLED = 1100;
/** Contract 2.8: what to wait when the throttle does not say. */
const UNTOLD_WAIT_MS = 4_000;
/** The vendor's own client is off by up to 14 hours (contract 1.3); beyond minutes a refusal may still be about the clock. */
const CLOCK_TOLERANCE_MS = 300_000;
const RIGHTS: Readonly<Record<number, string>> = {
  2020: 'add this record, or to add it at this site',
  2030: 'change this record',
  2040: 'remove this record',
  2050: 'read these records',
  2100: 'call this function',
};

export interface FiixError {
  leg: string;
  code: number | null;
  message: string | null;
  waitMs: number | null;
}

/** The error inside an answer or a part of a batch; null when there is none. The server's stack trace is left out. */
export function errorOf(body: unknown): FiixError | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error !== 'object' || error === null) return null;
  const { leg, code, message, object } = error as Record<string, unknown>;
  const advice =
    typeof object === 'object' && object !== null
      ? (object as Record<string, unknown>)['P_CLIENT_AUTO_RETRY_WAIT_ADVISORY_MS']
      : null;
  return {
    leg: typeof leg === 'string' ? leg : '',
    code: typeof code === 'number' ? code : null,
    message: typeof message === 'string' && message !== '' ? message : null,
    waitMs: typeof advice === 'number' && advice >= 0 ? advice : null,
  };
}

export function createClassify(host: string, now: () => number): (answer: HttpAnswer) => Failure | null {
  return ({ status, headers, body }) => {
    const error = errorOf(body);
    if (status === 429 || error?.code === THROTTLED) return throttled(host, error, 'retry-after' in headers);
    if (status === 401 || status === 403) return refusedKeys(host, error, clockError(headers, now()));
    if (status < 200 || status > 299) {
      return failureOfStatus({ host, status, detail: error?.message ?? null });
    }
    if (body === null) {
      // Known to happen (contract 1.4): the vendor's client has a code of its own for it.
      return new Failure('unavailable', `${host} answered with nothing; it will be tried again later.`, {
        applied: 'unknown',
        code: 'EMPTY',
      });
    }
    if (error === null) return null;
    if (error.leg === 'SERVER_REQUEST_RECEIVE') {
      return refusedKeys(host, error, clockError(headers, now()));
    }
    // Its parts say which of them failed; the client looks at them.
    if (isBatch(body)) return null;
    return failureOfError(host, error, 'the request');
  };
}

/** An error of the processing legs. `what` names the request, e.g. `part 2 of 3 (add WorkOrderTask)`. */
export function failureOfError(host: string, error: FiixError, what: string): Failure {
  const said = shorten(error.message ?? 'no reason given');
  const code = error.code === null ? {} : { code: String(error.code) };
  if (error.code === THROTTLED) return throttled(host, error, false);
  const right = RIGHTS[error.code ?? 0];
  if (right !== undefined) {
    return new Failure(
      'forbidden',
      `The Fiix user of these keys is not allowed to ${right} (${host} refused ${what}: "${said}"); give the user's group that right and the site.`,
      code,
    );
  }
  if (error.leg === 'SERVER_RESPONSE_PACK') {
    // The request had been processed when the answer failed.
    return new Failure(
      'unexpected_response',
      `${host} carried out ${what} but failed to answer ("${said}").`,
      {
        applied: 'unknown',
        ...code,
      },
    );
  }
  const unknown = unknownName(error);
  if (unknown !== null) {
    return new Failure(
      'rejected',
      `${host} does not know a ${unknown} named in ${what} ("${said}"); check that the tenant is Fiix v5 and correct the mapping.`,
      { code: unknown === 'class' ? 'UNKNOWN_CLASS' : 'UNKNOWN_FIELD' },
    );
  }
  return new Failure('rejected', `${host} refused ${what} ("${said}"); correct the values it refuses.`, code);
}

const UNKNOWN_NAME = /\b(?:unknown|unrecogni[sz]ed|no|no such|invalid)\s+(class\w*|field|column|property)\b/i;
const NAME_UNKNOWN =
  /\b(class\w*|field|column|property)\b[^,;]{0,80}\b(?:is unknown|unknown|is not known|does not exist)\b/i;

/** The words are not documented; both legs report names they do not know (contract 2.3, 7). */
function unknownName(error: FiixError): 'class' | 'field' | null {
  const said = error.message ?? '';
  const named = UNKNOWN_NAME.exec(said) ?? NAME_UNKNOWN.exec(said);
  const word = named?.[1]?.toLowerCase() ?? '';
  if (word.startsWith('class')) return 'class';
  if (word !== '') return 'field';
  return error.leg === 'SERVER_REQUEST_UNPACK' && /class/i.test(said) ? 'class' : null;
}

function throttled(host: string, error: FiixError | null, headerSaysWhen: boolean): Failure {
  const retryAfterMs = error?.waitMs ?? (headerSaysWhen ? null : UNTOLD_WAIT_MS);
  return new Failure(
    'rate_limited',
    `${host} takes no more requests for the moment; they pause until it accepts them again.`,
    { code: String(THROTTLED), ...(retryAfterMs === null ? {} : { retryAfterMs }) },
  );
}

function refusedKeys(host: string, error: FiixError | null, clockMs: number | null): Failure {
  const said = error?.message ?? '';
  const code = error?.code == null ? {} : { code: String(error.code) };
  const make = (advice: string): Failure =>
    new Failure('unauthorized', `${host} refuses the keys of this connection: ${advice}.`, code);
  if (/expire/i.test(said)) return make('they have expired, issue new ones in Fiix and enter them');
  if (clockMs !== null || /timestamp|clock|time ?stamp|too old/i.test(said)) {
    const off = clockMs === null ? '' : ` (it is off by ${String(Math.round(clockMs / 60_000))} minutes)`;
    return make(`set the clock of this machine${off}, the requests carry its time`);
  }
  if (/signature/i.test(said))
    return make('the signature does not fit, enter the secret that belongs to the access key');
  return make('check access key, application key and secret, and that its Fiix user is active');
}

/** How far our clock is ahead of the server's `Date`; null when it is near enough or not told. */
function clockError(headers: Record<string, string>, now: number): number | null {
  const server = Date.parse(headers['date'] ?? '');
  const off = now - server;
  return Number.isNaN(server) || Math.abs(off) < CLOCK_TOLERANCE_MS ? null : off;
}

function isBatch(body: unknown): boolean {
  return typeof body === 'object' && body !== null && '_maCn' in body && body._maCn === 'BatchResponse';
}
