/**
 * Creates, and the search for what a create of unknown outcome may have left. Work orders and requests carry our
 * reference (contract 8: `externalrefid`); everything else is recognised by its natural key.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, FoundCreated, WriteOutcome } from '../kit/contract.ts';
import { chunks, isSuccess, stopOfRequest, stopOfRow, throwIfRefused } from './bulk.ts';
import { commentRow, findComments, listOf } from './children.ts';
import { CODES } from './failures.ts';
import { manifest } from './manifest.ts';
import { externalIdOf } from './objects.ts';
import type { VendorObject } from './objects.ts';
import { attributesOf } from './plan.ts';
import { SOURCE } from './reference.ts';
import type { Reference, ReferenceLengths } from './reference.ts';
import { statusPath } from './status-path.ts';
import type { Domain } from './synonyms.ts';
import type { BulkRow } from './wire.ts';
import { applyChanges } from './update.ts';
import type { WriteDeps } from './update.ts';

interface CreateFacts {
  reference: Reference | null;
  /** Words of the status where a new record may be given one; null for records whose status has a way to go. */
  domain: Domain | null;
}

interface Made {
  op: CreateOp;
  row: BulkRow;
}

export async function create(
  deps: WriteDeps & { referenceLengths: ReferenceLengths },
  entity: Entity,
  ops: readonly CreateOp[],
): Promise<WriteOutcome[]> {
  const object = deps.reader.objectOf(entity);
  const outcomes = new Map<string, WriteOutcome>();
  let reference: Reference | null;
  let domain: Domain | null = null;
  try {
    reference = await deps.referenceLengths(object);
    const asksStatus = ops.some(({ payload }) => typeof payload.status === 'string');
    if (object.domain !== null && reference === null && asksStatus)
      domain = await deps.synonyms(object.domain);
  } catch (error) {
    const failure = toFailure(error);
    if (!failure.retryable) throw failure;
    return ops.map(({ key }) => ({ key, outcome: 'retry', failure }));
  }
  for (const batch of chunks(ops, manifest.limits.writeBatch)) {
    const made = await addRows(deps, object, batch, { reference, domain }, outcomes);
    for (const outcome of await completeCreated(deps, entity, made)) outcomes.set(outcome.key, outcome);
  }
  return throwIfRefused(ops.flatMap((op) => outcomes.get(op.key) ?? []));
}

/** Sends the rows; failures go to `outcomes`, what exists now is returned. */
async function addRows(
  { client, config }: WriteDeps,
  object: VendorObject,
  ops: readonly CreateOp[],
  facts: CreateFacts,
  outcomes: Map<string, WriteOutcome>,
): Promise<Made[]> {
  const sendable: { op: CreateOp; body: JsonObject }[] = [];
  for (const op of ops) {
    try {
      sendable.push({ op, body: bodyOf(op, object, config, facts) });
    } catch (error) {
      outcomes.set(op.key, { key: op.key, outcome: 'rejected', failure: toFailure(error) });
    }
  }
  if (sendable.length === 0) return [];
  let results: BulkRow[];
  try {
    results = await client.bulk({
      os: object.os,
      rows: sendable.map(({ body }) => ({ _action: 'Add', ...body })),
      properties: [...object.key, object.uid].join(','),
    });
  } catch (error) {
    const stop = stopOfRequest(toFailure(error), false);
    for (const { op } of sendable) {
      if (stop.how === 'missing' || stop.how === 'stale') continue;
      outcomes.set(op.key, { key: op.key, outcome: stop.how, failure: stop.failure });
    }
    return [];
  }
  return sendable.flatMap(({ op }, index) => {
    const row = results[index];
    if (row === undefined) return [];
    if (isSuccess(row)) return [{ op, row }];
    outcomes.set(op.key, refusedRow(op, row, client.rowFailure(row)));
    return [];
  });
}

function refusedRow({ key }: CreateOp, row: BulkRow, failure: Failure): WriteOutcome {
  // The key is taken: perhaps by our own earlier try. Whoever asks `findCreated` is shown the record.
  if (failure.code === CODES.duplicateKey) return { key, outcome: 'unknown', failure };
  const stop = stopOfRow(row.status, failure, false);
  return { key, outcome: stop.how === 'unknown' ? 'unknown' : 'rejected', failure };
}

function bodyOf(
  op: CreateOp,
  object: VendorObject,
  config: WriteDeps['config'],
  { reference, domain }: CreateFacts,
): JsonObject {
  const body = withSite(attributesOf(op.payload), object, config);
  if (object.reference === null && externalIdOf(object, body) === null) {
    throw new Failure(
      'rejected',
      `A new record of ${object.os} needs ${object.key.join(' and ')}, by which it is recognised; add them to the push mapping.`,
      { path: object.listBy },
    );
  }
  if (object.reference !== null && reference !== null) {
    body[object.reference] = op.reference;
    if (reference.sourceChars > 0) body.sourcesysid = SOURCE.slice(0, reference.sourceChars);
  }
  // An order that cannot reach its status is not created at all, lest a closed one of ours stays open there.
  const { status } = op.payload;
  if (object.domain === 'WOSTATUS' && typeof status === 'string') statusPath('WAPPR', status, config);
  // Whether a status is honoured on create is not known (contract 10.7): it is looked at again after reading back.
  if (domain !== null && typeof status === 'string') body.status = domain.external(status);
  // Tasks start in Maximo's own state; their status follows with that of the order.
  const tasks = listOf(op.payload.woactivity, 'woactivity').map(attributesOf);
  if (tasks.length > 0) body.woactivity = tasks;
  if (op.comments.length > 0) body.worklog = op.comments.map(commentRow);
  return body;
}

