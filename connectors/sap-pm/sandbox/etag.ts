/** Concurrency marks (contract 1.5): made of the moment of the last change where the services name it, else of the values. */
import { createHash } from 'node:crypto';
import type { Dials } from './dials.ts';
import { SapError } from './sap-error.ts';
import type { EntitySet } from './schema.ts';
import type { Row } from './tables.ts';

/**
 * Seven decimals as SAP's long timestamps have, here a counter: otherwise two changes within a second could not be told apart,
 * which the dial `etagSeconds` shows.
 */
function moment(ms: number, row: Row, seconds: boolean): string {
  const iso = new Date(ms).toISOString();
  const text = seconds
    ? `${iso.slice(0, 19)}Z`
    : `${iso.slice(0, 19)}.${String(Number(row.values['_stamp'] ?? 0) % 10_000_000).padStart(7, '0')}Z`;
  return encodeURIComponent(text);
}

export function etagOf(dials: Dials, set: EntitySet, row: Row): string {
  if (!set.stamped) {
    const digest = createHash('sha1').update(row.id).update(String(row.version)).digest('hex').slice(0, 20);
    return `W/"SADL-${digest.toUpperCase()}"`;
  }
  const changed = row.values['LastChangeDateTime'];
  if (typeof changed !== 'number') return `W/"datetimeoffset'0001-01-01T00%3A00%3A00Z'"`;
  return `W/"datetimeoffset'${moment(changed, row, dials.etagSeconds)}'"`;
}

/** Refuses a change without If-Match (428) or with a stale one (412). */
export function checkMatch(dials: Dials, set: EntitySet, row: Row, given: string | undefined): void {
  if (set.free) return;
  if (given === undefined || given === '') {
    throw new SapError(
      428,
      'SADL_ENTITY_RUNTIME/006',
      'Precondition required for the request (If-Match missing)',
    );
  }
  if (given.trim() === '*') return;
  const marks = given.split(',').map((mark) => mark.trim().replace(/^W\//, ''));
  if (marks.includes(etagOf(dials, set, row).replace(/^W\//, ''))) return;
  throw new SapError(
    412,
    'SADL_ENTITY_RUNTIME/007',
    `State of entity '${set.name}' was already changed (stale If-Match)`,
  );
}
