/**
 * Writing UpKeep. It has no conditional writes and no idempotency keys, so an update reads before it writes, a create is
 * sent once, and what can only be added (readings, messages) is looked for or held back before it is added again.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type {
  CommentOutcome,
  CreateOp,
  ExternalRecord,
  FoundCreated,
  NewComment,
  UpdateOp,
  WriteOutcome,
  WriteStep,
} from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { createWriteLog, outcomeAfter } from '../kit/write-log.ts';
import type { WriteLog } from '../kit/write-log.ts';
import type { Client } from './client.ts';
import { isMissing } from './failures.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { recordOf } from './record.ts';
import { OBJECTS, bodyOf, instantOf, normalise } from './wire.ts';

/** How far UpKeep's clock may be behind ours when a created record is searched for. */
const CLOCK_SKEW_MS = 3_600_000;
/** `hierarchyLevel` of the deepest location (contract 3.5). */
const DEEPEST_LEVEL = 5;
/** Verbs by which a request reaches a status (contract 3.2); there is no general update. */
const REQUEST_VERBS: Readonly<Record<string, string>> = {
  approved: 'approve',
  rejected: 'reject',
  cancelled: 'cancel',
};
/** Sent, but never shown on the record or shown otherwise. */
const NOT_COMPARED = new Set(['decreaseInventory', 'lastReading']);

/** A body split by the calls it takes. */
interface Parts {
  fields: JsonObject;
  status: string | null;
  reading: { value: number; date: number } | null;
}

/** What a write still has to do, behind its first call. */
interface Rest {
  entity: Entity;
  key: string;
  id: string;
  /** The record as the last call showed it. */
  shown: JsonObject;
  status: string | null;
  reading: Parts['reading'];
  comments: readonly NewComment[];
  log: WriteLog;
}

const READING: WriteStep = { name: 'reading', fields: ['lastReading'] };
const statusStep = (status: string): WriteStep => ({
  name: `status ${status}`,
  fields: ['status'],
  shows: { status },
});

