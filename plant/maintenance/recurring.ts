/**
 * Makes the tasks of schedules that are due: one for each of their assets and planned date, however often it is asked for and
 * by how many at once. A schedule is served in one transaction that holds it; the ledger of planned dates does the rest.
 * What is done about a schedule is decided in `decide-serving.ts`; here it is carried out.
 */
import { catchUpOf, ifOpenOf, leadOf } from '../../domain/recurrence/plan-rules.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { instantMs } from '../../domain/time/instants.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { listDueSchedules, nextLook, openTasks, type OpenTask } from '../../store/maintenance/maintenance.ts';
import {
  markSuperseded,
  occurrenceKey,
  recordOccurrences,
  type OccurrenceRow,
} from '../../store/maintenance/occurrences.ts';
import { setLook } from '../../store/maintenance/rules.ts';
import { decideServing, type AssetFacts, type Entry, type OpenOrder } from './decide-serving.ts';
import { assetsOfPlan, planFields, triggerOf } from './fields.ts';
import { instantText, lookAt, nominalText, scheduleOfPlan, type PlanSetting } from './plan-schedule.ts';
import { loadSetting } from './plan-setting.ts';
import { makeTask } from './tasks.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { editRecord } from '../work-orders/edit.ts';
import { orderFields } from '../work-orders/fields.ts';
import { moveChanges } from '../work-orders/status.ts';

/** Schedules one call serves; what is left is served by the next. */
const SCHEDULES_MAX = 1_000;
const PAGE = 100;
/** Assets in these states get no maintenance. */
const OUT_OF_USE = new Set<string | null>(['retired', 'decommissioned']);
const BEGUN = new Set<string | null>(['in_progress', 'on_hold']);

export interface RecurringResult {
  /** Ids of the new tasks. */
  taskIds: string[];
  schedulesServed: number;
  /** Planned dates that passed without work of their own. */
  missed: number;
  /** Schedules that could not be served; the others were. */
  failed: { scheduleId: string; reason: string }[];
  /** Whether schedules are due that this call did not get to. */
  more: boolean;
}

interface Served {
  taskIds: string[];
  missed: number;
}

export async function scheduleRecurring(
  deps: PersonDeps,
  beat: () => void = () => undefined,
): Promise<RecurringResult> {
  const now = instantOf(deps);
  const result: RecurringResult = { taskIds: [], schedulesServed: 0, missed: 0, failed: [], more: false };
  let after: { due: string; id: string } | null = null;
  for (let seen = 0; ;) {
    const due: { due: string; id: string }[] = await deps.store.inTenant(deps.tenantId, (tx) =>
      listDueSchedules(tx, deps.tenantId, now, { after, limit: PAGE }),
    );
    for (const { id } of due) {
      await serveInto(result, deps, id, now);
      beat();
    }
    seen += due.length;
    after = due.at(-1) ?? null;
    if (due.length < PAGE) return result;
    if (seen >= SCHEDULES_MAX) return { ...result, more: true };
  }
}

/** When the first schedule that is not due yet is to be served; null when there is none. */
export async function nextServing(deps: PersonDeps): Promise<string | null> {
  return deps.store.inTenant(deps.tenantId, (tx) => nextLook(tx, deps.tenantId, instantOf(deps)));
}

/** One schedule that cannot be computed keeps none of the others from their work. */
async function serveInto(result: RecurringResult, deps: PersonDeps, id: string, now: string): Promise<void> {
  try {
    const { taskIds, missed } = await deps.store.inTenant(deps.tenantId, (tx) => serve(deps, tx, id, now));
    result.taskIds.push(...taskIds);
    result.missed += missed;
    if (taskIds.length > 0) result.schedulesServed += 1;
  } catch (error) {
    const { kind, message } = toFailure(error);
    if (kind !== 'invalid_request' && kind !== 'conflict') throw error;
    result.failed.push({ scheduleId: id, reason: message });
  }
}

const NOTHING: Served = { taskIds: [], missed: 0 };

