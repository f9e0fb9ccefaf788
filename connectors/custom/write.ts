/**
 * Writing a described system. Nothing is known of its guarantees, so a create is sent once and found again by reference
 * or natural key, and an update reads before it writes.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, FoundCreated, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import type { HttpRequest } from '../kit/http.ts';
import type { Client } from './client.ts';
import type { Definition, Resource } from './definition.ts';
import { isMissing } from './failures.ts';
import { at, instantAt, textAt } from './place.ts';
import { recordIn, resourceOf } from './read.ts';
import type { Reader } from './read.ts';
import { addressOf, keyOf, recordOf } from './record.ts';

/** How far the system's clock may be behind ours when a created record is searched for. */
const CLOCK_SKEW_MS = 3_600_000;

export function createWriter(client: Client, reader: Reader, definition: Definition) {
  async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    const resource = resourceOf(definition, entity);
    const call = resource.create;
    if (call === undefined) throw cannot(entity, 'create');
    const fields = withReference(resource, op);
    const answer = await client.send({
      method: call.method,
      path: call.path,
      body: call.envelope === undefined ? fields : { [call.envelope]: fields },
      repeatable: false,
    });
    const shown = recordIn(answer.body, call.record);
    const id = textAt(answer.body, call.id) ?? idOf(resource, shown);
    if (id === null) {
      const message = `${client.host} answered ${call.method} ${call.path} without the new id; correct create.record or create.id in the definition.`;
      throw new Failure('unexpected_response', message, { applied: 'unknown', path: 'create.id' });
    }
    return { key: op.key, outcome: 'done', record: await asPulled(entity, id, shown), comments: [] };
  }

  /** The record as a pull shows it: the answer of a write may be poorer, or shaped otherwise. */
  async function asPulled(entity: Entity, id: string, shown: JsonObject | null): Promise<ExternalRecord> {
    const resource = resourceOf(definition, entity);
    try {
      const record = await reader.readOne(entity, id);
      if (record !== null) return record;
    } catch (error) {
      // The write is done; only how it looks is not known for sure.
      if (toFailure(error).kind === 'bug') throw error;
    }
    if (shown !== null && idOf(resource, shown) === id) return recordOf(resource, shown);
    const message = `${client.host} does not show the ${entity} ${id} it just wrote; it will be looked for again.`;
    throw new Failure('unavailable', message, { applied: 'unknown' });
  }

  async function update(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    const { key, externalId } = op;
    const resource = resourceOf(definition, entity);
    const call = resource.update;
    if (call === undefined) throw cannot(entity, 'update');
    const before = await reader.readOne(entity, externalId);
    if (before === null) return { key, outcome: 'missing' };
    if (Object.keys(op.payload).length === 0) return { key, outcome: 'done', record: before, comments: [] };
    if (op.version !== null && before.version !== op.version)
      return { key, outcome: 'stale', record: before };
    try {
      const answer = await client.send(updateRequest(resource, op, before));
      const record = await asPulled(entity, externalId, recordIn(answer.body, resource.item?.record));
      return { key, outcome: 'done', record, comments: [] };
    } catch (error) {
      return afterFailedUpdate(entity, op, toFailure(error));
    }
  }

  async function afterFailedUpdate(entity: Entity, op: UpdateOp, failure: Failure): Promise<WriteOutcome> {
    const { key, externalId } = op;
    if (failure.kind === 'bug') throw failure;
    if (isMissing(failure)) {
      const now = await reader.readOne(entity, externalId);
      if (now === null) return { key, outcome: 'missing' };
      const message = `${client.host} shows the ${entity} ${externalId} and refuses to change it (404); correct update.path in the definition.`;
      throw new Failure('rejected', message, { path: 'update.path' });
    }
    if (failure.kind === 'conflict' && resourceOf(definition, entity).update?.version !== undefined) {
      const now = await reader.readOne(entity, externalId);
      return now === null ? { key, outcome: 'missing' } : { key, outcome: 'stale', record: now };
    }
    if (failure.applied === 'no') throw failure;
    const now = await reader.readOne(entity, externalId).catch(() => null);
    if (now !== null && shows(now.raw, op.payload))
      return { key, outcome: 'done', record: now, comments: [] };
    throw failure;
  }

  async function findCreated(entity: Entity, op: CreateOp): Promise<FoundCreated> {
    const { key } = op;
    const resource = resourceOf(definition, entity);
    const reference = resource.create?.reference;
    if (reference !== undefined) {
      const { field, param } = reference;
      const query = param === undefined ? {} : { [param]: op.reference };
      return {
        key,
        candidates: await reader.search(resource, query, (row) => textAt(row, field) === op.reference, false),
      };
    }
    const names = resource.naturalKey;
    if (resource.create === undefined || names === undefined) return { key, candidates: [] };
    const wanted = Object.fromEntries(names.map((name) => [name, op.payload[name] ?? null]));
    const earliest = Date.parse(op.intendedAt) - CLOCK_SKEW_MS;
    const fitting = await reader.search(
      resource,
      {},
      (row) => shows(row, wanted) && (instantAt(row, resource.created) ?? Infinity) >= earliest,
      false,
    );
    const exact = fitting.filter(({ raw }) => shows(raw, op.payload));
    // Without a time of creation an older record of the same name cannot be told from ours.
    const doubtful = resource.created === undefined || exact.length === 0;
    const candidates = exact.length > 0 ? exact : fitting;
    return { key, candidates, ...(doubtful && candidates.length > 0 ? { doubtful: true as const } : {}) };
  }

  async function remove(entity: Entity, externalId: string): Promise<void> {
    const call = definition.resources[entity]?.delete;
    if (call === undefined) {
      const message = `The definition of this connection has no way to delete a ${entity}; add resources.${entity}.delete, or delete it there.`;
      throw new Failure('invalid_request', message, { path: `resources.${entity}.delete` });
    }
    try {
      await client.send({
        method: call.method,
        path: addressOf(call.path, externalId),
        repeatable: call.method === 'DELETE',
      });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  return { create, update, findCreated, remove };
}

function updateRequest(resource: Resource, op: UpdateOp, before: ExternalRecord): HttpRequest {
  const call = resource.update;
  if (call === undefined) throw new Failure('bug', 'An update without a call.');
  const { version } = call;
  const fields: JsonObject = call.sends === 'whole' ? { ...before.raw, ...op.payload } : { ...op.payload };
  if (version !== undefined && 'field' in version) fields[version.field] = shownVersion(resource, before);
  return {
    method: call.method,
    path: addressOf(call.path, op.externalId),
    body: call.envelope === undefined ? fields : { [call.envelope]: fields },
    ...(version !== undefined && 'header' in version && before.version !== null
      ? { headers: { [version.header]: before.version } }
      : {}),
    // Harmless to the record, but a repeat after a lost reply could overwrite what a person typed in between.
    repeatable: false,
  };
}

/** As the system showed it: one that counts its versions refuses "3" where it has 3. */
function shownVersion(resource: Resource, { raw, version }: ExternalRecord): Json {
  const place = resource.version ?? resource.updated?.path;
  const shown = place === undefined ? undefined : at(raw, place);
  return typeof shown === 'number' || typeof shown === 'string' ? shown : version;
}

function withReference({ create }: Resource, op: CreateOp): JsonObject {
  const field = create?.reference?.field;
  return field === undefined ? op.payload : { ...op.payload, [field]: op.reference };
}

function idOf(resource: Resource, row: JsonObject | null): string | null {
  if (row === null || resource.id.some((place) => textAt(row, place) === null)) return null;
  return keyOf(resource, row);
}

/** Whether a record shows these written values; a cleared one may be null, empty or absent. */
function shows(raw: JsonObject, written: JsonObject): boolean {
  return Object.entries(written).every(([name, value]) => same(raw[name], value));
}

function same(there: Json | undefined, value: Json): boolean {
  if (value === null || value === '') return there === undefined || there === null || there === '';
  if (jsonEqual(there, value)) return true;
  if (typeof there === 'object' || typeof value === 'object') return false;
  // Numbers and truths as texts are the same value.
  if (typeof there !== 'string' || typeof value !== 'string') return String(there) === String(value);
  // One instant in two spellings.
  return /^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(there) === Date.parse(value);
}

function cannot(entity: Entity, verb: 'create' | 'update'): Failure {
  const message = `The definition of this connection has no way to ${verb} a ${entity}; add resources.${entity}.${verb}.`;
  return new Failure('rejected', message, { path: `resources.${entity}.${verb}` });
}
