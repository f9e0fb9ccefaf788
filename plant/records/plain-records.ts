/**
 * Records in the hands of people and programs, for every kind of `plain-records-kinds.ts` alike: make, read, list, change,
 * delete. What a kind has of its own stands in its own file.
 */
import { plainFields, publicFields } from '../../domain/entities/public-fields.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { findNamed, standsBelow } from '../../store/hub/plain-references.ts';
import {
  countRecords,
  listedField,
  listRecords,
  type RecordCondition,
  type RecordPosition,
  type RecordSort,
} from '../../store/hub/record-list.ts';
import { createRecord, deleteRecord } from './change-record.ts';
import type { CreateAction } from '../mappings/field-actions.ts';
import { peopleCalled } from '../people/people-names.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import type { RecordKind } from './plain-records-kinds.ts';
import { findRecordId, toHubFields, toPublic, type ShownRecord } from './plain-records-names.ts';
import { editRecord, type VersionCheck } from '../work-orders/edit.ts';

export { RECORD_SORTS, type RecordSort } from '../../store/hub/record-list.ts';
export type { ShownRecord } from './plain-records-names.ts';

/** Hub id of the record a path names. */
export async function requirePlain(
  tx: Tx,
  tenantId: string,
  kind: RecordKind,
  text: string,
): Promise<string> {
  const id = await findRecordId(tx, tenantId, kind.entity, text);
  if (id === null) throw new Failure('not_found', `There is no ${kind.noun} "${text}".`);
  return id;
}

/** The record a path names, held so that nobody else changes it until the transaction ends. */
export async function lockPlain(
  tx: Tx,
  tenantId: string,
  kind: RecordKind,
  text: string,
): Promise<HubRecord> {
  const id = await requirePlain(tx, tenantId, kind, text);
  const record = (await repositories.hubRecords.lock(tx, [id])).get(id);
  // Somebody deleted it since it was found.
  if (record === undefined || record.deletedAt !== null) {
    throw new Failure('not_found', `There is no ${kind.noun} "${text}".`);
  }
  return record;
}

export async function showPlain(tx: Tx, kind: RecordKind, record: HubRecord): Promise<ShownRecord> {
  const [shown] = await toPublic(tx, kind, [record]);
  return shown as ShownRecord;
}

export async function createPlain(
  deps: PersonDeps,
  kind: RecordKind,
  input: Readonly<Record<string, unknown>>,
): Promise<ShownRecord> {
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    showPlain(tx, kind, await insertPlain(deps, tx, kind, input)),
  );
}

export async function insertPlain(
  deps: PersonDeps,
  tx: Tx,
  kind: RecordKind,
  input: Readonly<Record<string, unknown>>,
): Promise<HubRecord> {
  const at = instantOf(deps);
  const given = await toHubFields(tx, deps.tenantId, kind, input);
  const fields = {
    ...kind.initial,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
  };
  await assertUnique(deps, tx, kind, fields, null);
  const made = await createRecord(deps, tx, kind.entity, fields, { at, readingSource: 'hub' });
  await audit(deps, tx, {
    action: `${kind.entity}.create` satisfies CreateAction,
    subject: `record/${made.id}`,
    before: null,
    after: made.fields,
    at,
  });
  return made;
}

/**
 * Refuses a key that another live record has. Vendors' records may share one, so no index can forbid it: makers of such
 * records take turns instead.
 */
async function assertUnique(
  deps: PersonDeps,
  tx: Tx,
  kind: RecordKind,
  fields: JsonObject,
  self: string | null,
): Promise<void> {
  const value = kind.unique === null ? undefined : fields[kind.unique];
  if (kind.unique === null || typeof value !== 'string') return;
  await repositories.matchKeys.lock(tx, deps.tenantId, kind.entity);
  const same = await findNamed(tx, deps.tenantId, kind.entity, [kind.unique], value);
  if (same.every(({ id }) => id === self)) return;
  const name = publicFields(kind.entity).find(({ field }) => field === kind.unique)?.name ?? kind.unique;
  throw new Failure('conflict', `The ${name} "${value}" belongs to another ${kind.noun} already.`, {
    path: name,
  });
}

export async function readPlain(deps: PersonDeps, kind: RecordKind, text: string): Promise<ShownRecord> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const id = await requirePlain(tx, deps.tenantId, kind, text);
    const record = (await repositories.hubRecords.load(tx, [id])).get(id);
    if (record === undefined) throw new Failure('not_found', `There is no ${kind.noun} "${text}".`);
    return showPlain(tx, kind, record);
  });
}

