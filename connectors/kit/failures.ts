/**
 * The one table that turns what happened on the wire (an HTTP status, a transport error code) into a kind of failure and
 * a sentence. Connectors refine it with the vendor's own codes; they do not repeat it.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { Applied, FailureKind } from '../../domain/kernel/failure.ts';
import { shortenText } from '../../domain/kernel/text.ts';

interface Row {
  kind: FailureKind;
  /** What to do, ends the sentence. */
  advice: string;
  /** Whether a write answered like this may have been carried out all the same. */
  applied: Applied;
}

const LATER = 'it will be tried again later';

/** Exact statuses first; `STATUS_CLASSES` holds the rest. */
export const STATUSES: Readonly<Record<number, Row>> = {
  400: { kind: 'rejected', advice: 'correct the values it refuses', applied: 'no' },
  401: { kind: 'unauthorized', advice: 'check the credentials of the connection', applied: 'no' },
  403: { kind: 'forbidden', advice: 'give the account the right to do this there', applied: 'no' },
  404: { kind: 'not_found', advice: 'check that the address and the record exist', applied: 'no' },
  405: { kind: 'rejected', advice: 'check that the base URL is the root of the API', applied: 'no' },
  407: { kind: 'invalid_config', advice: 'configure the proxy in front of it', applied: 'no' },
  408: { kind: 'unavailable', advice: LATER, applied: 'unknown' },
  409: { kind: 'conflict', advice: 'read the record again before writing it', applied: 'no' },
  410: { kind: 'not_found', advice: 'the record is gone there', applied: 'no' },
  412: { kind: 'conflict', advice: 'read the record again before writing it', applied: 'no' },
  413: { kind: 'rejected', advice: 'send less in one request', applied: 'no' },
  423: { kind: 'conflict', advice: 'wait until the record is unlocked there', applied: 'no' },
  425: { kind: 'unavailable', advice: LATER, applied: 'no' },
  429: { kind: 'rate_limited', advice: 'requests pause until it accepts them again', applied: 'no' },
  501: { kind: 'unexpected_response', advice: 'check the version of the system', applied: 'no' },
};

const STATUS_CLASSES: Readonly<Record<number, Row>> = {
  3: { kind: 'unexpected_response', advice: 'set the base URL to where it redirects', applied: 'no' },
  4: { kind: 'rejected', advice: 'correct the values it refuses', applied: 'no' },
  5: { kind: 'unavailable', advice: LATER, applied: 'unknown' },
};

const STRANGE: Row = { kind: 'unexpected_response', advice: 'check the base URL', applied: 'unknown' };

/** What was sent never arrived for codes marked `no`; everything else may have been carried out. */
export const TRANSPORT_CODES: Readonly<Record<string, Row & { what: string }>> = {
  ECONNREFUSED: {
    kind: 'unavailable',
    what: 'refuses connections',
    advice: 'check host and port, and that the system is up',
    applied: 'no',
  },
  ENOTFOUND: {
    kind: 'unavailable',
    what: 'has no address',
    advice: 'check the host name in the base URL',
    applied: 'no',
  },
  EAI_AGAIN: {
    kind: 'unavailable',
    what: 'could not be looked up',
    advice: 'check name resolution on this machine',
    applied: 'no',
  },
  EHOSTUNREACH: {
    kind: 'unavailable',
    what: 'cannot be reached',
    advice: 'check network and firewall',
    applied: 'no',
  },
  ENETUNREACH: {
    kind: 'unavailable',
    what: 'cannot be reached',
    advice: 'check network and firewall',
    applied: 'no',
  },
  ECONNRESET: { kind: 'unavailable', what: 'closed the connection', advice: LATER, applied: 'unknown' },
  EPIPE: { kind: 'unavailable', what: 'closed the connection', advice: LATER, applied: 'unknown' },
  ETIMEDOUT: { kind: 'unavailable', what: 'did not answer in time', advice: LATER, applied: 'unknown' },
};

/** Certificate problems are for a person: no repeat helps. */
const CERTIFICATE = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_SSL)/;

export function rowOfStatus(status: number): Row {
  return STATUSES[status] ?? STATUS_CLASSES[Math.floor(status / 100)] ?? STRANGE;
}

export interface StatusFacts {
  host: string;
  status: number;
  /** The vendor's own words, if it gave any. Shortened here; secrets are taken out by the HTTP client. */
  detail?: string | null;
  code?: string | null;
  /** Overrides the table's kind when the vendor's code says more than the status. */
  kind?: FailureKind;
}

/** `api.example.com answered 400 ("title cannot be null"); correct the values it refuses.` */
export function failureOfStatus(facts: StatusFacts): Failure {
  const row = rowOfStatus(facts.status);
  const kind = facts.kind ?? row.kind;
  const detail = shorten(facts.detail ?? '');
  const said = detail === '' ? '' : ` ("${detail}")`;
  const advice = kind === row.kind ? `; ${row.advice}` : '';
  return new Failure(kind, `${facts.host} answered ${facts.status}${said}${advice}.`, {
    applied: row.applied,
    ...(facts.code ? { code: facts.code } : {}),
  });
}

export function failureOfTransport(code: string, host: string): Failure {
  const row = TRANSPORT_CODES[code];
  if (row)
    return new Failure(row.kind, `${host} ${row.what}; ${row.advice}.`, { applied: row.applied, code });
  if (CERTIFICATE.test(code)) {
    const message = `The certificate of ${host} is not trusted (${code}); install its authority or correct the base URL.`;
    return new Failure('invalid_config', message, { code });
  }
  return new Failure('unavailable', `The connection to ${host} failed (${code}); ${LATER}.`, {
    applied: 'unknown',
    code,
  });
}

/** The same failure, with more to say at the end of its sentence. */
export function saying(failure: Failure, more: string): Failure {
  return new Failure(failure.kind, `${failure.message.replace(/\.$/, '')}; ${more}.`, {
    applied: failure.applied,
    ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(failure.code === null ? {} : { code: failure.code }),
    ...(failure.path === null ? {} : { path: failure.path }),
  });
}

/** One line of at most 300 characters, cut between two of them. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return shortenText(line, 300);
}
