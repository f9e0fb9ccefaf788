/**
 * SAP's answers as failures (contract 5). Codes of message classes differ by release and business texts by language, so
 * kinds follow the status, the token header and a few texts that the contract names; everything else is the kit's table.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfStatus, shorten } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { isObject } from './wire.ts';

/** Codes of our own that the client and the writer act on. */
export const CODES = {
  /** The token is missing, foreign or expired (contract 1.4). */
  token: 'CSRF_REQUIRED',
  /** Somebody has the object open (contract 4.5). */
  locked: 'LOCKED',
  /** The row is no longer at the version sent (contract 1.5). */
  stale: 'STALE',
  /** The server wants a version and got none. */
  noVersion: 'IF_MATCH_MISSING',
} as const;

/** What SAP Gateway, the ICF and the authorisation check say of a service as a whole, whatever was asked of it. */
const NO_SERVICE =
  /no service found|service (?:.{0,60} )?(?:is (?:not active|inactive|not available|not registered)|(?:cannot|can not|could not) be reached)|no (?:system alias|authori[sz]ation to access (?:the )?service)/i;
/** The token's refusal by servers that leave the header out. */
const NO_TOKEN = /csrf[- ]token/i;
const LOCK = /\b(processed|locked|blocked) by\b|already (being )?(processed|locked)/i;
const CLIENT =
  /\bclient\b.{0,40}\b(does not exist|not available|not exist|invalid|locked)|\binvalid client\b/i;
