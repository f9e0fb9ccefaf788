/** Figures over assets that come from several tables: what is planned for each, and the statistics. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Instant (RFC 3339) of the next planned maintenance of each asset that has one: open work of a plan, or a plan's next date. */
export async function loadNextMaintenance(
  tx: Tx,
  tenantId: string,
  hubIds: readonly string[],
): Promise<Map<string, string>> {
  if (hubIds.length === 0) return new Map();
  // Sets of ids where an index takes them: joined to each asset, the same three look-ups took three times as long to plan.
  const found = await sql<{ id: string; at: string }>`
    select id, min(at) as at from (
      select listed_asset as id, listed_scheduled_start as at from hub_record
        where tenant_id = ${tenantId} and entity = 'work_order' and deleted_at is null and listed_plan is not null
          and listed_status in ('requested', 'scheduled') and listed_asset = any(${hubIds}::text[])
      union all select listed_asset, listed_next_due_at from hub_record
        where tenant_id = ${tenantId} and entity = 'plan' and deleted_at is null and listed_asset = any(${hubIds}::text[])
          and coalesce(listed_active, 'true') = 'true'
      union all select m.asset_id, h.listed_next_due_at from plan_member m join hub_record h on h.id = m.plan_id
        where m.tenant_id = ${tenantId} and m.asset_id = any(${hubIds}::text[])
          and h.entity = 'plan' and h.deleted_at is null and coalesce(h.listed_active, 'true') = 'true'
    ) planned where at is not null group by id`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row.at]));
}

export interface AssetStatistics {
  totalAssets: number;
  operationalAssets: number;
  maintenanceAssets: number;
  repairAssets: number;
  averageUptime: number;
  averageEfficiency: number;
  totalErrors: number;
  totalWarnings: number;
  totalAlerts: number;
  unacknowledgedAlerts: number;
  unresolvedAlerts: number;
}

/** Of one asset, or of all; readings and alerts within the span, both ends included. */
export async function loadAssetStatistics(
  tx: Tx,
  tenantId: string,
  scope: { hubId: string | null; from: string | null; to: string | null },
): Promise<AssetStatistics> {
  const { hubId, from, to } = scope;
  const reported = sql.join(
    [
      sql`tenant_id = ${tenantId}`,
      ...(hubId === null ? [] : [sql`hub_id = ${hubId}`]),
      ...(from === null ? [] : [sql`at >= ${from}::timestamptz`]),
      ...(to === null ? [] : [sql`at <= ${to}::timestamptz`]),
    ],
    sql` and `,
  );
  const found = await sql<AssetStatistics>`
    select assets.*, readings.*, alerts.* from (
      select count(*) as total_assets,
        count(*) filter (where listed_status = 'operational') as operational_assets,
        count(*) filter (where listed_status = 'maintenance') as maintenance_assets,
        count(*) filter (where listed_status = 'repair') as repair_assets
      from hub_record where tenant_id = ${tenantId} and entity = 'asset' and deleted_at is null
        ${hubId === null ? sql`` : sql`and id = ${hubId}`}
    ) assets, (
      select coalesce(avg(uptime_percentage), 0) as average_uptime, coalesce(avg(efficiency_rating), 0) as average_efficiency,
        coalesce(sum(error_count), 0) as total_errors, coalesce(sum(warning_count), 0) as total_warnings
      from asset_performance where ${reported}
    ) readings, (
      select count(*) as total_alerts,
        count(*) filter (where acknowledged_at is null) as unacknowledged_alerts,
        count(*) filter (where resolved_at is null) as unresolved_alerts
      from asset_alert where ${reported}
    ) alerts`.execute(tx);
  return found.rows[0] as AssetStatistics;
}
