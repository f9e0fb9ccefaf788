/**
 * Maximo's message codes as failure kinds (contract 6). Codes are stable while messages are translated, so only codes
 * are matched; an error without a code falls back to the kit's table of HTTP statuses.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { FailureKind } from '../../domain/kernel/failure.ts';
import { failureOfStatus } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { isObject } from './wire.ts';

export const CODES = {
  duplicateKey: 'BMXAA4129E',
  stale: 'BMXAA8229W',
  /** The query itself was not understood. */
  query: 'BMXAA8744E',
  noSuchRecord: 'BMXAA8727E',
  /** The account's groups may not use the object structure, or may not do that with the object. */
  notAuthorised: 'BMXAA9301E',
  notAllowed: 'BMXAA0024E',
} as const;

const KINDS: Readonly<Record<string, FailureKind>> = {
  BMXAA7901E: 'unauthorized',
  BMXAA0021E: 'unauthorized',
  BMXAA9549E: 'unauthorized',
  BMXAA2283E: 'unauthorized',
  BMXAA5646I: 'unauthorized',
  [CODES.notAuthorised]: 'forbidden',
  [CODES.notAllowed]: 'forbidden',
  BMXAA4160E: 'unavailable',
  BMXAA6395E: 'unavailable',
  [CODES.stale]: 'conflict',
  // The key is somebody's: ours of an earlier try, or another record that a person has to tell apart.
  [CODES.duplicateKey]: 'conflict',
  BMXAA9524E: 'conflict',
  [CODES.noSuchRecord]: 'not_found',
};

const CODE_IN_TEXT = /BMXAA\d{4}[A-Z]/;

interface VendorError {
  code: string | null;
  message: string;
  /** Attribute at fault, when Maximo names it. */
  attribute: string | null;
}

/** The error inside a lean or a namespaced answer, null when there is none. */
export function errorIn(body: unknown): VendorError | null {
  if (!isObject(body)) return null;
  const error = body.Error ?? body['oslc:Error'];
  if (!isObject(error)) return null;
  const message = error.message ?? error['oslc:message'];
  const text = typeof message === 'string' ? message : '';
  const reason = error.reasonCode ?? error['spi:reasonCode'];
  const attribute = error.errorattrname;
  return {
    code: typeof reason === 'string' && reason !== '' ? reason : (CODE_IN_TEXT.exec(text)?.[0] ?? null),
    message: text,
    attribute: typeof attribute === 'string' && attribute !== '' ? attribute : null,
  };
}

/** The failure an error answer stands for; used for whole answers and for single rows of a bulk write. */
export function failureOf(host: string, status: number, body: unknown): Failure {
  const error = errorIn(body);
  const kind = error?.code ? KINDS[error.code] : undefined;
  const plain = failureOfStatus({
    host,
    status,
    detail: error?.message ?? null,
    code: error?.code ?? null,
    ...(kind === undefined ? {} : { kind }),
  });
  if (!error?.attribute) return plain;
  return new Failure(plain.kind, plain.message, {
    applied: plain.applied,
    path: error.attribute,
    ...(plain.code === null ? {} : { code: plain.code }),
  });
}

function isHtml(answer: HttpAnswer): boolean {
  return (answer.headers['content-type'] ?? '').includes('html');
}

/** Code of the failure below: the caller decides whether a new login can help. */
export const LOGIN_PAGE = 'LOGIN_PAGE';

/**
 * The reading of a whole answer. A session that ended shows as a login page with status 200 or as a redirect to one
 * (contract 6).
 */
export function classifier(host: string, sessions: boolean): (answer: HttpAnswer) => Failure | null {
  return (answer) => {
    if (sessions && answer.status < 400 && (isHtml(answer) || answer.status === 302)) {
      return loginPage(host);
    }
    if (answer.status < 300) return null;
    const body = typeof answer.body === 'string' ? parsed(answer.body) : answer.body;
    return errorIn(body) ? failureOf(host, answer.status, body) : null;
  };
}

export function loginPage(host: string): Failure {
  return new Failure(
    'unexpected_response',
    `${host} answered with a login page instead of what was asked for; check the base URL, the user and the way of logging in.`,
    { applied: 'unknown', code: LOGIN_PAGE },
  );
}

/** Answers about files come as text; an error among them is JSON all the same. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
