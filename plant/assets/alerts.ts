/** Alerts in the hands of people: look, acknowledge, resolve. Who came first is kept; a second call changes nothing. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  acknowledgeAlert,
  listAlerts,
  lockAlert,
  resolveAlert,
  type AlertFilter,
  type AssetAlertRow,
} from '../../store/assets/asset-alerts.ts';
import type { Tx } from '../../store/index.ts';
import { assetIdsOf } from './asset-ids.ts';
import { viewAlert } from './views.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { ASSET } from '../records/plain-records-kinds.ts';
import { requirePlain } from '../records/plain-records.ts';

type AlertPosition = { at: string; id: string } | null;

/** Newest first; of one asset, or (null) of all. */
export async function listAssetAlerts(
  deps: PersonDeps,
  assetId: string | null,
  filter: Omit<AlertFilter, 'hubId'>,
  page: { before: AlertPosition; limit: number },
): Promise<{ alerts: JsonObject[]; next: AlertPosition }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hubId = assetId === null ? null : await requirePlain(tx, deps.tenantId, ASSET, assetId);
    const found = await listAlerts(
      tx,
      deps.tenantId,
      { ...filter, hubId },
      { ...page, limit: page.limit + 1 },
    );
    const rows = found.slice(0, page.limit);
    const ids = await assetIdsOf(
      tx,
      rows.map((row) => row.hubId),
    );
    const last = found.length > page.limit ? rows.at(-1) : undefined;
    return {
      alerts: rows.map((row) => viewAlert(row, ids.get(row.hubId) ?? row.hubId)),
      next: last === undefined ? null : { at: last.at.toISOString(), id: last.id },
    };
  });
}

export async function acknowledgeAssetAlert(
  deps: PersonDeps,
  assetId: string,
  alertId: string,
  by: string | null,
): Promise<JsonObject> {
  return changeAlert(deps, assetId, alertId, 'alert.acknowledge', (tx, alert, at) =>
    alert.acknowledgedAt === null ? acknowledgeAlert(tx, alertId, { by: by ?? deps.actor, at }) : null,
  );
}

export async function resolveAssetAlert(
  deps: PersonDeps,
  assetId: string,
  alertId: string,
  done: { by: string | null; notes: string | null },
): Promise<JsonObject> {
  return changeAlert(deps, assetId, alertId, 'alert.resolve', (tx, alert, at) =>
    alert.resolvedAt === null
      ? resolveAlert(tx, alertId, { by: done.by ?? deps.actor, notes: done.notes, at })
      : null,
  );
}

async function changeAlert(
  deps: PersonDeps,
  assetId: string,
  alertId: string,
  action: string,
  /** Null: it is so already. */
  change: (tx: Tx, alert: AssetAlertRow, at: string) => Promise<AssetAlertRow> | null,
): Promise<JsonObject> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hubId = await requirePlain(tx, deps.tenantId, ASSET, assetId);
    const alert = await lockAlert(tx, hubId, alertId);
    if (alert === null) throw new Failure('not_found', `Asset "${assetId}" has no alert ${alertId}.`);
    const shownId = (await assetIdsOf(tx, [hubId])).get(hubId) ?? hubId;
    const before = viewAlert(alert, shownId);
    const at = instantOf(deps);
    const changed = await change(tx, alert, at);
    if (changed === null) return before;
    const after = viewAlert(changed, shownId);
    await audit(deps, tx, { action, subject: `alert/${alertId}`, before, after, at });
    return after;
  });
}
