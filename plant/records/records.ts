/** Hub records in the hands of a person of the plant: look at one, edit its fields, add a comment. */
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { findHubRecord } from '../../store/runs/explain.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { assertField, changeRecord, deleteRecord, writeOf, type RecordChange } from './change-record.ts';
import { addComments, changeRecords, restoreRecords } from '../../hub/writer.ts';
import type { EditAction } from '../mappings/field-actions.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

export async function requireRecord(tx: Tx, number: string): Promise<HubRecord> {
  const record = await findHubRecord(tx, number);
  if (record === null) throw new Failure('not_found', `There is no record "${number}".`);
  return record;
}

/** Hub id; deleted records have one too. */
export async function findRecordByNumber(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  number: string,
): Promise<string | null> {
  return deps.store.inTenant(deps.tenantId, async (tx) => (await findHubRecord(tx, number))?.id ?? null);
}

/** The record as it is when nobody else can change it any more. */
async function lockRecord(tx: Tx, number: string): Promise<HubRecord> {
  const { id } = await requireRecord(tx, number);
  const record = (await repositories.hubRecords.lock(tx, [id])).get(id);
  if (record === undefined || record.deletedAt !== null) {
    throw new Failure('conflict', `${number} is deleted; what is deleted is not edited.`);
  }
  return record;
}

/**
 * What a person typed for a field, as its value: text where the field takes text, else JSON; empty clears. An
 * instant may be written in any zone and without milliseconds.
 */
export function readFieldText(entity: Entity, field: string, typed: string): Json {
  assertField(entity, field);
  if (typed === '') return null;
  const shape = ENTITY_DEFINITIONS[entity].schema.shape as Record<
    string,
    { safeParse(value: unknown): { success: boolean } }
  >;
  const fits = (value: unknown): boolean => shape[field]?.safeParse(value).success === true;
  if (fits(typed)) return typed;
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(typed) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(time) && fits(new Date(time).toISOString())) return new Date(time).toISOString();
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed;
  }
}

/** Edits fields; all of them or, when one cannot be stored, none. */
export async function setRecordFields(
  deps: PersonDeps,
  request: { number: string; fields: (entity: Entity) => JsonObject },
): Promise<RecordChange & { id: string; number: string }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockRecord(tx, request.number);
    const at = instantOf(deps);
    const result = await changeRecord(deps, tx, hub, request.fields(hub.entity), {
      originConnectionId: null,
      at,
      readingSource: 'hub',
    });
    const names = Object.keys(result.changed);
    if (names.length > 0) {
      await audit(deps, tx, {
        action: 'record.set' satisfies EditAction,
        subject: `record/${hub.id}`,
        before: Object.fromEntries(names.map((name) => [name, result.changed[name]?.before ?? null])),
        after: Object.fromEntries(names.map((name) => [name, result.changed[name]?.after ?? null])),
        at,
      });
    }
    return { ...result, id: hub.id, number: hub.number };
  });
}

/** Appends to the record's conversation; it travels to every system that takes comments. */
export async function addComment(
  deps: PersonDeps,
  request: { number: string; text: string; author: string | null },
): Promise<{ id: string; number: string }> {
  const text = request.text.trim();
  if (text === '' || text.length > LIMITS.textCharsMax) {
    throw new Failure(
      'invalid_request',
      `A comment has from 1 to ${String(LIMITS.textCharsMax)} characters.`,
    );
  }
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockRecord(tx, request.number);
    if (!ENTITY_DEFINITIONS[hub.entity].comments) {
      throw new Failure(
        'invalid_request',
        `${hub.number} is a ${hub.entity.replace('_', ' ')}, which has no comments.`,
      );
    }
    const at = instantOf(deps);
    const id = deps.newId();
    const write = writeOf(deps, tx, hub.entity, { at });
    await addComments(write, [{ id, hubId: hub.id, text, author: request.author, at }]);
    await changeRecords(write, [
      { id: hub.id, before: hub.fields, fields: hub.fields, fieldAt: hub.fieldAt, version: hub.version + 1 },
    ]);
    await audit(deps, tx, {
      action: 'comment.add',
      subject: `record/${hub.id}`,
      before: null,
      after: { id, text },
      at,
    });
    return { id, number: hub.number };
  });
}

/** Deletes a record of any kind; connections carry that on by their own policies. `restoreRecord` is the way back. */
export async function deleteRecordByNumber(
  deps: PersonDeps,
  request: { number: string },
): Promise<{ id: string; number: string }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockRecord(tx, request.number);
    const at = instantOf(deps);
    await deleteRecord(deps, tx, hub, at);
    await audit(deps, tx, {
      action: `${hub.entity}.delete`,
      subject: `record/${hub.id}`,
      before: hub.fields,
      after: null,
      at,
    });
    return { id: hub.id, number: hub.number };
  });
}

/** Brings a deleted record back, with all it had; systems that took it out of use bring it back too. */
export async function restoreRecord(
  deps: PersonDeps,
  request: { number: string },
): Promise<{ id: string; number: string; version: number }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const { id } = await requireRecord(tx, request.number);
    const hub = (await repositories.hubRecords.lock(tx, [id])).get(id);
    if (hub === undefined) throw new Failure('not_found', `There is no record "${request.number}".`);
    if (hub.deletedAt === null)
      throw new Failure('conflict', `${hub.number} is not deleted; there is nothing to restore.`);
    const at = instantOf(deps);
    const [restored] = await restoreRecords(writeOf(deps, tx, hub.entity, { at }), [id]);
    await audit(deps, tx, {
      action: `${hub.entity}.restore`,
      subject: `record/${id}`,
      before: { deleted_at: hub.deletedAt.toISOString() },
      after: { deleted_at: null },
      at,
    });
    return { id, number: hub.number, version: restored?.version ?? hub.version };
  });
}
