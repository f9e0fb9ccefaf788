/**
 * Changes a hub record on a person's behalf: checks the values, writes the record, its match keys, its readings and the
 * change feed. Part of the caller's transaction; the caller has locked the record.
 */
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import { referencesOf, replaceReferences } from '../../domain/entities/references.ts';
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { resolveNumbers } from '../../store/runs/explain.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { addRecords, changeRecords, deleteRecords, type HubWrite } from '../../hub/writer.ts';
import { repositories, type Tx } from '../../store/index.ts';
import type { PersonDeps } from '../person.ts';

/** Refuses fields the entity does not have. */
export function assertField(entity: Entity, field: string): void {
  const known = Object.keys(ENTITY_DEFINITIONS[entity].schema.shape);
  if (known.includes(field)) return;
  throw new Failure(
    'invalid_request',
    `A ${entity.replace('_', ' ')} has no field "${field}"; its fields are ${known.join(', ')}.`,
    { path: field },
  );
}

/** Numbers in reference fields (`A-000123`) become the ids of those records; an unknown one is refused. */
async function withReferencedIds(tx: Tx, entity: Entity, changes: JsonObject): Promise<JsonObject> {
  const ids = new Map<string, string>();
  const byEntity = Map.groupBy(referencesOf(entity, changes), (reference) => reference.entity);
  for (const [target, references] of byEntity) {
    const wanted = references.map(({ value }) => value);
    const found = await resolveNumbers(tx, target, wanted);
    for (const value of wanted) {
      const id = found.get(value);
      if (id === undefined) {
        throw new Failure(
          'invalid_request',
          `There is no ${target.replace('_', ' ')} "${value}"; name one by its number.`,
        );
      }
      ids.set(`${target}|${value}`, id);
    }
  }
  return replaceReferences(
    entity,
    changes,
    (reference) => ids.get(`${reference.entity}|${reference.value}`) ?? null,
  );
}

/** Checks what changes against the entity's schema. What was in the record before is not judged again. */
function assertValid(entity: Entity, fields: JsonObject, changed: readonly string[]): void {
  const parsed = ENTITY_DEFINITIONS[entity].schema.safeParse(fields);
  if (parsed.success) return;
  const told = parsed.error.issues
    .filter(({ path }) => changed.includes(String(path[0])))
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  if (told.length > 0) {
    throw new Failure('invalid_request', `These values cannot be stored: ${told.join('; ')}.`, {
      path: told[0]?.split(':')[0] ?? '',
    });
  }
}

export interface RecordChange {
  version: number;
  /** What really changed: field to value before and after. */
  changed: Record<string, { before: Json; after: Json }>;
}

/** Null clears a field, and so does an empty list. Nothing is written when every field has its value already. */
export async function changeRecord(
  deps: PersonDeps,
  tx: Tx,
  hub: HubRecord,
  wanted: JsonObject,
  options: { originConnectionId: string | null; at: string; readingSource: string },
): Promise<RecordChange> {
  for (const field of Object.keys(wanted)) assertField(hub.entity, field);
  const asked = await withReferencedIds(tx, hub.entity, wanted);
  const fields: JsonObject = { ...hub.fields };
  const changed: RecordChange['changed'] = {};
  for (const [field, given] of Object.entries(asked)) {
    const before = hub.fields[field] ?? null;
    const value = Array.isArray(given) && given.length === 0 ? null : given;
    if (jsonEqual(before, value)) continue;
    changed[field] = { before, after: value };
    if (value === null) delete fields[field];
    else fields[field] = value;
  }
  const names = Object.keys(changed);
  if (names.length === 0) return { version: hub.version, changed };
  assertValid(hub.entity, fields, names);
  const version = hub.version + 1;
  const fieldAt = { ...hub.fieldAt, ...Object.fromEntries(names.map((name) => [name, options.at])) };
  await changeRecords(writeOf(deps, tx, hub.entity, options), [
    { id: hub.id, before: hub.fields, fields, fieldAt, version },
  ]);
  return { version, changed };
}

/** What the hub is written with on behalf of people and programs of the plant. */
export function writeOf(
  deps: Pick<PersonDeps, 'tenantId' | 'steps'>,
  tx: Tx,
  entity: Entity,
  options: { at: string; readingSource?: string; originConnectionId?: string | null },
): HubWrite {
  return {
    rules: deps.steps,
    tx,
    scope: {
      tenantId: deps.tenantId,
      entity,
      originConnectionId: options.originConnectionId ?? null,
      runId: null,
      at: options.at,
      readingSource: options.readingSource ?? 'hub',
    },
  };
}

/** Makes a hub record on a person's behalf; null values are left out. Its number is the next of its entity. */
export async function createRecord(
  deps: PersonDeps,
  tx: Tx,
  entity: Entity,
  wanted: JsonObject,
  options: { at: string; readingSource: string; id?: string },
): Promise<HubRecord> {
  for (const field of Object.keys(wanted)) assertField(entity, field);
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
  const fields = await withReferencedIds(tx, entity, given);
  assertValid(entity, fields, Object.keys(ENTITY_DEFINITIONS[entity].schema.shape));
  const id = options.id ?? deps.newId();
  await addRecords(writeOf(deps, tx, entity, options), [{ id, fields }]);
  const made = (await repositories.hubRecords.load(tx, [id])).get(id);
  if (made === undefined) throw new Failure('bug', 'A record that was just made is not there.');
  return made;
}

/** Marks a record as deleted; connections carry that on by their own delete policies. */
export async function deleteRecord(deps: PersonDeps, tx: Tx, hub: HubRecord, at: string): Promise<void> {
  await deleteRecords(writeOf(deps, tx, hub.entity, { at }), [hub.id]);
}
