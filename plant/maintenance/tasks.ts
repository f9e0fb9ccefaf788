/** Maintenance tasks: work orders that a schedule led to. Made by hand here, started and completed; the rest is as for any work order. */
import type { Priority } from '../../domain/entities/vocabulary.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { instantMs, wallOf } from '../../domain/time/instants.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { recordOccurrences } from '../../store/maintenance/occurrences.ts';
import { createRecord } from '../records/change-record.ts';
import type { CreateAction } from '../mappings/field-actions.ts';
import { afterCompletion } from './completion.ts';
import { foldOf, occurrenceAt } from './decide-serving.ts';
import { planFields } from './fields.ts';
import { nominalText, scheduleOfPlan } from './plan-schedule.ts';
import { loadSetting } from './plan-setting.ts';
import { zoneData } from './zone-data.ts';
import { resolveAssignment } from '../people/people-names.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { editRecord, loadLive, lockLive, type VersionCheck } from '../work-orders/edit.ts';
import { orderFields } from '../work-orders/fields.ts';
import { requireAsset } from '../work-orders/input.ts';
import { moveChanges, shownStatus } from '../work-orders/status.ts';
import { viewOrder, type OrderView } from '../work-orders/view.ts';

export interface NewTask {
  scheduleId: string;
  assetId: string;
  scheduledStart: string;
  priority?: Priority | undefined;
  assignedTo?: string | null | undefined;
  assignedTeam?: string | null | undefined;
  place?: string | null | undefined;
  notes?: string | null | undefined;
}

export async function createTask(deps: PersonDeps, input: NewTask): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    const plan = (await repositories.hubRecords.load(tx, [input.scheduleId])).get(input.scheduleId);
    if (plan?.entity !== 'plan' || plan.deletedAt !== null) {
      throw new Failure('invalid_request', `There is no maintenance schedule ${input.scheduleId}.`, {
        path: 'schedule_id',
      });
    }
    const asset = await requireAsset(tx, deps.tenantId, input.assetId);
    const { priority, assignedTo, assignedTeam = null, place = null, notes = null } = input;
    const extra: JsonObject = { assignedTeam, place, notes };
    if (priority !== undefined) extra['priority'] = priority;
    if (assignedTo !== undefined)
      Object.assign(extra, await resolveAssignment(tx, deps.tenantId, assignedTo));
    const made = await makeTask(deps, tx, plan, { asset, due: input.scheduledStart, at, extra });
    await recordByHand(deps, tx, { plan, asset, start: input.scheduledStart, at, orderId: made.id });
    return viewOrder(deps, tx, made);
  });
}

/** A date that a person plans by hand is not generated again; one of the plan's own dates keeps its nominal time. */
async function recordByHand(
  deps: PersonDeps,
  tx: Tx,
  by: { plan: HubRecord; asset: string; start: string; at: string; orderId: string },
): Promise<void> {
  const schedule = scheduleOfPlan(await loadSetting(tx, by.plan));
  const zone = schedule?.zone ?? zoneData().zone(planFields(by.plan).timeZone ?? 'UTC');
  const dueMs = instantMs(by.start);
  const nominalMs = schedule === null ? wallOf(dueMs, zone) : occurrenceAt(schedule, dueMs).nominalMs;
  await recordOccurrences(tx, deps.tenantId, by.at, [
    {
      planId: by.plan.id,
      assetId: by.asset,
      nominal: nominalText(nominalMs),
      fold: schedule === null ? 0 : foldOf(schedule, dueMs),
      dueAt: by.start,
      outcome: 'generated',
      reason: 'by_hand',
      mergedInto: null,
      workOrderId: by.orderId,
      zone: zone.id,
      tzdb: zone.tzdb,
    },
  ]);
}

