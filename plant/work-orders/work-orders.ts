/** Work orders in the hands of people and programs: make, read, list, change, move, delete. */
import type { Priority } from '../../domain/entities/vocabulary.ts';
import { publicFields } from '../../domain/entities/public-fields.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  listRecords,
  type RecordCondition,
  type RecordPosition,
  type RecordSort,
} from '../../store/hub/record-list.ts';
import { loadTemplate, type TemplateRow } from '../../store/work-orders/templates.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { recordMaintenance } from '../assets/figures.ts';
import { findAssetId } from '../assets/asset-ids.ts';
import { createRecord, deleteRecord } from '../records/change-record.ts';
import type { CreateAction } from '../mappings/field-actions.ts';
import { afterCompletion } from '../maintenance/completion.ts';
import { peopleCalled } from '../people/people-names.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { editRecord, loadLive, lockLive, type VersionCheck } from './edit.ts';
import { orderFields, rounded, type OrderFields } from './fields.ts';
import { estimatedMinutesOf, inputFields, stepsFrom, type OrderInput, type StepInput } from './input.ts';
import {
  isFinished,
  moveChanges,
  shownStatus,
  statusAlternatives,
  type HoldReason,
  type PublicStatus,
  type SettableStatus,
} from './status.ts';
import { viewOrder, viewOrders, type OrderView } from './view.ts';

export { RECORD_SORTS, type RecordPosition, type RecordSort } from '../../store/hub/record-list.ts';

export type PublicPriority = Exclude<Priority, 'none'>;

export interface NewOrder extends OrderInput {
  templateId?: string | undefined;
  /** Replace those of the template. */
  steps?: readonly StepInput[] | undefined;
}

export async function createWorkOrder(deps: PersonDeps, input: NewOrder): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    const template = input.templateId === undefined ? null : await usableTemplate(tx, input.templateId);
    const given = await inputFields(tx, deps.tenantId, input);
    const steps = input.steps === undefined ? [...(template?.steps ?? [])] : stepsFrom(input.steps);
    const fields: JsonObject = {
      status: 'scheduled',
      requestedAt: at,
      ...(template === null ? {} : templateFields(template)),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
      ...(steps.length === 0 ? {} : { tasks: steps as unknown as Json }),
    };
    if (fields['estimatedMinutes'] === undefined && steps.length > 0) {
      fields['estimatedMinutes'] = estimatedMinutesOf(steps);
    }
    const made = await createRecord(deps, tx, 'work_order', fields, { at, readingSource: 'hub' });
    await audit(deps, tx, {
      action: 'work_order.create' satisfies CreateAction,
      subject: `record/${made.id}`,
      before: null,
      after: made.fields,
      at,
    });
    return viewOrder(deps, tx, made);
  });
}

async function usableTemplate(tx: Tx, id: string): Promise<TemplateRow> {
  const template = await loadTemplate(tx, id);
  if (template?.isActive === true) return template;
  throw new Failure(
    'invalid_request',
    template === null
      ? `There is no work order template ${id}.`
      : `The template "${template.name}" is not active.`,
    { path: 'template_id' },
  );
}

function templateFields(template: TemplateRow): JsonObject {
  return Object.fromEntries(
    Object.entries({
      title: template.name,
      description: template.description,
      type: template.workOrderType,
      priority: template.priority,
      estimatedMinutes: template.estimatedMinutes,
      estimatedCost: template.estimatedCost,
      safetyRequirements: template.safetyRequirements,
      specialInstructions: template.specialInstructions,
    }).filter(([, value]) => value !== null),
  );
}

export async function readWorkOrder(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  id: string,
): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    viewOrder(deps, tx, await loadLive(tx, 'work_order', id)),
  );
}

export interface OrderFilter {
  status?: PublicStatus | undefined;
  assetId?: string | undefined;
  assignedTo?: string | undefined;
  priority?: PublicPriority | undefined;
  updatedSince?: string | undefined;
  /** Orders that maintenance schedules led to. */
  tasksOnly?: boolean;
  scheduleId?: string | undefined;
  /** Bounds of the planned start, both inclusive. */
  startFrom?: string | undefined;
  startTo?: string | undefined;
}

export async function listWorkOrders(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  filter: OrderFilter,
  page: { sort: RecordSort; after: RecordPosition | null; limit: number },
): Promise<OrderView[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const conditions = await conditionsOf(deps, tx, filter);
    if (conditions === null) return [];
    const { status } = filter;
    const alternatives = status === undefined ? [[]] : statusAlternatives(status, instantOf(deps));
    const found: HubRecord[] = [];
    for (const one of alternatives) {
      found.push(
        ...(await listRecords(tx, {
          tenantId: deps.tenantId,
          entity: 'work_order',
          conditions: [...one, ...conditions],
          ...page,
        })),
      );
    }
    const sorted = found.sort((a, b) => compareBy(page.sort, a, b)).slice(0, page.limit);
    return viewOrders(deps, tx, sorted);
  });
}

/** As the store sorts: ids are in order of creation. */
function compareBy(sort: RecordSort, a: HubRecord, b: HubRecord): number {
  const byUpdate = sort.endsWith('updated_at') ? a.updatedAt.getTime() - b.updatedAt.getTime() : 0;
  const rising = byUpdate !== 0 ? byUpdate : a.id < b.id ? -1 : 1;
  return sort.startsWith('-') ? -rising : rising;
}

