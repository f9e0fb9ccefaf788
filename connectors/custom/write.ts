/**
 * Writing a described system. Nothing is known of its guarantees, so a create is sent once and found again by reference
 * or natural key, and an update reads before it writes. Fields that travel by calls of their own are in actions.ts.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type {
  CreateOp,
  ExternalRecord,
  FoundCreated,
  UpdateOp,
  WriteOutcome,
  WriteStep,
} from '../kit/contract.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { createActions, stepOf } from './actions.ts';
import { createBody, pick, shows, splitPayload, updateBody } from './body.ts';
import type { SplitPayload } from './body.ts';
import type { Client } from './client.ts';
import type { Definition, Resource } from './definition.ts';
import { isMissing } from './failures.ts';
import { instantAt } from './instants.ts';
import { fill, textAt } from './place.ts';
import { EVERYTHING } from './client.ts';
import { recordIn, resourceOf } from './read.ts';
import type { Reader } from './read.ts';
import { addressOf, keyOf, recordOf } from './record.ts';

/** How far the system's clock may be behind ours when a created record is searched for. */
const CLOCK_SKEW_MS = 3_600_000;

export function createWriter(client: Client, reader: Reader, definition: Definition) {
  const actions = createActions(client, reader);

  async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    const resource = resourceOf(definition, entity);
    const call = resource.create;
    if (call === undefined) throw cannot(entity, 'create');
    const split = splitPayload(resource, op.payload, 'create');
    const fields = createBody(resource, op, split.own);
    const answer = await client.send({
      method: call.method,
      path: call.path,
      body: call.envelope === undefined ? fields : { [call.envelope]: fields },
      repeatable: false,
    });
    const shown = recordIn(answer.body, call.record);
    const id =
      textAt(answer.body, call.id) ?? idOf(resource, shown) ?? idOfLocation(resource, answer, client.host);
    if (id === null) {
      const message = `${client.host} answered ${call.method} ${call.path} without the new id, and without a Location that leads to it; correct create.record or create.id in the definition.`;
      throw new Failure('unexpected_response', message, { applied: 'unknown', path: 'create.id' });
    }
    if (split.actions.length > 0) {
      const done: WriteStep[] = [{ name: `${call.method} ${call.path}`, fields: Object.keys(split.own) }];
      const stopped = await actions.carryOut(entity, op.key, { id, split, done });
      if (stopped !== null) return stopped;
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
    if (resource.update === undefined && resource.actions.length === 0) throw cannot(entity, 'update');
    const before = await reader.readOne(entity, externalId);
    if (before === null) return { key, outcome: 'missing' };
    if (Object.keys(op.payload).length === 0) return { key, outcome: 'done', record: before, comments: [] };
    if (op.version !== null && before.version !== op.version)
      return { key, outcome: 'stale', record: before };
    const split = splitPayload(resource, op.payload, 'update');
    if (Object.keys(split.own).length > 0 && resource.update === undefined) throw cannot(entity, 'update');
    return split.actions.length === 0
      ? updateAtOnce(entity, op, before)
      : updateInSteps(entity, op, before, split);
  }

  async function updateAtOnce(entity: Entity, op: UpdateOp, before: ExternalRecord): Promise<WriteOutcome> {
    const { key, externalId } = op;
    const resource = resourceOf(definition, entity);
    try {
      const answer = await client.send(updateRequest(resource, externalId, op.payload, before));
      const record = await asPulled(entity, externalId, recordIn(answer.body, resource.item?.record));
      return { key, outcome: 'done', record, comments: [] };
    } catch (error) {
      return afterFailedUpdate(entity, op, toFailure(error));
    }
  }

  /** The update itself in its place among the calls that carry single fields; the first that fails ends it. */
  async function updateInSteps(
    entity: Entity,
    op: UpdateOp,
    before: ExternalRecord,
    { own, actions: carried }: SplitPayload,
  ): Promise<WriteOutcome> {
    const { key, externalId: id } = op;
    const resource = resourceOf(definition, entity);
    const first = carried.filter(({ action }) => action.order === 'before');
    const last = carried.filter(({ action }) => action.order === 'after');
    const done: WriteStep[] = [];
    const ownStep = stepOf(resource.update?.method ?? 'PATCH', resource.update?.path ?? '', own);
    const ahead = await actions.carryOut(entity, key, {
      id,
      split: { own: {}, actions: first },
      done,
      remaining: [...(Object.keys(own).length > 0 ? [ownStep] : []), ...last.map(actions.step)],
    });
    if (ahead !== null) return ahead;
    if (Object.keys(own).length > 0) {
      const sent = await updateAtOnce(entity, { ...op, payload: own }, before);
      if (sent.outcome !== 'done')
        return actions.stoppedAt(sent, { done, remaining: [ownStep, ...last.map(actions.step)] });
      done.push(ownStep);
    }
    const behind = await actions.carryOut(entity, key, { id, split: { own: {}, actions: last }, done });
    if (behind !== null) return behind;
    return { key, outcome: 'done', record: await asPulled(entity, id, null), comments: [] };
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
      const { field, param, search } = reference;
      const query = {
        adds: search === undefined ? {} : (fill(search, { reference: op.reference }) as JsonObject),
        params: param === undefined ? {} : { [param]: op.reference },
      };
      const isOurs = (row: JsonObject): boolean => textAt(row, field) === op.reference;
      return { key, candidates: await reader.search(resource, query, isOurs, false) };
    }
    if (resource.create === undefined) return { key, candidates: [] };
    const wanted = resource.naturalKey === undefined ? op.payload : pick(op.payload, resource.naturalKey);
    const earliest = Date.parse(op.intendedAt) - CLOCK_SKEW_MS;
    const fitting = await reader.search(
      resource,
      EVERYTHING,
      (row) => shows(row, wanted) && (instantAt(row, resource.created) ?? Infinity) >= earliest,
      false,
    );
    const exact = fitting.filter(({ raw }) => shows(raw, op.payload));
    const candidates = exact.length > 0 ? exact : fitting;
    // Nothing tells ours from an older record of the same name, or from one that somebody else made alike.
    const unsure = resource.created === undefined || exact.length === 0;
    if (resource.naturalKey === undefined) return { key, candidates, doubtful: true };
    return { key, candidates, ...(unsure && candidates.length > 0 ? { doubtful: true as const } : {}) };
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
        ...(call.body === undefined ? {} : { body: fill(call.body, { id: externalId }) }),
        repeatable: call.method === 'DELETE',
      });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  return { create, update, findCreated, remove };
}

