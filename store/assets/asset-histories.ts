/**
 * Where assets were, how they were judged and what they reported: rows that are only ever added. Each history is read in
 * order of time, in pages, and by its newest row.
 */
import { sql } from 'kysely';
import { inSnakeCase } from '../../domain/case.ts';
import type { Tx } from '../database.ts';

interface HistoryRow {
  id: string;
  hubId: string;
  at: Date;
}

export interface AssetLocationRow extends HistoryRow {
  locationName: string;
  locationId: string | null;
  building: string | null;
  floor: string | null;
  room: string | null;
  latitude: number | null;
  longitude: number | null;
  address: string | null;
  zone: string | null;
  department: string | null;
  updatedBy: string | null;
}

export interface AssetConditionRow extends HistoryRow {
  condition: string;
  assessedBy: string;
  notes: string | null;
  visualInspection: string | null;
  functionalTest: string | null;
  performanceMetrics: Record<string, number | string>;
  recommendations: string | null;
  nextAssessmentAt: Date | null;
}

export interface AssetPerformanceRow extends HistoryRow {
  uptimePercentage: number;
  efficiencyRating: number;
  throughput: number | null;
  energyConsumption: number | null;
  temperature: number | null;
  vibration: number | null;
  pressure: number | null;
  speed: number | null;
  loadPercentage: number | null;
  operatingHours: number | null;
  maintenanceHours: number | null;
  costPerHour: number | null;
  errorCount: number;
  warningCount: number;
}

interface Histories {
  asset_location: AssetLocationRow;
  asset_condition: AssetConditionRow;
  asset_performance: AssetPerformanceRow;
}
export type AssetHistory = keyof Histories;

/** A row with its times as RFC 3339 text. */
export type NewHistoryRow<H extends AssetHistory> = {
  [K in keyof Histories[H]]: Histories[H][K] extends Date | null
    ? string | Extract<Histories[H][K], null>
    : Histories[H][K];
};

export async function addToHistory<H extends AssetHistory>(
  tx: Tx,
  history: H,
  tenantId: string,
  row: NewHistoryRow<H>,
): Promise<Histories[H]> {
  const added = await sql<Histories[H]>`
    insert into ${sql.table(history)}
    select (jsonb_populate_record(null::${sql.table(history)}, ${JSON.stringify({ ...inSnakeCase(row), tenant_id: tenantId })}::jsonb)).*
    returning *`.execute(tx);
  return added.rows[0] as Histories[H];
}

export interface HistoryPage {
  /** Inclusive; null is open. */
  from: string | null;
  to: string | null;
  after: { at: string; id: string } | null;
  limit: number;
}

/** Oldest first. */
export async function loadHistory<H extends AssetHistory>(
  tx: Tx,
  history: H,
  hubId: string,
  page: HistoryPage,
): Promise<Histories[H][]> {
  const { from, to, after, limit } = page;
  const conditions = [
    sql`hub_id = ${hubId}`,
    ...(from === null ? [] : [sql`at >= ${from}::timestamptz`]),
    ...(to === null ? [] : [sql`at <= ${to}::timestamptz`]),
    ...(after === null ? [] : [sql`(at, id) > (${after.at}::timestamptz, ${after.id}::uuid)`]),
  ];
  const found = await sql<Histories[H]>`
    select * from ${sql.table(history)} where ${sql.join(conditions, sql` and `)}
    order by at, id limit ${limit}`.execute(tx);
  return found.rows;
}

/** The newest row of each asset that has one. */
export async function newestOf<H extends AssetHistory>(
  tx: Tx,
  history: H,
  hubIds: readonly string[],
): Promise<Map<string, Histories[H]>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<Histories[H]>`
    select newest.* from unnest(${hubIds}::uuid[]) as asset (id)
    cross join lateral (
      select * from ${sql.table(history)} h where h.hub_id = asset.id order by at desc, id desc limit 1
    ) newest`.execute(tx);
  return new Map(found.rows.map((row) => [row.hubId, row]));
}