/** Null: no order can match. */
async function conditionsOf(
  deps: Pick<PersonDeps, 'tenantId'>,
  tx: Tx,
  filter: OrderFilter,
): Promise<RecordCondition[] | null> {
  const conditions: RecordCondition[] = [];
  if (filter.assetId !== undefined) {
    const asset = await findAssetId(tx, deps.tenantId, filter.assetId);
    if (asset === null) return null;
    conditions.push({ field: 'asset', equals: asset });
  }
  if (filter.assignedTo !== undefined) {
    const written: RecordCondition = { field: 'assigneeName', equals: filter.assignedTo };
    const people = await peopleCalled(tx, deps.tenantId, filter.assignedTo);
    conditions.push(people.length === 0 ? written : { any: [{ field: 'assignee', oneOf: people }, written] });
  }
  if (filter.priority !== undefined) conditions.push({ field: 'priority', equals: filter.priority });
  if (filter.updatedSince !== undefined) conditions.push({ updatedSince: filter.updatedSince });
  if (filter.tasksOnly === true) conditions.push({ field: 'plan', present: true });
  if (filter.scheduleId !== undefined) conditions.push({ field: 'plan', equals: filter.scheduleId });
  if (filter.startFrom !== undefined) conditions.push({ field: 'scheduledStart', from: filter.startFrom });
  if (filter.startTo !== undefined) {
    // Instants have millisecond steps and one spelling.
    const beyond = new Date(Date.parse(filter.startTo) + 1).toISOString();
    conditions.push({ field: 'scheduledStart', before: beyond });
  }
  return conditions;
}

/** What may still be corrected when the work is over. */
const AFTERWARDS = new Set(
  publicFields('work_order').flatMap(({ field, options }) => (options.afterwards === true ? [field] : [])),
);

export async function changeWorkOrder(
  deps: PersonDeps,
  id: string,
  input: OrderInput,
  checkVersion: VersionCheck,
): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    checkVersion(hub.version);
    const before = orderFields(hub);
    const fields = await inputFields(tx, deps.tenantId, input, before);
    if (isFinished(before)) {
      const late = Object.keys(fields).filter((name) => !AFTERWARDS.has(name));
      if (late.length > 0) {
        throw new Failure(
          'conflict',
          `${hub.number} is ${String(before.status)}; only notes, findings, recommendations, custom fields and actual figures can still change.`,
        );
      }
    }
    const at = instantOf(deps);
    const edited = await editRecord(deps, tx, hub, fields, { action: 'work_order.change', at });
    await correctCost(deps, tx, before, orderFields(edited), at);
    return viewOrder(deps, tx, edited);
  });
}

/** The cost of finished work stands in its asset's total already: a correction goes there too. */
async function correctCost(
  deps: PersonDeps,
  tx: Tx,
  before: OrderFields,
  after: OrderFields,
  at: string,
): Promise<void> {
  if (shownStatus({ status: before.status ?? null }, 0).status !== 'completed' || after.asset === undefined)
    return;
  const cost = rounded((after.actualCost ?? 0) - (before.actualCost ?? 0));
  if (cost === 0) return;
  await recordMaintenance(deps, tx, { assetId: after.asset, at: after.completedAt ?? at, cost });
}

export interface StatusRequest {
  to: SettableStatus;
  holdReason?: HoldReason | null | undefined;
  actualHours?: number | null | undefined;
  actualCost?: number | null | undefined;
  notes?: string | null | undefined;
}

export async function setWorkOrderStatus(
  deps: PersonDeps,
  id: string,
  request: StatusRequest,
  checkVersion: VersionCheck,
): Promise<OrderView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    checkVersion(hub.version);
    const at = instantOf(deps);
    const { to, holdReason, actualHours, actualCost, notes } = request;
    const actualMinutes = typeof actualHours === 'number' ? actualHours * 60 : null;
    const changes = moveChanges(hub.number, orderFields(hub), {
      to,
      at,
      holdReason,
      actualMinutes,
      actualCost,
    });
    if (typeof notes === 'string') changes['notes'] = notes;
    const moved = await editRecord(deps, tx, hub, changes, { action: 'work_order.status', at });
    if (changes['status'] === 'completed') await afterCompletion(deps, tx, moved, at);
    return viewOrder(deps, tx, moved);
  });
}

export async function deleteWorkOrder(
  deps: PersonDeps,
  id: string,
  checkVersion: VersionCheck,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    checkVersion(hub.version);
    const { status } = orderFields(hub);
    if (status === 'in_progress') {
      throw new Failure('conflict', `${hub.number} is in_progress; cancel it before deleting it.`);
    }
    if (status === 'completed' || status === 'closed') {
      throw new Failure('conflict', `${hub.number} is ${status}; what was done stays in the history.`);
    }
    const at = instantOf(deps);
    await deleteRecord(deps, tx, hub, at);
    await audit(deps, tx, {
      action: 'work_order.delete',
      subject: `record/${hub.id}`,
      before: hub.fields,
      after: null,
      at,
    });
  });
}
