/**
 * Makes the tasks of schedules that are due: one for each of their assets and planned date, however often it is asked for and
 * by how many at once. A schedule is served in one transaction that holds it; the ledger of planned dates does the rest.
 */
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { listDueSchedules, recordOccurrences, type Occurrence } from '../../store/maintenance/maintenance.ts';
import { assetsOfPlan, planFields, triggerOf } from './fields.ts';
import { nextDue } from './next-due.ts';
import { makeTask } from './tasks.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { editRecord } from '../work-orders/edit.ts';

/** Schedules one call serves; what is left is served by the next. */
const SCHEDULES_MAX = 1_000;
const PAGE = 100;
/** Missed dates of one schedule that are written down one by one; an hourly one left alone for years has more. */
const MISSED_MAX = 1_000;
/** Assets in these states get no maintenance. */
const OUT_OF_USE = new Set<string | null>(['retired', 'decommissioned']);

export interface RecurringResult {
  /** Ids of the new tasks. */
  taskIds: string[];
  schedulesServed: number;
  /** Whether schedules are due that this call did not get to. */
  more: boolean;
}

export async function scheduleRecurring(deps: PersonDeps): Promise<RecurringResult> {
  const now = instantOf(deps);
  const result: RecurringResult = { taskIds: [], schedulesServed: 0, more: false };
  let after: { due: string; id: string } | null = null;
  for (let seen = 0; ;) {
    const due: { due: string; id: string }[] = await deps.store.inTenant(deps.tenantId, (tx) =>
      listDueSchedules(tx, deps.tenantId, now, { after, limit: PAGE }),
    );
    for (const { id } of due) {
      const made = await deps.store.inTenant(deps.tenantId, (tx) => serve(deps, tx, id, now));
      result.taskIds.push(...made);
      if (made.length > 0) result.schedulesServed += 1;
    }
    seen += due.length;
    after = due.at(-1) ?? null;
    if (due.length < PAGE) return result;
    if (seen >= SCHEDULES_MAX) return { ...result, more: true };
  }
}

async function serve(deps: PersonDeps, tx: Tx, planId: string, now: string): Promise<string[]> {
  const plan = (await repositories.hubRecords.lock(tx, [planId])).get(planId);
  if (plan === undefined || plan.deletedAt !== null) return [];
  const fields = planFields(plan);
  const { nextDueAt: due, active, endsAt } = fields;
  // Somebody else served it, or it was changed, while this waited for it.
  if (due === undefined || due > now || active === false || triggerOf(fields) !== 'time_based') return [];
  const assets = await liveAssets(tx, assetsOfPlan(fields));
  // Without an asset there is nothing to do yet; it stays due until it has one.
  if (assets.length === 0) return [];
  const ended = endsAt !== undefined && due > endsAt;
  const made: string[] = [];
  for (const asset of ended ? [] : assets) {
    const id = await serveAsset(deps, tx, plan, { asset, due, now });
    if (id !== null) made.push(id);
  }
  const missed = ended ? [] : missedDates(plan, due, now);
  const coalesced = assets.flatMap(({ id }) =>
    missed.map((date) => occurrence(plan.id, id, date, 'coalesced', null)),
  );
  await recordOccurrences(tx, deps.tenantId, now, coalesced);
  const next = ended ? null : nextDue(fields, due, now);
  await editRecord(deps, tx, plan, { nextDueAt: next }, { action: 'schedule.served', at: now });
  return made;
}

async function serveAsset(
  deps: PersonDeps,
  tx: Tx,
  plan: HubRecord,
  { asset, due, now }: { asset: HubRecord; due: string; now: string },
): Promise<string | null> {
  const inUse = !OUT_OF_USE.has((asset.fields['status'] ?? null) as string | null);
  const id = deps.newId();
  const entry = occurrence(plan.id, asset.id, due, inUse ? 'generated' : 'skipped', inUse ? id : null);
  const fresh = await recordOccurrences(tx, deps.tenantId, now, [entry]);
  if (fresh.size === 0 || !inUse) return null;
  await makeTask(deps, tx, plan, { id, asset: asset.id, due, at: now });
  return id;
}

/** Those that are in the hub and not deleted, in the schedule's order. */
async function liveAssets(tx: Tx, ids: readonly string[]): Promise<HubRecord[]> {
  const found = await repositories.hubRecords.load(tx, ids);
  return ids.flatMap((id) => {
    const asset = found.get(id);
    return asset?.entity === 'asset' && asset.deletedAt === null ? [asset] : [];
  });
}

/** Planned dates between the one that is served and now: the work is done once for all of them. */
function missedDates(plan: HubRecord, due: string, now: string): string[] {
  const dates: string[] = [];
  const fields = planFields(plan);
  let date = nextDue(fields, due, due);
  while (date !== null && date <= now && dates.length < MISSED_MAX) {
    dates.push(date);
    date = nextDue(fields, due, date);
  }
  return dates;
}

function occurrence(
  planId: string,
  assetId: string,
  due: string,
  outcome: Occurrence['outcome'],
  workOrderId: string | null,
): Occurrence {
  return { planId, assetId, dueAt: due, outcome, workOrderId };
}
