/** The manners of REST systems that a generic connector must live with: each a dial, at rest the plainest. */
import { choice, count, flag, pageDials, staleReads, type DialValues } from '../../kit/sandbox/index.ts';
import { OBJECTS } from './schema.ts';

export const DIALS = {
  auth: choice('bearer', ['bearer', 'basic', 'either', 'x-api-key', 'none']),
  envelope: choice('named', ['named', 'bare', 'data']),
  paging: choice('none', ['none', 'page', 'offset', 'cursor', 'link', 'next_url']),
  timeFormat: choice('rfc3339', ['rfc3339', 'naive', 'epoch_ms', 'epoch_s']),
  referenceField: choice('externalRef', ['externalRef', 'external_ref', 'none']),
  deletes: choice('hard', ['hard', 'soft']),
  createAnswer: choice('record', ['record', 'id', 'empty']),
  /** More than so many records are never given at once. */
  pageSizeMax: count(1_000, 1),
  /** A page without a wish for its size. */
  pageSize: count(100, 1),
  /** `updated_since` is looked at. */
  updatedSince: flag(true),
  /** `ETag` is given, `If-Match` and a `version` in the body are held against it. */
  versions: flag(true),
  /** Statuses of work orders follow their machine. */
  strictStatuses: flag(),
  /** Unknown fields in a body are refused. */
  strictFields: flag(),
  /** A `GET` of one record is served. */
  singleRead: flag(true),
  /** PATCH is served; PUT always is. */
  patch: flag(true),
  ...pageDials(OBJECTS, 'work-orders'),
  /** How far lists lag behind. */
  staleReads: staleReads(),
  /** So many consecutive writes share one timestamp. */
  equalTimestamps: count(1, 1),
};

export type Dials = DialValues<typeof DIALS>;
