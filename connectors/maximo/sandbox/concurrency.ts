/** Optimistic locks (contract 4.6): `_rowstamp` in the body, and If-Match with exactly the ETag that was issued. */
import type { Row } from './database.ts';
import type { Mbo } from './model.ts';
import { OslcError } from './oslc-error.ts';
import type { Payload } from './payload.ts';

/** Not the raw rowstamp: live servers refuse that. */
export function etagOf(row: Row): string {
  return `"${row.uid.toString(36)}-${row.rowstamp.toString(36)}"`;
}

function stale(mbo: Mbo): OslcError {
  return new OslcError(412, 'BMXAA8229W', `Record ${mbo.name} has been updated by another user.`, {
    object: mbo.name,
  });
}

export function refuseStale(mbo: Mbo, row: Row, payload: Payload): void {
  const sent = payload._rowstamp;
  if (sent === undefined || sent === null) return;
  if (sent !== String(row.rowstamp) && sent !== row.rowstamp) throw stale(mbo);
}

export function refuseUnmatched(mbo: Mbo, row: Row, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  if (ifMatch !== etagOf(row)) throw stale(mbo);
}
