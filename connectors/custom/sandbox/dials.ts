/** The manners of REST systems that a generic connector must live with: each a dial, at rest the plainest. */

import { OBJECTS } from './schema.ts';

const CHOICES = {
  auth: ['bearer', 'basic', 'either', 'x-api-key', 'none'],
  envelope: ['named', 'bare', 'data'],
  paging: ['none', 'page', 'offset', 'cursor', 'link', 'next_url'],
  timeFormat: ['rfc3339', 'naive', 'epoch_ms', 'epoch_s'],
  referenceField: ['externalRef', 'external_ref', 'none'],
  deletes: ['hard', 'soft'],
  createAnswer: ['record', 'id', 'empty'],
} as const;
type Choices = { -readonly [K in keyof typeof CHOICES]: (typeof CHOICES)[K][number] };

export interface Dials extends Choices {
  /** More than so many records are never given at once. */
  pageSizeMax: number;
  /** A page without a wish for its size. */
  pageSize: number;
  /** `updated_since` is looked at. */
  updatedSince: boolean;
  /** `ETag` is given, `If-Match` and a `version` in the body are held against it. */
  versions: boolean;
  /** Statuses of work orders follow their machine. */
  strictStatuses: boolean;
  /** Unknown fields in a body are refused. */
  strictFields: boolean;
  /** A `GET` of one record is served. */
  singleRead: boolean;
  /** PATCH is served; PUT always is. */
  patch: boolean;
  /** After so many pages somebody inserts a record. */
  insertWhilePaging: { object: string; times: number };
  /** So many consecutive writes share one timestamp. */
  equalTimestamps: number;
}

export function createDials(): Dials {
  return {
    auth: 'bearer',
    envelope: 'named',
    paging: 'none',
    timeFormat: 'rfc3339',
    referenceField: 'externalRef',
    deletes: 'hard',
    createAnswer: 'record',
    pageSizeMax: 1_000,
    pageSize: 100,
    updatedSince: true,
    versions: true,
    strictStatuses: false,
    strictFields: false,
    singleRead: true,
    patch: true,
    insertWhilePaging: { object: 'work-orders', times: 0 },
    equalTimestamps: 1,
  };
}

function oneOf<T>(name: string, value: unknown, choices: readonly T[], rest: T): T {
  if (value === null || value === false) return rest;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new TypeError(`"${name}" must be one of ${choices.join(', ')}.`);
  return found;
}

function count(name: string, value: unknown, rest: number): number {
  if (value === null || value === false) return rest;
  if (typeof value !== 'number' || value < 0) throw new TypeError(`"${name}" must be a number of 0 or more.`);
  return value;
}

/** Sets one dial; null returns it to rest. */
export function setDial(dials: Dials, name: string, value: unknown): void {
  const rest = createDials();
  switch (name) {
    case 'auth':
      dials.auth = oneOf(name, value, CHOICES.auth, rest.auth);
      return;
    case 'envelope':
      dials.envelope = oneOf(name, value, CHOICES.envelope, rest.envelope);
      return;
    case 'paging':
      dials.paging = oneOf(name, value, CHOICES.paging, rest.paging);
      return;
    case 'timeFormat':
      dials.timeFormat = oneOf(name, value, CHOICES.timeFormat, rest.timeFormat);
      return;
    case 'referenceField':
      dials.referenceField = oneOf(name, value, CHOICES.referenceField, rest.referenceField);
      return;
    case 'deletes':
      dials.deletes = oneOf(name, value, CHOICES.deletes, rest.deletes);
      return;
    case 'createAnswer':
      dials.createAnswer = oneOf(name, value, CHOICES.createAnswer, rest.createAnswer);
      return;
    case 'pageSizeMax':
    case 'pageSize':
    case 'equalTimestamps':
      dials[name] = Math.max(1, count(name, value, rest[name]));
      return;
    case 'updatedSince':
    case 'versions':
    case 'strictStatuses':
    case 'strictFields':
    case 'singleRead':
    case 'patch':
      dials[name] = value === null ? rest[name] : value === true;
      return;
    case 'insertWhilePaging': {
      const isObject = typeof value === 'object' && value !== null;
      const { object = 'work-orders', times }: { object?: unknown; times?: unknown } = isObject
        ? value
        : { times: value };
      const wanted = times === true ? Number.MAX_SAFE_INTEGER : count(name, times ?? 0, 0);
      dials.insertWhilePaging = {
        object: oneOf(`${name}.object`, object, OBJECTS, 'work-orders'),
        times: wanted,
      };
      return;
    }
    default:
      throw new TypeError(`The dial "${name}" is unknown; use one of ${Object.keys(rest).join(', ')}.`);
  }
}
