/** Maintenance schedules: hub plans in the words of the API. */
import { plainInputs, type PlainInput } from '../../domain/entities/field-table.ts';
import { PLAN_FIELDS } from '../../domain/entities/plan.ts';
import type { TRIGGER_TYPES } from '../../domain/entities/vocabulary.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { countOpenTasks } from '../../store/maintenance/maintenance.ts';
import { setLook } from '../../store/maintenance/rules.ts';
import {
  listRecords,
  type RecordCondition,
  type RecordPosition,
  type RecordSort,
} from '../../store/hub/record-list.ts';
import { assetIdsOf } from '../assets/asset-ids.ts';
import { createRecord, deleteRecord } from '../records/change-record.ts';
import type { CreateAction } from '../mappings/field-actions.ts';
import {
  assetsOfPlan,
  everyOf,
  frequencyOf,
  planFields,
  triggerOf,
  type Every,
  type Frequency,
  type PlanFields,
} from './fields.ts';
import { lookAt, onePeriodAfter, problemsOfPlan, type PlanSetting } from './plan-schedule.ts';
import { loadSetting } from './plan-setting.ts';
import { zoneData } from './zone-data.ts';
import { findPerson, personNamesOf } from '../people/people-names.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { editRecord, loadLive, lockLive, type VersionCheck } from '../work-orders/edit.ts';
import { requireAsset, stepsFrom, type StepInput } from '../work-orders/input.ts';

export type TriggerType = (typeof TRIGGER_TYPES)[number];
type Given<T> = T | null | undefined;

/** Undefined leaves a field as it is, null clears it. */
export interface ScheduleInput extends PlainInput<typeof PLAN_FIELDS> {
  frequency?: Frequency | undefined;
  steps?: readonly StepInput[] | undefined;
  /** Public ids. */
  assetIds?: readonly string[] | undefined;
  assignedTo?: Given<string>;
  /** The first due date, where the series is counted from. */
  nextScheduled?: Given<string>;
}

export interface ScheduleView {
  id: string;
  number: string;
  version: number;
  fields: PlanFields;
  frequency: Frequency | null;
  triggerType: TriggerType;
  /** Public ids. */
  assetIds: string[];
  assignedTo: string | null;
  createdAt: string;
  updatedAt: string;
}

async function viewSchedules(tx: Tx, records: readonly HubRecord[]): Promise<ScheduleView[]> {
  const all = records.map((record) => ({ record, fields: planFields(record) }));
  const assets = await assetIdsOf(
    tx,
    all.flatMap(({ fields }) => assetsOfPlan(fields)),
  );
  const people = await personNamesOf(
    tx,
    all.flatMap(({ fields }) => fields.assignee ?? []),
  );
  return all.map(({ record, fields }) => ({
    id: record.id,
    number: record.number,
    version: record.version,
    fields,
    frequency: frequencyOf(fields),
    triggerType: triggerOf(fields),
    assetIds: assetsOfPlan(fields).flatMap((id) => assets.get(id) ?? []),
    assignedTo: fields.assignee === undefined ? null : (people.get(fields.assignee) ?? null),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  }));
}

async function viewSchedule(tx: Tx, record: HubRecord): Promise<ScheduleView> {
  const [view] = await viewSchedules(tx, [record]);
  return view as ScheduleView;
}

const PLAIN = plainInputs(PLAN_FIELDS).map(([name]) => name as keyof PlainInput<typeof PLAN_FIELDS>);

async function inputFields(tx: Tx, tenantId: string, input: ScheduleInput): Promise<JsonObject> {
  const fields: JsonObject = {};
  for (const name of PLAIN) {
    const value = input[name];
    if (value !== undefined) fields[name] = value;
  }
  if (typeof input.timeZone === 'string' && !zoneData().has(input.timeZone)) {
    throw new Failure('invalid_request', `timezone: there is no time zone "${input.timeZone}".`, {
      path: 'timezone',
    });
  }
  if (input.steps !== undefined) {
    const steps = stepsFrom(input.steps).map(({ status: _status, ...step }) => step);
    fields['steps'] = steps.length === 0 ? null : steps;
  }
  if (input.assignedTo !== undefined) fields['assignee'] = await personOf(tx, tenantId, input.assignedTo);
  if (input.assetIds !== undefined) {
    const ids: string[] = [];
    for (const [index, assetId] of input.assetIds.entries()) {
      ids.push(await requireAsset(tx, tenantId, assetId, `asset_ids[${String(index)}]`));
    }
    const several = [...new Set(ids)];
    // Other systems know one asset a schedule: it stands in the field they read.
    fields['asset'] = several.length === 1 ? (several[0] ?? null) : null;
    fields['assets'] = several.length > 1 ? several.map((asset) => ({ asset })) : null;
  }
  return fields;
}

async function personOf(tx: Tx, tenantId: string, text: string | null): Promise<string | null> {
  if (text === null) return null;
  const person = await findPerson(tx, tenantId, text);
  if (person !== null) return person;
  throw new Failure(
    'invalid_request',
    `assigned_to: there is no one person "${text}"; name somebody by id, code, e-mail address or exact name.`,
    { path: 'assigned_to' },
  );
}