/** The work order of one planned date at one asset. */
export async function makeTask(
  deps: PersonDeps,
  tx: Tx,
  plan: HubRecord,
  options: { asset: string; due: string; at: string; extra?: JsonObject; id?: string },
): Promise<HubRecord> {
  const { asset, due, at, extra = {} } = options;
  const { name, description, type, priority, location, assignee, estimatedMinutes, estimatedCost, steps } =
    planFields(plan);
  const end = new Date(Date.parse(due) + (estimatedMinutes ?? 0) * 60_000).toISOString();
  const fields = {
    title: name,
    description,
    status: 'scheduled',
    type: type ?? 'preventive',
    priority,
    asset,
    location,
    plan: plan.id,
    assignee,
    requestedAt: at,
    scheduledStart: due,
    scheduledEnd: end,
    dueAt: end,
    estimatedMinutes,
    estimatedCost,
    tasks: steps?.map((step) => ({ ...step, status: 'pending' })),
  };
  const known = Object.fromEntries(
    Object.entries({ ...fields, ...extra } as Record<string, Json | undefined>).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
  const made = await createRecord(deps, tx, 'work_order', known, {
    at,
    readingSource: 'hub',
    ...(options.id === undefined ? {} : { id: options.id }),
  });
  await audit(deps, tx, {
    action: 'task.create' satisfies CreateAction,
    subject: `record/${made.id}`,
    before: null,
    after: made.fields,
    at,
  });
  return made;
}

/** A work order without a schedule is no task. */
function assertTask(order: HubRecord): HubRecord {
  if (orderFields(order).plan !== undefined) return order;
  throw new Failure(
    'not_found',
    `There is no maintenance task ${order.id}; ${order.number} has no schedule.`,
  );
}

export async function readTask(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  id: string,
): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    viewOrder(deps, tx, assertTask(await loadLive(tx, 'work_order', id))),
  );
}

/** Of two who start at once the second finds it started. */
export async function startTask(
  deps: PersonDeps,
  id: string,
  performer: string | undefined,
  checkVersion: VersionCheck,
): Promise<OrderView> {
  const who = performer ?? callerOf(deps.actor);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const task = assertTask(await lockLive(tx, 'work_order', id));
    checkVersion(task.version);
    assertState(deps, task, ['scheduled', 'overdue'], 'started');
    const at = instantOf(deps);
    const changes = {
      ...moveChanges(task.number, orderFields(task), { to: 'in_progress', at }),
      ...(await resolveAssignment(tx, deps.tenantId, who)),
    };
    return viewOrder(deps, tx, await editRecord(deps, tx, task, changes, { action: 'task.start', at }));
  });
}

/** An API key stands for a program, which performs nothing. */
function callerOf(actor: string): string {
  const [kind, ...name] = actor.split(':');
  if (kind === 'user' && name.length > 0) return name.join(':');
  throw new Failure('invalid_request', 'performer: Is required, since no person is signed in.', {
    path: 'performer',
  });
}

export interface TaskResult {
  /** Minutes. */
  actualDuration?: number | null | undefined;
  actualCost?: number | null | undefined;
  notes?: string | null | undefined;
  findings?: string | null | undefined;
  recommendations?: string | null | undefined;
}

/** What is not said stays as it was; the duration, if nobody recorded one, is the time since the start. */
export async function completeTask(
  deps: PersonDeps,
  id: string,
  result: TaskResult,
  checkVersion: VersionCheck,
): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const task = assertTask(await lockLive(tx, 'work_order', id));
    checkVersion(task.version);
    assertState(deps, task, ['in_progress'], 'completed');
    const at = instantOf(deps);
    const before = orderFields(task);
    const changes = moveChanges(task.number, before, {
      to: 'completed',
      at,
      actualMinutes: result.actualDuration,
      actualCost: result.actualCost,
    });
    if (
      (changes['actualMinutes'] ?? before.actualMinutes ?? null) === null &&
      before.startedAt !== undefined
    ) {
      changes['actualMinutes'] = Math.max(
        0,
        Math.round((Date.parse(at) - Date.parse(before.startedAt)) / 60_000),
      );
    }
    for (const name of ['notes', 'findings', 'recommendations'] as const) {
      const text = result[name];
      if (typeof text === 'string') changes[name] = text;
    }
    const done = await editRecord(deps, tx, task, changes, { action: 'task.complete', at });
    await afterCompletion(deps, tx, done, at);
    return viewOrder(deps, tx, done);
  });
}

function assertState(
  deps: Pick<PersonDeps, 'now'>,
  task: HubRecord,
  wanted: readonly string[],
  action: string,
): void {
  const { status } = shownStatus(task.fields, deps.now());
  if (wanted.includes(status)) return;
  throw new Failure(
    'conflict',
    `${task.number} is ${status}; only a task that is ${wanted.join(' or ')} can be ${action}.`,
    { path: 'status' },
  );
}