const PROPERTY =
  /(?:[Nn]o p|[Ii]nvalid p|[Pp])roperty\s+['"“]?([A-Z]\w{2,})['"”]?.{0,80}?\b(?:not found|unknown|does not exist|exists in|not defined|is invalid)\b/;

export interface SapError {
  code: string | null;
  /** All error texts, the framework's own entries left out. */
  message: string;
  target: string | null;
  transaction: string | null;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  // `{lang, value}` of OData V2; in details some servers use it too.
  if (isObject(value) && typeof value.value === 'string') return value.value;
  return '';
}

/** The error inside a V2 or V4 envelope, JSON or XML; null when there is none. */
export function errorIn(body: unknown): SapError | null {
  if (typeof body === 'string') return xmlError(body);
  if (!isObject(body) || !isObject(body.error)) return null;
  const { error } = body;
  const inner = isObject(error.innererror) ? error.innererror : {};
  const details = [inner.errordetails, error.details].flatMap((list) => (Array.isArray(list) ? list : []));
  const own = textOf(error.message);
  let target = typeof error.target === 'string' && error.target !== '' ? error.target : null;
  const texts = new Set<string>(own === '' ? [] : [own]);
  for (const detail of details) {
    if (!isObject(detail)) continue;
    const code = typeof detail.code === 'string' ? detail.code : '';
    if (code.startsWith('/IWBEP/CX_') || (detail.severity ?? 'error') !== 'error') continue;
    const text = textOf(detail.message);
    if (text !== '') texts.add(text);
    const at = [detail.propertyref, detail.target].find((name) => typeof name === 'string' && name !== '');
    if (typeof at === 'string') target ??= at;
  }
  return {
    code: typeof error.code === 'string' && error.code !== '' ? error.code : null,
    message: [...texts].join(' '),
    target,
    transaction: typeof inner.transactionid === 'string' ? inner.transactionid : null,
  };
}

function xmlError(text: string): SapError | null {
  if (!/^\s*(<\?xml[^>]*>\s*)?<error\b/.test(text)) return null;
  const part = (name: string): string =>
    new RegExp(`<${name}[^>]*>([^<]{0,2000})`).exec(text)?.[1]?.trim() ?? '';
  return { code: part('code') || null, message: part('message'), target: null, transaction: null };
}

export interface Facts {
  host: string;
  /** Which client of the system is asked for, in words. */
  client: string;
  oauth: boolean;
}

/** The failure an answer that is no success stands for; used for whole answers and for parts of a batch. */
export function failureOfAnswer(
  facts: Facts,
  answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'>,
): Failure {
  const { host } = facts;
  const { status, headers } = answer;
  if (status === 401) return refusedLogon(facts, answer.body);
  const page = errorIn(answer.body)?.message ?? plainText(answer.body);
  const wantsToken = (headers['x-csrf-token'] ?? '').toLowerCase() === 'required' || NO_TOKEN.test(page);
  if (status === 403 && wantsToken) {
    return new Failure(
      'forbidden',
      `${host} refuses the CSRF token of this session again and again; check that the proxy before it passes cookies on.`,
      { code: CODES.token },
    );
  }
  if ((status === 403 || status === 404) && NO_SERVICE.test(page)) {
    return new Failure(
      'invalid_config',
      `${host} has not activated this service ("${shorten(page)}"); activate it in SAP Gateway and give the user the right to it.`,
      { path: 'services' },
    );
  }
  if (isHtml(answer) && status < 500) return htmlPage(facts, status);
  const error = errorIn(answer.body);
  const said = error?.message === '' || error === null ? plainText(answer.body) : error.message;
  const transaction = error?.transaction == null ? '' : ` (SAP transaction id ${error.transaction})`;
  if (status === 412) {
    return new Failure('conflict', `${host} says the record was changed meanwhile; it will be read again.`, {
      code: CODES.stale,
    });
  }
  if (status === 428) {
    return new Failure(
      'conflict',
      `${host} wants the version of the record (If-Match); it will be read again.`,
      {
        code: CODES.noVersion,
      },
    );
  }
  if ((status === 400 || status === 409 || status === 423) && (status === 423 || LOCK.test(said))) {
    return new Failure(
      'conflict',
      `${host} has the record locked ("${shorten(said)}"); it will be tried again later.`,
      {
        code: CODES.locked,
      },
    );
  }
  if (status < 500 && CLIENT.test(said)) return wrongClient(facts, said);
  const property = status === 400 || status === 404 ? PROPERTY.exec(said)?.[1] : undefined;
  if (property !== undefined) {
    return new Failure(
      'unexpected_response',
      `${host} does not know the property ${property} ("${shorten(said)}"); compare the service's $metadata with the release this connector was written for.`,
      { code: error?.code ?? 'PROPERTY', path: property },
    );
  }
  const plain = failureOfStatus({
    host,
    status,
    detail: said + transaction,
    code: error?.code ?? null,
  });
  if (error?.target == null) return plain;
  return new Failure(plain.kind, plain.message, {
    applied: plain.applied,
    path: error.target,
    ...(plain.code === null ? {} : { code: plain.code }),
  });
}

/** Whether a failure speaks of a service as a whole: not there, or not for this user (contract 5). */
export function isWithoutService({ kind, path }: Failure): boolean {
  return kind === 'invalid_config' && path === 'services';
}

function refusedLogon(facts: Facts, body: unknown): Failure {
  const said = plainText(body);
  if (CLIENT.test(said)) return wrongClient(facts, said);
  const message = facts.oauth
    ? `${facts.host} refuses the access token; check scope and communication arrangement of the OAuth client.`
    : `${facts.host} refuses the user of this connection in ${facts.client}; check user, password and sapClient before it locks the user.`;
  return new Failure('unauthorized', message);
}

export function wrongClient(facts: Facts, said: string): Failure {
  return new Failure(
    'invalid_config',
    `${facts.host} does not serve ${facts.client} ("${shorten(said)}"); correct sapClient.`,
    { code: 'SAP_CLIENT', path: 'sapClient' },
  );
}

/** An expired logon, the web dispatcher or a proxy (contract 5); also with status 200. */
export function htmlPage(facts: Facts, status: number): Failure {
  return new Failure(
    'unexpected_response',
    `${facts.host} answered ${status} with a web page instead of data; check that the base URL leads to SAP Gateway and that no logon page or proxy stands before it.`,
    { applied: status < 400 ? 'unknown' : 'no', code: 'HTML' },
  );
}

export function isHtml({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>): boolean {
  if ((headers['content-type'] ?? '').includes('html')) return true;
  return typeof body === 'string' && /^\s*<(!doctype html|html)\b/i.test(body);
}

/** Words of a short text or page, for the sentence shown to people. */
function plainText(body: unknown): string {
  if (typeof body !== 'string') return '';
  return shorten(
    body
      .slice(0, 20_000)
      .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' '),
  );
}