/** Frequency and dates as they will be, given what is asked and what was. */
function timeFields(
  input: ScheduleInput,
  before: PlanFields | null,
  { fields: plan, ...rest }: PlanSetting,
  now: string,
): JsonObject {
  const touched =
    before === null ||
    input.frequency !== undefined ||
    input.triggerType !== undefined ||
    (input.triggerValue !== undefined && frequencyOf(before) === 'custom');
  const fields: JsonObject = {};
  let timed = plan;
  if (touched) {
    const every = wantedEvery(input, plan);
    fields['every'] = every as Json;
    const { every: _old, ...others } = plan;
    timed = every === null ? others : { ...others, every };
    assertKept({ fields: timed, ...rest }, now);
  }
  if (input.nextScheduled !== undefined) {
    fields['nextDueAt'] = input.nextScheduled;
    // Where the series begins, and so the day of the month that it keeps.
    if (input.nextScheduled !== null) fields['startsAt'] = input.nextScheduled;
  } else if (before === null) {
    fields['nextDueAt'] = onePeriodAfter({ fields: timed, ...rest }, now);
    fields['startsAt'] = fields['nextDueAt'];
  } else if (touched) {
    const { startsAt: _start, nextDueAt: _next, ...unanchored } = timed;
    fields['nextDueAt'] = onePeriodAfter({ fields: unanchored, ...rest }, before.lastDoneAt ?? now);
    fields['startsAt'] = fields['nextDueAt'];
  }
  return fields;
}

function wantedEvery(input: ScheduleInput, plan: PlanFields): Every | null {
  const every = everyOf(input.frequency ?? frequencyOf(plan) ?? 'custom', plan.triggerValue ?? null);
  if (every !== null || triggerOf(plan) !== 'time_based') return every;
  throw new Failure(
    'invalid_request',
    'trigger_value: a custom frequency takes the number of days here, a whole number from 1 to 36500.',
    { path: 'trigger_value' },
  );
}

export async function createSchedule(
  deps: PersonDeps,
  input: ScheduleInput & { name: string },
): Promise<ScheduleView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    const given = without(await inputFields(tx, deps.tenantId, { active: true, ...input }));
    const fields = given as unknown as PlanFields;
    const times = without(timeFields(input, null, { fields, rules: {}, calendar: null }, at));
    const made = await createRecord(deps, tx, 'plan', { ...given, ...times }, { at, readingSource: 'hub' });
    await audit(deps, tx, {
      action: 'schedule.create' satisfies CreateAction,
      subject: `record/${made.id}`,
      before: null,
      after: made.fields,
      at,
    });
    return viewSchedule(tx, made);
  });
}

/** Null fields left out: absent and null mean the same. */
function without(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export async function readSchedule(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
): Promise<ScheduleView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => viewSchedule(tx, await loadLive(tx, 'plan', id)));
}

export interface ScheduleFilter {
  isActive?: boolean | undefined;
  type?: string | undefined;
  /** Due before this instant. */
  dueBefore?: string | undefined;
  updatedSince?: string | undefined;
}

export async function listSchedules(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  filter: ScheduleFilter,
  page: { sort: RecordSort; after: RecordPosition | null; limit: number },
): Promise<ScheduleView[]> {
  const { tenantId } = deps;
  return deps.store.inTenant(tenantId, async (tx) => {
    const conditions: RecordCondition[] = [];
    if (filter.isActive === false) conditions.push({ field: 'active', equals: 'false' });
    if (filter.isActive === true) {
      conditions.push({
        any: [
          { field: 'active', equals: 'true' },
          { field: 'active', present: false },
        ],
      });
    }
    if (filter.type !== undefined) conditions.push({ field: 'type', equals: filter.type });
    if (filter.dueBefore !== undefined) conditions.push({ field: 'nextDueAt', before: filter.dueBefore });
    if (filter.updatedSince !== undefined) conditions.push({ updatedSince: filter.updatedSince });
    return viewSchedules(tx, await listRecords(tx, { tenantId, entity: 'plan', conditions, ...page }));
  });
}

export async function changeSchedule(
  deps: PersonDeps,
  id: string,
  input: ScheduleInput,
  checkVersion: VersionCheck,
): Promise<ScheduleView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'plan', id);
    checkVersion(hub.version);
    const at = instantOf(deps);
    const given = await inputFields(tx, deps.tenantId, input);
    const stored = await loadSetting(tx, hub);
    const plan = { ...stored, fields: without({ ...hub.fields, ...given }) as unknown as PlanFields };
    const fields = { ...given, ...timeFields(input, planFields(hub), plan, at) };
    const edited = await editRecord(deps, tx, hub, fields, { action: 'schedule.change', at });
    const setting = { ...stored, fields: planFields(edited) };
    assertKept(setting, at);
    await setLook(tx, id, lookAt(setting, setting.fields.nextDueAt));
    return viewSchedule(tx, edited);
  });
}

/** The rules of a plan have to fit what becomes of it. */
function assertKept(setting: PlanSetting, now: string): void {
  if (Object.keys(setting.rules).length === 0) return;
  const [problem] = problemsOfPlan(setting, now);
  if (problem === undefined) return;
  const field = problem.path === '' ? 'rules' : `rules.${problem.path}`;
  throw new Failure(
    'invalid_request',
    `${field}: ${problem.reason}; change the rules of the schedule first.`,
    {
      path: field,
    },
  );
}

/** Refused while work made from it is open: that work would lose its reason. */
export async function deleteSchedule(
  deps: PersonDeps,
  id: string,
  checkVersion: VersionCheck,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'plan', id);
    checkVersion(hub.version);
    const open = await countOpenTasks(tx, deps.tenantId, id);
    if (open > 0) {
      throw new Failure(
        'conflict',
        `${hub.number} has ${String(open)} open tasks; complete or cancel them first, or set is_active to false.`,
      );
    }
    const at = instantOf(deps);
    await deleteRecord(deps, tx, hub, at);
    await audit(deps, tx, {
      action: 'schedule.delete',
      subject: `record/${hub.id}`,
      before: hub.fields,
      after: null,
      at,
    });
  });
}