function withSite(attributes: JsonObject, object: VendorObject, config: WriteDeps['config']): JsonObject {
  const body = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
  if (object.key.includes('siteid') || object.key.includes('class')) body.siteid ??= config.site;
  if (object.key.includes('itemsetid') && config.itemSet !== undefined) body.itemsetid ??= config.itemSet;
  // Key attributes are of type UPPER: the server stores them in capitals (contract 2.2).
  for (const name of object.key) {
    const value = body[name];
    if (typeof value === 'string') body[name] = value.toUpperCase();
  }
  return body;
}

/** Reads what was created and takes it through the steps a create cannot hold: status, bookings, task states. */
async function completeCreated(
  deps: WriteDeps,
  entity: Entity,
  made: readonly Made[],
): Promise<WriteOutcome[]> {
  if (made.length === 0) return [];
  let records: Map<string, ExternalRecord>;
  try {
    records = await readMade(deps, entity, made);
  } catch (error) {
    const failure = toFailure(error);
    return made.map(({ op }) => ({ key: op.key, outcome: 'unknown', failure }));
  }
  const lost = made.filter(({ op }) => !records.has(op.key));
  const changes = made.flatMap(({ op }) => {
    const current = records.get(op.key);
    if (current === undefined) return [];
    return [
      {
        key: op.key,
        current,
        payload: followUp(op.payload),
        asked: op.payload,
        comments: op.comments,
        written: findComments(current.raw, op.comments, []),
        created: true,
      },
    ];
  });
  const outcomes = await applyChanges(deps, entity, changes);
  return [...outcomes, ...lost.map(({ op }) => notFound(op))];
}

function notFound({ key }: CreateOp): WriteOutcome {
  const failure = new Failure(
    'unexpected_response',
    'Maximo says it created the record but does not show it; check that the account may read the site it was created in.',
    { applied: 'unknown' },
  );
  return { key, outcome: 'unknown', failure };
}

async function readMade(
  { reader, config }: WriteDeps,
  entity: Entity,
  made: readonly Made[],
): Promise<Map<string, ExternalRecord>> {
  const object = reader.objectOf(entity);
  const ids = new Map<string, string>();
  for (const { op, row } of made) {
    const id =
      externalIdOf(object, row.data ?? {}) ??
      externalIdOf(object, withSite(attributesOf(op.payload), object, config));
    if (id !== null) ids.set(op.key, id);
  }
  const byId = new Map(
    (await reader.read(entity, [...ids.values()])).map((record) => [record.externalId, record]),
  );
  const nameless = made.filter(({ op }) => !ids.has(op.key)).map(({ op }) => op);
  const found = new Map<string, ExternalRecord>();
  for (const [key, id] of ids) {
    const record = byId.get(id);
    if (record !== undefined) found.set(key, record);
  }
  if (nameless.length > 0) {
    for (const { key, candidates } of await search(reader, entity, nameless)) {
      const [only] = candidates;
      if (only !== undefined && candidates.length === 1) found.set(key, only);
    }
  }
  return found;
}

function followUp(payload: JsonObject): JsonObject {
  const tasks = listOf(payload.woactivity, 'woactivity').filter((task) => typeof task.status === 'string');
  const { status, _holdReason, parts, labour } = payload;
  return {
    ...(status === undefined ? {} : { status }),
    ...(_holdReason === undefined ? {} : { _holdReason }),
    ...(parts === undefined ? {} : { parts }),
    ...(labour === undefined ? {} : { labour }),
    ...(tasks.length > 0 ? { woactivity: tasks } : {}),
  };
}

async function search(
  reader: WriteDeps['reader'],
  entity: Entity,
  ops: readonly CreateOp[],
): Promise<FoundCreated[]> {
  const object = reader.objectOf(entity);
  const { reference } = object;
  if (reference === null) return [];
  const records = await reader.byReference(
    entity,
    ops.map((op) => op.reference),
  );
  return ops.map((op) => ({
    key: op.key,
    candidates: records.filter((record) => record.raw[reference] === op.reference),
  }));
}

export async function findCreated(
  { reader, config }: WriteDeps,
  entity: Entity,
  ops: readonly CreateOp[],
): Promise<FoundCreated[]> {
  const object = reader.objectOf(entity);
  if (object.reference !== null) return search(reader, entity, ops);
  const ids = new Map<string, string>();
  for (const op of ops) {
    const id = externalIdOf(object, withSite(attributesOf(op.payload), object, config));
    if (id !== null) ids.set(op.key, id);
  }
  const records = await reader.read(entity, [...new Set(ids.values())]);
  return ops.map(({ key }) => ({
    key,
    candidates: records.filter((record) => record.externalId === ids.get(key)),
  }));
}