async function serve(deps: PersonDeps, tx: Tx, planId: string, now: string): Promise<Served> {
  const plan = (await repositories.hubRecords.lock(tx, [planId])).get(planId);
  if (plan === undefined || plan.deletedAt !== null) return NOTHING;
  const fields = planFields(plan);
  const { nextDueAt: due, active } = fields;
  // Somebody else served it, or it was changed, while this waited for it.
  if (due === undefined || active === false || triggerOf(fields) !== 'time_based') return NOTHING;
  const setting = await loadSetting(tx, plan);
  const schedule = scheduleOfPlan(setting);
  const look = lookAt(setting, due) ?? due;
  if (look > now) return NOTHING;
  const assets = await liveAssets(tx, assetsOfPlan(fields));
  // Without an asset there is nothing to do yet; it stays due until it has one.
  if (assets.length === 0) return NOTHING;
  const isOver = fields.endsAt !== undefined && due > fields.endsAt;
  if (schedule === null || isOver) return goOn(deps, tx, { plan, setting, next: null, now }, NOTHING);
  const tasks = await openTasks(tx, deps.tenantId, planId);
  const { entries, nextMs } = decideServing({
    schedule,
    lead: leadOf(setting.rules),
    catchUp: catchUpOf(setting.rules),
    ifOpen: ifOpenOf(setting.rules, schedule.basis, schedule.every),
    nowMs: instantMs(now),
    nextMs: instantMs(due),
    isChosen: due === fields.startsAt,
    assets: assets.map((asset) => factsOf(asset, tasks)),
  });
  const zone = { zone: schedule.zone.id, tzdb: schedule.zone.tzdb };
  const served = await record(deps, tx, { plan, entries, zone, now });
  return goOn(deps, tx, { plan, setting, next: nextMs === null ? null : instantText(nextMs), now }, served);
}

async function goOn(
  deps: PersonDeps,
  tx: Tx,
  { plan, setting, next, now }: { plan: HubRecord; setting: PlanSetting; next: string | null; now: string },
  served: Served,
): Promise<Served> {
  await editRecord(deps, tx, plan, { nextDueAt: next }, { action: 'schedule.served', at: now });
  await setLook(tx, plan.id, lookAt(setting, next));
  return served;
}

function factsOf(asset: HubRecord, tasks: readonly OpenTask[]): AssetFacts {
  return {
    id: asset.id,
    inUse: !OUT_OF_USE.has((asset.fields['status'] ?? null) as string | null),
    open: tasks
      .filter(({ assetId }) => assetId === asset.id)
      .map(({ id, start, status }): OpenOrder => ({ id, dueMs: instantMs(start), begun: BEGUN.has(status) })),
  };
}

/** Ledger first: what is new in it is new work. */
async function record(
  deps: PersonDeps,
  tx: Tx,
  work: {
    plan: HubRecord;
    entries: readonly Entry[];
    zone: Pick<OccurrenceRow, 'zone' | 'tzdb'>;
    now: string;
  },
): Promise<Served> {
  const { plan, entries, zone, now } = work;
  const rows = entries.map((entry) => ({ entry, row: rowOf(deps, plan.id, entry, zone) }));
  const fresh = await recordOccurrences(
    tx,
    deps.tenantId,
    now,
    rows.map(({ row }) => row),
  );
  const served: Served = { taskIds: [], missed: 0 };
  for (const { entry, row } of rows) {
    if (!fresh.has(occurrenceKey(row))) continue;
    if (row.outcome === 'missed') served.missed += 1;
    if (row.workOrderId === null || row.dueAt === null) continue;
    const { workOrderId: id, assetId: asset, dueAt: due } = row;
    await makeTask(deps, tx, plan, { id, asset, due, at: now });
    served.taskIds.push(id);
    if (entry.supersedes !== null) await supersede(deps, tx, { id: entry.supersedes, by: id, now });
  }
  return served;
}

function rowOf(
  deps: PersonDeps,
  planId: string,
  entry: Entry,
  zone: Pick<OccurrenceRow, 'zone' | 'tzdb'>,
): OccurrenceRow {
  const { assetId, fold, outcome, reason, dueMs, nominalMs, mergedIntoMs } = entry;
  return {
    planId,
    assetId,
    nominal: nominalText(nominalMs),
    fold,
    dueAt: dueMs === null ? null : instantText(dueMs),
    outcome,
    reason,
    mergedInto: mergedIntoMs === null ? null : nominalText(mergedIntoMs),
    workOrderId: outcome === 'generated' ? deps.newId() : null,
    ...zone,
  };
}

async function supersede(
  deps: PersonDeps,
  tx: Tx,
  { id, by, now }: { id: string; by: string; now: string },
): Promise<void> {
  const order = (await repositories.hubRecords.lock(tx, [id])).get(id);
  if (order === undefined || order.deletedAt !== null) return;
  const fields = orderFields(order);
  const said = `Not performed: the work of a later date replaces it (${by}).`;
  const notes = fields.notes === undefined ? said : `${fields.notes}\n${said}`;
  const changes = { ...moveChanges(order.number, fields, { to: 'cancelled', at: now }), notes };
  await editRecord(deps, tx, order, changes, { action: 'work_order.status', at: now });
  await markSuperseded(tx, id);
}

/** Those that are in the hub and not deleted, in the schedule's order. */
async function liveAssets(tx: Tx, ids: readonly string[]): Promise<HubRecord[]> {
  const found = await repositories.hubRecords.load(tx, ids);
  return ids.flatMap((id) => {
    const asset = found.get(id);
    return asset?.entity === 'asset' && asset.deletedAt === null ? [asset] : [];
  });
}