export interface PlainQuery {
  /** Public name to the value wanted; undefined asks for nothing. */
  filters: Readonly<Record<string, string | undefined>>;
  updatedSince?: string | undefined;
  sort: RecordSort;
  after: RecordPosition | null;
  limit: number;
}

export interface PlainPage {
  records: HubRecord[];
  /** Where the next page starts; null after the last. */
  next: RecordPosition | null;
}

export async function listPlain(
  deps: PersonDeps,
  kind: RecordKind,
  query: PlainQuery,
): Promise<{ records: ShownRecord[]; next: RecordPosition | null }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const { records, next } = await loadPlainPage(deps, tx, kind, query);
    return { records: await toPublic(tx, kind, records), next };
  });
}

export async function loadPlainPage(
  deps: PersonDeps,
  tx: Tx,
  kind: RecordKind,
  { filters, updatedSince, sort, after, limit }: PlainQuery,
): Promise<PlainPage> {
  const conditions: RecordCondition[] = updatedSince === undefined ? [] : [{ updatedSince }];
  for (const { field: hubField, name, target, options } of plainFields(kind.entity)) {
    const value = filters[name];
    if (value === undefined) continue;
    const field = listedField(kind.entity, hubField);
    if (target === 'person') {
      const people: RecordCondition = { field, oneOf: await peopleCalled(tx, deps.tenantId, value) };
      const { written } = options;
      conditions.push(
        written === undefined
          ? people
          : { any: [people, { field: listedField(kind.entity, written), equals: value }] },
      );
    } else if (target === null) {
      conditions.push({ field, equals: value });
    } else {
      const id = await findRecordId(tx, deps.tenantId, target, value);
      // Nothing refers to what is not there.
      if (id === null) return { records: [], next: null };
      conditions.push({ field, equals: id });
    }
  }
  const { tenantId } = deps;
  const found = await listRecords(tx, {
    tenantId,
    entity: kind.entity,
    conditions,
    sort,
    after,
    limit: limit + 1,
  });
  const records = found.slice(0, limit);
  const last = found.length > limit ? records.at(-1) : undefined;
  return { records, next: last === undefined ? null : { at: last.updatedAt.toISOString(), id: last.id } };
}

export async function changePlain(
  deps: PersonDeps,
  kind: RecordKind,
  text: string,
  input: Readonly<Record<string, unknown>>,
  check: VersionCheck,
): Promise<ShownRecord> {
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    showPlain(tx, kind, await updatePlain(deps, tx, kind, text, input, check)),
  );
}

export async function updatePlain(
  deps: PersonDeps,
  tx: Tx,
  kind: RecordKind,
  text: string,
  input: Readonly<Record<string, unknown>>,
  check: VersionCheck,
): Promise<HubRecord> {
  const fields = await toHubFields(tx, deps.tenantId, kind, input);
  // Before the row, as a sync does it: the other way round the two could wait for each other.
  if (fields['parent'] !== undefined || fields[kind.unique ?? ''] !== undefined) {
    await repositories.matchKeys.lock(tx, deps.tenantId, kind.entity);
  }
  const hub = await lockPlain(tx, deps.tenantId, kind, text);
  check(hub.version);
  await assertUnique(deps, tx, kind, fields, hub.id);
  const { parent } = fields;
  if (typeof parent === 'string' && (await standsBelow(tx, parent, hub.id))) {
    throw new Failure('invalid_request', `The ${kind.noun} cannot stand below itself.`, {
      path: 'parent_id',
    });
  }
  return editRecord(deps, tx, hub, fields, { action: `${kind.entity}.change`, at: instantOf(deps) });
}

/** Other systems follow by the delete policies of their connections. */
export async function deletePlain(
  deps: PersonDeps,
  kind: RecordKind,
  text: string,
  check: VersionCheck,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockPlain(tx, deps.tenantId, kind, text);
    check(hub.version);
    for (const { entity, field, noun, open } of kind.heldBy) {
      const held = await countRecords(tx, {
        tenantId: deps.tenantId,
        entity,
        conditions: [
          { field: listedField(entity, field), equals: hub.id },
          ...(open === undefined ? [] : [{ field: 'status' as const, oneOf: open }]),
        ],
      });
      if (held > 0) {
        throw new Failure('conflict', `The ${kind.noun} has ${String(held)} ${noun}; see to these first.`);
      }
    }
    const at = instantOf(deps);
    await deleteRecord(deps, tx, hub, at);
    await audit(deps, tx, {
      action: `${kind.entity}.delete`,
      subject: `record/${hub.id}`,
      before: hub.fields,
      after: null,
      at,
    });
  });
}