export function createWriter(client: Client, reader: Reader) {
  async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'create');
    const { fields, status, reading } = split(entity, bodyOf(entity, op.payload));
    await assertDepth(entity, fields);
    const log = createWriteLog();
    const made: WriteStep = { name: 'create', fields: Object.keys(fields) };
    log.expect([made, ...stepsAfter(status, reading)]);
    const created = await log.step(made, async () =>
      normalise(entity, await client.create(OBJECTS[entity].path, fields)),
    );
    const id = recordOf(entity, created).externalId;
    const { key, comments } = op;
    return finish({ entity, key, id, shown: created, status, reading, comments, log });
  }

  async function update(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'update');
    const body = bodyOf(entity, op.payload);
    const { key, externalId: id, comments } = op;
    const found = await client.get(OBJECTS[entity].path, id);
    if (found === null) return { key, outcome: 'missing' };
    const before = normalise(entity, found);
    const writes = Object.keys(body).length > 0;
    if (writes && op.version !== null && recordOf(entity, before).version !== op.version) {
      const [record] = await reader.complete(entity, [before]);
      return { key, outcome: 'stale', record: record ?? recordOf(entity, before) };
    }
    const { fields, status, reading } = joined(entity, split(entity, body), before);
    if (entity === 'request') assertOnlyStatus(fields);
    await assertDepth(entity, fields);
    const log = createWriteLog();
    const change: WriteStep = { name: 'change', fields: Object.keys(fields) };
    const changes = change.fields.length > 0;
    log.expect([...(changes ? [change] : []), ...stepsAfter(status, reading)]);
    try {
      const shown = changes ? await log.step(change, () => patch(entity, id, fields, before)) : before;
      return await finish({ entity, key, id, shown, status, reading, comments, log });
    } catch (error) {
      if (isMissing(error)) return { key, outcome: 'missing' };
      return outcomeAfter(key, toFailure(error), log, () => reader.readOne(entity, id));
    }
  }

  /**
   * The calls after the first, and what to report: when one of them fails the record is partly written, and the outcome tells
   * how far it came.
   */
  async function finish(rest: Rest): Promise<WriteOutcome> {
    const { entity, key, id, shown, comments, log } = rest;
    let last: JsonObject | null;
    try {
      last = await carryOn(rest);
    } catch (error) {
      return outcomeAfter(
        key,
        toFailure(error),
        log,
        async () => (await reader.readOne(entity, id)) ?? recordOf(entity, shown),
      );
    }
    const posted = await post(id, comments);
    // A message or a reading may move `updatedAt` (unknown, contract 10.2): the version to remember is read, not guessed.
    const whole = posted.length === 0 && last !== null && isWhole(last) ? last : null;
    const record =
      whole === null
        ? await reader.readOne(entity, id).catch(() => null)
        : (await reader.complete(entity, [whole]))[0];
    return { key, outcome: 'done', record: record ?? recordOf(entity, last ?? shown), comments: posted };
  }

  /** The record as the last call showed it, null when no call did. */
  async function carryOn({ entity, id, shown, status, reading, log }: Rest): Promise<JsonObject | null> {
    // An order is always created open and a request pending (contract 3.1, 3.2).
    const moves = status !== null && status !== shown['status'];
    const moved = moves ? await log.step(statusStep(status), () => moveTo(entity, id, status, shown)) : shown;
    if (reading === null) return moved;
    await log.step(READING, () => ensureReading(id, reading));
    return null;
  }

  /**
   * PATCH with absolute values. After a lost reply the record is looked at: as wanted, it is done; untouched, it is sent
   * once more; anything else is for the caller to read.
   */
  async function patch(
    entity: Entity,
    id: string,
    fields: JsonObject,
    before: JsonObject,
  ): Promise<JsonObject> {
    const { path } = OBJECTS[entity];
    return settled(entity, id, fields, before, async () => {
      const answer = await client.patch(path, id, fields);
      return answer === null ? null : normalise(entity, answer);
    });
  }

  async function moveTo(entity: Entity, id: string, status: string, before: JsonObject): Promise<JsonObject> {
    if (entity !== 'request') return patch(entity, id, { status }, before);
    const verb = verbOf(status);
    return settled(entity, id, { status }, before, async () => {
      await client.patch('/requests', id, null, verb);
      return null;
    });
  }

  async function settled(
    entity: Entity,
    id: string,
    wanted: JsonObject,
    before: JsonObject,
    send: () => Promise<JsonObject | null>,
  ): Promise<JsonObject> {
    const { path } = OBJECTS[entity];
    for (let again = false; ; again = true) {
      try {
        const answer = await send();
        if (answer !== null && isWhole(answer)) return answer;
        const now = await client.get(path, id);
        return now === null ? { ...before, ...wanted } : normalise(entity, now);
      } catch (error) {
        const failure = toFailure(error);
        if (failure.applied === 'no') throw failure;
        const row = await client.get(path, id).catch(() => null);
        if (row === null) throw failure;
        const now = normalise(entity, row);
        if (shows(now, wanted)) return now;
        if (again || now['updatedAt'] !== before['updatedAt']) throw failure;
      }
    }
  }

  /** A reading cannot be taken back and may raise a work order, so it is never added when it is already there. */
  async function ensureReading(meterId: string, reading: { value: number; date: number }): Promise<void> {
    const date = instantOf(reading.date);
    const there = async (): Promise<boolean> =>
      (await client.readings(meterId)).some((known) => known.value === reading.value && known.date === date);
    if (await there()) return;
    try {
      await client.addReading(meterId, reading);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.applied === 'no' || !(await there())) throw failure;
    }
  }

  /**
   * Messages cannot be read back, so one whose fate is unknown stays unknown. One that surely was not posted (throttle,
   * outage) has no outcome: it is still to be sent.
   */
  async function post(workOrderId: string, comments: readonly NewComment[]): Promise<CommentOutcome[]> {
    const outcomes: CommentOutcome[] = [];
    for (const { key, text, author, maybeSent } of comments) {
      if (maybeSent) {
        outcomes.push({ key, outcome: 'unknown', externalId: null });
        continue;
      }
      try {
        // Posted as the token's user, so the author is named in the text.
        const externalId = await client.addMessage(
          workOrderId,
          author === null ? text : `${author}: ${text}`,
        );
        outcomes.push({ key, outcome: 'done', externalId });
      } catch (error) {
        const { outcome } = outcomeOf(key, toFailure(error));
        if (outcome === 'retry') break;
        outcomes.push({ key, outcome: outcome === 'unknown' ? 'unknown' : 'rejected', externalId: null });
      }
    }
    return outcomes;
  }

  async function assertDepth(entity: Entity, fields: JsonObject): Promise<void> {
    const parent = fields['parentLocation'];
    if (entity !== 'location' || typeof parent !== 'string') return;
    const row = await client.get('/locations', parent);
    if (row === null) {
      throw new Failure(
        'rejected',
        `The parent location ${parent} does not exist in UpKeep; sync it first.`,
        {
          path: 'parentLocation',
        },
      );
    }
    if (Number(row['hierarchyLevel'] ?? 0) >= DEEPEST_LEVEL) {
      const message = `UpKeep holds six levels of locations and ${parent} is on the last; place this one higher or leave it out.`;
      throw new Failure('rejected', message, { path: 'parentLocation' });
    }
  }

  /** By exact title and creation time; of those only records that contradict nothing we sent. */
  async function findCreated(entity: Entity, op: CreateOp): Promise<FoundCreated> {
    const title = op.payload[OBJECTS[entity].title];
    if (!manifest.capabilities[entity].create || typeof title !== 'string')
      return { key: op.key, candidates: [] };
    const { fields } = split(entity, bodyOf(entity, op.payload));
    const since = Date.parse(op.intendedAt) - CLOCK_SKEW_MS;
    const sameTitle = await reader.findByTitle(entity, title, since);
    const exact = sameTitle.filter((record) => shows(record.raw, fields));
    if (exact.length > 0) return { key: op.key, candidates: exact };
    // A field UpKeep does not echo contradicts nothing; better a person chooses than a twin is made.
    const compatible = sameTitle.filter((record) => shows(record.raw, known(fields, record)));
    if (compatible.length > 0) return { key: op.key, candidates: compatible };
    // What was changed since it was made may be ours all the same; what never was would show what we sent.
    const changed = sameTitle.filter(({ raw }) => raw['updatedAt'] !== raw['createdAt']);
    return { key: op.key, candidates: changed, ...(changed.length > 0 ? { doubtful: true as const } : {}) };
  }

  return { create, update, findCreated };
}

