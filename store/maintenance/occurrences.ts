/** The ledger of planned dates: each nominal time of a plan at an asset with its one outcome. */
import { sql } from 'kysely';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface OccurrenceRow {
  planId: string;
  assetId: string;
  /** Wall time, `2026-03-29T02:15:00.000`. */
  nominal: string;
  fold: number;
  dueAt: string | null;
  outcome: 'generated' | 'merged' | 'absorbed' | 'skipped' | 'missed';
  reason: string | null;
  mergedInto: string | null;
  workOrderId: string | null;
  zone: string;
  tzdb: string;
}

export function occurrenceKey(row: Pick<OccurrenceRow, 'assetId' | 'nominal' | 'fold'>): string {
  return `${row.assetId}|${row.nominal}|${String(row.fold)}`;
}

const NOMINAL = `'YYYY-MM-DD"T"HH24:MI:SS.MS'`;

/** Writes what is not in the ledger yet; returns the keys that were new. */
export async function recordOccurrences(
  tx: Tx,
  tenantId: string,
  at: string,
  occurrences: readonly OccurrenceRow[],
): Promise<Set<string>> {
  if (occurrences.length === 0) return new Set();
  const made = await sql<Pick<OccurrenceRow, 'assetId' | 'nominal' | 'fold'>>`
    insert into maintenance_occurrence (tenant_id, plan_id, asset_id, nominal, fold, due_at, outcome, reason, merged_into,
      work_order_id, zone, tzdb, recorded_at)
    select ${tenantId}::uuid, plan_id, asset_id, nominal, fold, due_at, outcome, reason, merged_into, work_order_id, zone, tzdb,
      ${at}::timestamptz
    from ${recordset(occurrences, {
      plan_id: 'uuid',
      asset_id: 'uuid',
      nominal: 'timestamp(3)',
      fold: 'smallint',
      due_at: 'timestamptz',
      outcome: 'text',
      reason: 'text',
      merged_into: 'timestamp(3)',
      work_order_id: 'uuid',
      zone: 'text',
      tzdb: 'text',
    })} on conflict do nothing returning asset_id, to_char(nominal, ${sql.raw(NOMINAL)}) as nominal, fold`.execute(
    tx,
  );
  return new Set(made.rows.map((row) => occurrenceKey(row)));
}

/** The work was never done, because that of a later date replaced it. */
export async function markSuperseded(tx: Tx, workOrderId: string): Promise<void> {
  await sql`update maintenance_occurrence set outcome = 'missed', reason = 'superseded' where work_order_id = ${workOrderId}`.execute(
    tx,
  );
}

/** Outcomes of a plan in the order of their nominal times. */
export async function listOccurrences(
  tx: Tx,
  tenantId: string,
  planId: string,
  range: { from: string; to: string; limit: number },
): Promise<OccurrenceRow[]> {
  const found = await sql<OccurrenceRow>`
    select plan_id, asset_id, to_char(nominal, ${sql.raw(NOMINAL)}) as nominal, fold,
      to_char(due_at at time zone 'UTC', ${sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`)}) as due_at, outcome, reason,
      to_char(merged_into, ${sql.raw(NOMINAL)}) as merged_into, work_order_id, zone, tzdb
    from maintenance_occurrence
    where tenant_id = ${tenantId} and plan_id = ${planId} and nominal >= ${range.from}::timestamp
      and nominal <= ${range.to}::timestamp
    order by nominal, fold, asset_id limit ${range.limit}`.execute(tx);
  return found.rows;
}
