/** Sums that work leaves at an asset: hours it ran, what maintenance cost, when it was last maintained. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface AssetFigures {
  hubId: string;
  operatingHours: number | null;
  maintenanceCost: number | null;
  lastMaintenanceAt: Date | null;
}

/** Null cost adds nothing. The last maintenance never moves back when work is entered late. */
export async function addMaintenance(
  tx: Tx,
  tenantId: string,
  done: { assetId: string; at: string; cost: number | null },
): Promise<void> {
  await sql`
    insert into asset_figures as f (hub_id, tenant_id, maintenance_cost, last_maintenance_at)
    values (${done.assetId}, ${tenantId}, ${done.cost}::float8, ${done.at}::timestamptz)
    on conflict (hub_id) do update set
      maintenance_cost = case when ${done.cost}::float8 is null then f.maintenance_cost
        else coalesce(f.maintenance_cost, 0) + ${done.cost}::float8 end,
      last_maintenance_at = greatest(f.last_maintenance_at, excluded.last_maintenance_at)`.execute(tx);
}

export async function addOperatingHours(
  tx: Tx,
  tenantId: string,
  assetId: string,
  hours: number,
): Promise<void> {
  await sql`
    insert into asset_figures as f (hub_id, tenant_id, operating_hours) values (${assetId}, ${tenantId}, ${hours}::float8)
    on conflict (hub_id) do update set operating_hours = coalesce(f.operating_hours, 0) + ${hours}::float8`.execute(
    tx,
  );
}

export async function loadAssetFigures(
  tx: Tx,
  hubIds: readonly string[],
): Promise<Map<string, AssetFigures>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<AssetFigures>`
    select hub_id, operating_hours, maintenance_cost, last_maintenance_at from asset_figures
    where hub_id = any(${hubIds}::uuid[])`.execute(tx);
  return new Map(found.rows.map((row) => [row.hubId, row]));
}

/** Two records were one asset: what both did is what it did. */
export async function moveFigures(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    insert into asset_figures as f (hub_id, tenant_id, operating_hours, maintenance_cost, last_maintenance_at)
    select ${to}, tenant_id, operating_hours, maintenance_cost, last_maintenance_at from asset_figures where hub_id = ${from}
    on conflict (hub_id) do update set
      operating_hours = case when excluded.operating_hours is null then f.operating_hours
        else coalesce(f.operating_hours, 0) + excluded.operating_hours end,
      maintenance_cost = case when excluded.maintenance_cost is null then f.maintenance_cost
        else coalesce(f.maintenance_cost, 0) + excluded.maintenance_cost end,
      last_maintenance_at = greatest(f.last_maintenance_at, excluded.last_maintenance_at)`.execute(tx);
  await sql`delete from asset_figures where hub_id = ${from}`.execute(tx);
}