function updateRequest(
  resource: Resource,
  externalId: string,
  payload: JsonObject,
  before: ExternalRecord,
): HttpRequest {
  const call = resource.update;
  if (call === undefined) throw new Failure('bug', 'An update without a call.');
  const { version } = call;
  const fields = updateBody(resource, payload, before);
  return {
    method: call.method,
    path: addressOf(call.path, externalId),
    body: call.envelope === undefined ? fields : { [call.envelope]: fields },
    ...(version !== undefined && 'header' in version && before.version !== null
      ? { headers: { [version.header]: before.version } }
      : {}),
    // Harmless to the record, but a repeat after a lost reply could overwrite what a person typed in between.
    repeatable: false,
  };
}

function idOf(resource: Resource, row: JsonObject | null): string | null {
  return row === null ? null : keyOf(resource, row);
}

/** The last part of the address that a create's Location names, where ids are one part of a path. */
function idOfLocation(resource: Resource, { headers }: HttpAnswer, host: string): string | null {
  const location = headers['location'] ?? headers['content-location'];
  if (location === undefined || resource.id.length !== 1) return null;
  const path = URL.parse(location, `http://${host}/`)?.pathname.replace(/\/+$/, '') ?? '';
  const id = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  // The list itself is no record.
  const listed = resource.list.path.replace(/\/+$/, '').split('/').at(-1);
  return id === '' || id === listed ? null : id;
}

function cannot(entity: Entity, verb: 'create' | 'update'): Failure {
  const message = `The definition of this connection has no way to ${verb} a ${entity}; add resources.${entity}.${verb}.`;
  return new Failure('rejected', message, { path: `resources.${entity}.${verb}` });
}