/** Whether an answer shows a record as a read would, not only what was sent. */
function isWhole(record: JsonObject): boolean {
  return 'createdAt' in record && 'updatedAt' in record;
}

function known(fields: JsonObject, record: ExternalRecord): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in record.raw));
}

function assertAllowed(entity: Entity, verb: 'create' | 'update'): void {
  const capability = manifest.capabilities[entity];
  if (capability[verb]) return;
  const message = `UpKeep cannot ${verb} a ${OBJECTS[entity].noun} through its API; ${capability.note ?? 'leave it out'}`;
  throw new Failure('rejected', message.replace(/\.?$/, '.'));
}

function assertOnlyStatus(fields: JsonObject): void {
  const [path] = Object.keys(fields);
  if (path === undefined) return;
  const message = `UpKeep cannot change "${path}" of a request: requests are only approved, rejected or cancelled.`;
  throw new Failure('rejected', message, { path });
}

function split(entity: Entity, body: JsonObject): Parts {
  const { status, lastReading, ...rest } = body;
  const steps = entity === 'request' || entity === 'work_order';
  const fields = steps || status === undefined ? rest : { ...rest, status };
  return {
    fields,
    status: steps && typeof status === 'string' ? status : null,
    reading: isReading(lastReading)
      ? { value: Number(lastReading['value']), date: Number(lastReading['date']) }
      : null,
  };
}

function stepsAfter(status: string | null, reading: Parts['reading']): WriteStep[] {
  return [...(status === null ? [] : [statusStep(status)]), ...(reading === null ? [] : [READING])];
}

/** An order that exists takes its status with its other fields, in one call. */
function joined(entity: Entity, parts: Parts, before: JsonObject): Parts {
  const { status, fields } = parts;
  if (entity !== 'work_order' || status === null) return parts;
  return { ...parts, status: null, fields: status === before['status'] ? fields : { ...fields, status } };
}

/** The steps of an update, before it is made. */
export function foresee(entity: Entity, payload: JsonObject, raw: JsonObject): WriteStep[] {
  assertAllowed(entity, 'update');
  const { fields, status, reading } = joined(entity, split(entity, bodyOf(entity, payload)), raw);
  if (entity === 'request') assertOnlyStatus(fields);
  if (entity === 'request' && status !== null && status !== raw['status']) verbOf(status);
  const names = Object.keys(fields);
  return [
    ...(names.length === 0 ? [] : [{ name: 'change', fields: names }]),
    ...stepsAfter(status === raw['status'] ? null : status, reading),
  ];
}

function verbOf(status: string): string {
  const verb = REQUEST_VERBS[status];
  if (verb !== undefined) return verb;
  const message = `An UpKeep request cannot go back to "${status}"; it can only be approved, rejected or cancelled.`;
  throw new Failure('rejected', message, { path: 'status' });
}

function isReading(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a normalised record shows these written values. */
function shows(raw: JsonObject, written: JsonObject): boolean {
  return Object.entries(written).every(([name, value]) => {
    if (NOT_COMPARED.has(name)) return true;
    const there = raw[name];
    if (value === null || value === '') return there === undefined || there === null || there === '';
    if (typeof there === 'string' && typeof value === 'number') return there === instantOf(value);
    if (typeof there === 'string' && typeof value === 'string') return there.trim() === value.trim();
    return jsonEqual(there, value);
  });
}
