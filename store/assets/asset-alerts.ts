/** Alerts of assets: at most one open alert of a type at an asset; seen again, it counts instead of multiplying. */
import { sql, type RawBuilder } from 'kysely';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export const ALERT_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

export interface AssetAlertRow {
  id: string;
  hubId: string;
  alertType: string;
  severity: AlertSeverity;
  message: string;
  at: Date;
  lastSeenAt: Date;
  seenCount: number;
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  resolvedBy: string | null;
  resolvedAt: Date | null;
  resolutionNotes: string | null;
}

const COLUMNS = sql`id, hub_id, alert_type, severity, message, at, last_seen_at, seen_count, acknowledged_by, acknowledged_at,
  resolved_by, resolved_at, resolution_notes`;

export interface RaisedAlert {
  /** Of the alert, when it is a new one. */
  id: string;
  hubId: string;
  alertType: string;
  severity: AlertSeverity;
  message: string;
  at: string;
}

const SEVERITIES = sql`array[${sql.join(ALERT_SEVERITIES.map((severity) => sql.lit(severity)))}]`;

function graver(one: RawBuilder<unknown>, other: RawBuilder<unknown>): RawBuilder<string> {
  return sql`case when array_position(${SEVERITIES}, ${one}) > array_position(${SEVERITIES}, ${other}) then ${one} else ${other} end`;
}

/** An open alert of the type is seen again: it gets the newest message and never a lesser severity. */
export async function raiseAlerts(
  tx: Tx,
  tenantId: string,
  alerts: readonly RaisedAlert[],
): Promise<AssetAlertRow[]> {
  if (alerts.length === 0) return [];
  const raised = await sql<AssetAlertRow>`
    insert into asset_alert as a (id, tenant_id, hub_id, alert_type, severity, message, at, last_seen_at)
    select id, ${tenantId}::uuid, hub_id, alert_type, severity, message, at, at
    from ${recordset(alerts, {
      id: 'uuid',
      hub_id: 'uuid',
      alert_type: 'text',
      severity: 'text',
      message: 'text',
      at: 'timestamptz',
    })} order by hub_id, alert_type
    on conflict (hub_id, alert_type) where resolved_at is null do update set
      seen_count = a.seen_count + 1,
      message = case when excluded.last_seen_at >= a.last_seen_at then excluded.message else a.message end,
      last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
      severity = ${graver(sql`excluded.severity`, sql`a.severity`)}
    returning ${COLUMNS}`.execute(tx);
  return raised.rows;
}

export interface AlertFilter {
  /** Null: of every asset. */
  hubId: string | null;
  alertType?: string | undefined;
  severity?: string | undefined;
  isAcknowledged?: boolean | undefined;
  isResolved?: boolean | undefined;
}

/** As the partial indexes of 0012 say it. */
function isSet(column: 'acknowledged_at' | 'resolved_at', set: boolean): RawBuilder<boolean> {
  return set ? sql`${sql.ref(column)} is not null` : sql`${sql.ref(column)} is null`;
}

/** Newest first. */
export async function listAlerts(
  tx: Tx,
  tenantId: string,
  filter: AlertFilter,
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<AssetAlertRow[]> {
  const { hubId, alertType, severity, isAcknowledged, isResolved } = filter;
  const { before, limit } = page;
  const conditions = [
    sql`tenant_id = ${tenantId}`,
    ...(hubId === null ? [] : [sql`hub_id = ${hubId}`]),
    ...(alertType === undefined ? [] : [sql`alert_type = ${alertType}`]),
    ...(severity === undefined ? [] : [sql`severity = ${severity}`]),
    ...(isAcknowledged === undefined ? [] : [isSet('acknowledged_at', isAcknowledged)]),
    ...(isResolved === undefined ? [] : [isSet('resolved_at', isResolved)]),
    ...(before === null ? [] : [sql`(at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`]),
  ];
  const found = await sql<AssetAlertRow>`
    select ${COLUMNS} from asset_alert where ${sql.join(conditions, sql` and `)}
    order by at desc, id desc limit ${limit}`.execute(tx);
  return found.rows;
}

/** Null when the asset has no such alert. Locked, so that of two people the first is kept. */
export async function lockAlert(tx: Tx, hubId: string, id: string): Promise<AssetAlertRow | null> {
  const found = await sql<AssetAlertRow>`
    select ${COLUMNS} from asset_alert where id = ${id}::uuid and hub_id = ${hubId} for update`.execute(tx);
  return found.rows[0] ?? null;
}

export async function acknowledgeAlert(
  tx: Tx,
  id: string,
  who: { by: string; at: string },
): Promise<AssetAlertRow> {
  const done = await sql<AssetAlertRow>`
    update asset_alert set acknowledged_by = ${who.by}, acknowledged_at = ${who.at}::timestamptz
    where id = ${id}::uuid returning ${COLUMNS}`.execute(tx);
  return done.rows[0] as AssetAlertRow;
}

export async function resolveAlert(
  tx: Tx,
  id: string,
  who: { by: string; at: string; notes: string | null },
): Promise<AssetAlertRow> {
  const done = await sql<AssetAlertRow>`
    update asset_alert set resolved_by = ${who.by}, resolved_at = ${who.at}::timestamptz, resolution_notes = ${who.notes}
    where id = ${id}::uuid returning ${COLUMNS}`.execute(tx);
  return done.rows[0] as AssetAlertRow;
}

/** What goes wrong with an asset that is not there any more needs nobody: its open alerts end, with the reason. */
export async function endAlertsOf(
  tx: Tx,
  assetIds: readonly string[],
  { at, notes }: { at: string; notes: string },
): Promise<void> {
  if (assetIds.length === 0) return;
  await sql`
    update asset_alert set resolved_by = 'system', resolved_at = ${at}::timestamptz, resolution_notes = ${notes}
    where hub_id = any(${assetIds}::uuid[]) and resolved_at is null`.execute(tx);
}

/** Two records were one asset: alerts go with it. Of two open ones of a type the kept asset's goes on, and counts for both. */
export async function moveAlerts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    update asset_alert ours set seen_count = ours.seen_count + theirs.seen_count,
      severity = ${graver(sql`theirs.severity`, sql`ours.severity`)},
      at = least(ours.at, theirs.at), last_seen_at = greatest(ours.last_seen_at, theirs.last_seen_at)
    from asset_alert theirs where ours.hub_id = ${to} and ours.resolved_at is null
      and theirs.hub_id = ${from} and theirs.resolved_at is null and theirs.alert_type = ours.alert_type`.execute(
    tx,
  );
  await sql`
    update asset_alert theirs set resolved_by = 'system', resolved_at = theirs.last_seen_at,
      resolution_notes = 'Goes on as the alert of the asset this one was merged with.'
    from asset_alert ours where ours.hub_id = ${to} and ours.resolved_at is null
      and theirs.hub_id = ${from} and theirs.resolved_at is null and theirs.alert_type = ours.alert_type`.execute(
    tx,
  );
  await sql`update asset_alert set hub_id = ${to} where hub_id = ${from}`.execute(tx);
}
