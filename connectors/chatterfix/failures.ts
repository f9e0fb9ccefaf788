/**
 * ChatterFix's way of saying no (contract 4.7, 4.9): FastAPI's `detail`, 500 for nearly everything, and through the gateway or
 * in older generations a 200 with a refusal inside. There are no error codes; the words decide.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfStatus, shorten } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';

/** A record that is not there, as opposed to a route that is not. */
export const RECORD_NOT_FOUND = 'record_not_found';
/** A second record with a unique value: SQLite's and PostgreSQL's words (contract 4.4). */
export const DUPLICATE = 'duplicate';
/** A value the database behind it does not take. */
export const REFUSED_BY_DATABASE = 'refused_by_database';

/**
 * What PostgreSQL, SQLite and MySQL say of values they do not take. All of these generations pass the words of their database on
 * as a 500, which sending the same again cannot mend (contract 4.7 and its corrections).
 */
const REFUSED_VALUE = new RegExp(
  [
    'violates [\\w-]+(?: [\\w-]+)? constraint',
    'constraint (?:failed|fails)',
    'overflow',
    'out of range',
    'too (?:long|large) (?:for|to)',
    'invalid input (?:syntax|value)',
    'invalid byte sequence',
    'cannot be null',
    'cannot contain nul',
    'incorrect \\w+ value',
    'datatype mismatch',
    'error binding parameter',
    'unsupported unicode escape',
  ].join('|'),
  'i',
);
/** What a database says of itself, whatever was sent. */
const AWAY =
  /unable to open database|database is locked|could not connect|connection (?:refused|reset|to server)|connection pool|timed? ?out|too many (?:clients|connections)/i;

/** What an answer that says no may still hold when it means yes. */
const CONTENTS = [
  'id',
  'work_order_id',
  'asset_id',
  'part_id',
  'pm_id',
  'work_order',
  'asset',
  'part',
  'work_orders',
  'assets',
  'parts',
  'pm_schedules',
  'preventive_maintenance',
  'users',
  'items',
  'data',
  'results',
  'openapi',
];

export function createClassify(host: string): (answer: HttpAnswer) => Failure | null {
  return ({ status, body }) => {
    const ok = status >= 200 && status < 300;
    if (ok && !isRefusal(body)) return null;
    const detail = detailOf(body);
    if (Array.isArray(detail)) return ofValidation(host, status, detail);
    const said = typeof detail === 'string' ? detail : null;
    const at = ok ? 500 : status;
    if (at === 500 && said !== null) {
      if (/^\s*404\s*:/.test(said) || (ok && /not found/i.test(said))) return ofMissing(host, status, said);
      if (/\bunique\b|duplicate (?:key|entry)/i.test(said)) return ofDuplicate(host, said);
      if (REFUSED_VALUE.test(said)) return ofValue(host, said);
      // A refusal dressed as success by a generation that has no other way to say it (contract 7, september).
      if (ok && hasSuccessFalse(body) && !AWAY.test(said)) return refused(host, said);
      return failureOfStatus({ host, status: 500, detail: said });
    }
    if (ok) return refused(host, said ?? 'no reason given');
    if (status === 404 && said !== null && said !== 'Not Found') return ofMissing(host, status, said);
    return failureOfStatus({ host, status, detail: said });
  };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.code === RECORD_NOT_FOUND;
}

/** A 422 about a header is about who we are, not about what we sent (contract 3.3). */
function ofValidation(host: string, status: number, issues: readonly unknown[]): Failure {
  const [first] = issues as { loc?: unknown; msg?: unknown }[];
  const loc = Array.isArray(first?.loc) ? first.loc.map(String) : [];
  if (loc[0] === 'header') {
    return new Failure(
      'unauthorized',
      `${host} wants the header "${loc[1] ?? ''}"; enter its API key in the connection's credentials.`,
    );
  }
  const path = loc.slice(1).join('.');
  const said = typeof first?.msg === 'string' ? first.msg : 'not valid';
  return new Failure(
    'rejected',
    `${host} answered ${String(status)} ("${shorten(path === '' ? said : `${path}: ${said}`)}"); correct the values it refuses.`,
    path === '' ? {} : { path },
  );
}

function ofMissing(host: string, status: number, said: string): Failure {
  return new Failure('not_found', `${host} answered ${String(status)} ("${shorten(said)}").`, {
    code: RECORD_NOT_FOUND,
  });
}

function ofDuplicate(host: string, said: string): Failure {
  return new Failure(
    'conflict',
    `${host} has a record with this value already ("${shorten(said)}"); link the two or change the value.`,
    { code: DUPLICATE },
  );
}

/** The database behind it refuses a value: nothing was stored, and nothing will be until the value is another. */
function ofValue(host: string, said: string): Failure {
  const column = /column "?([\w.]+)"?|key \((\w+)\)=|constraint failed: \w+\.(\w+)/i.exec(said);
  const path = column?.slice(1).find(Boolean);
  return new Failure(
    'rejected',
    `${host} cannot store a value ("${shorten(said)}"); correct it, or link what it refers to.`,
    { code: REFUSED_BY_DATABASE, ...(path === undefined ? {} : { path }) },
  );
}

function refused(host: string, said: string): Failure {
  return new Failure('rejected', `${host} refused the request ("${shorten(said)}").`);
}

function isRefusal(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  if (hasSuccessFalse(body)) return true;
  const detail = detailOf(body);
  if (detail === null) return false;
  const contents = CONTENTS.filter((name) => name in body);
  if (contents.length === 0) return true;
  // September answers an outage with an error beside an empty list: nothing was read, which is not that nothing is there.
  const { error } = body as { error?: unknown };
  const isEmpty = (name: string): boolean => {
    const content = (body as Record<string, unknown>)[name];
    return Array.isArray(content) && content.length === 0;
  };
  return typeof error === 'string' && error !== '' && contents.every(isEmpty);
}

function hasSuccessFalse(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'success' in body && body.success === false;
}

function detailOf(body: unknown): unknown[] | string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { detail, error, message } = body as { detail?: unknown; error?: unknown; message?: unknown };
  for (const value of [detail, error]) {
    if (Array.isArray(value)) return value as unknown[];
    if (typeof value === 'string' && value !== '') return value;
  }
  return hasSuccessFalse(body) && typeof message === 'string' ? message : null;
}
