/**
 * Writing ChatterFix. It has no conditional writes and no idempotency keys (contract 9): an update reads before and after it
 * writes, a create is sent once and carries the mark it is found by.
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
import { createBody, fieldsOf, overlaid, storable, updateBody } from './body.ts';
import type { BodyParts } from './body.ts';
import type { Client } from './client.ts';
import type { ChatterfixConfig } from './config.ts';
import { parseDescription } from './description.ts';
import { createWriteLog, outcomeAfter } from '../kit/write-log.ts';
import { isMissing } from './failures.ts';
import { manifest } from './manifest.ts';
import type { ObjectShape, Profile } from './profile.ts';
import type { Reader } from './read.ts';
import { normalise } from './record.ts';
import type { Scanner } from './scan.ts';
import { updateBySql } from './sql-fallback.ts';

/** How far ChatterFix's clock may be behind ours when a created record is searched for. */
const CLOCK_SKEW_MS = 3_600_000;
/** Naive times may be in a zone that the settings name wrongly; no zone is further off. */
const ZONE_DOUBT_MS = 36 * 3_600_000;

export interface WriterParts {
  client: Client;
  scanner: Scanner;
  reader: Reader;
  config: ChatterfixConfig;
  profile: () => Promise<Profile>;
}

type Verb = 'create' | 'update' | 'remove';

export function createWriter({ client, scanner, reader, config, profile }: WriterParts) {
  async function partsFor(entity: Entity, verb: Verb): Promise<BodyParts & { sql: boolean }> {
    assertPossible(entity, verb);
    const now = await profile();
    const shape = now.objects[entity];
    if (shape === undefined) throw impossible(entity, verb, now, null);
    const sql = verb === 'update' && entity === 'work_order' && config.sqlFallback && now.sql;
    const able = {
      create: shape.created !== null,
      update: shape.update !== null || sql,
      remove: shape.remove,
    };
    if (!able[verb]) throw impossible(entity, verb, now, shape);
    // The statement writes what a create writes, and the due date, which a create drops (contract 4.2).
    const wide = sql ? { ...shape, writable: [...new Set([...shape.writable, 'due_date'])] } : shape;
    return { entity, profile: now, shape: wide, config, sql };
  }

  async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    const parts = await partsFor(entity, 'create');
    const { shape } = parts;
    const fields = fieldsOf(entity, op.payload, shape.noun);
    const body = createBody(
      parts,
      storable(entity, shape, fields, 'create'),
      op.reference,
      markOf(shape, op),
    );
    const log = createWriteLog();
    const later = laterOf(shape, fields);
    const first = Object.keys(fields).filter((name) => !(name in later));
    log.expect([{ name: 'create', fields: first }, ...stepsFor(later)]);
    const answer = await log.step({ name: 'create', fields: first }, () => client.create(shape, body));
    let id = answer.id;
    try {
      const made = (id ??= await foundAlone(entity, op));
      for (const step of stepsFor(later)) await log.step(step, () => finish(parts, made, later));
      const record = await reader.readOne(entity, made);
      if (record !== null) return { key: op.key, outcome: 'done', record, comments: unsent(op.comments) };
      throw new Failure(
        'unexpected_response',
        `${client.hostOf(shape.service)} says that it made the ${shape.noun} ${made} and does not show it.`,
      );
    } catch (error) {
      // It exists there: whatever went wrong since, it must be searched for and not made again.
      const known = id;
      return outcomeAfter(op.key, toFailure(error), log, async () =>
        known === null ? null : reader.readOne(entity, known),
      );
    }
  }

  async function finish(parts: BodyParts, id: string, later: JsonObject): Promise<void> {
    const { entity, shape } = parts;
    const row = await reader.rowOf(entity, id);
    if (row !== null) await client.put(shape, id, updateBody(parts, row, later));
  }

  /** The microservices answer a create without an id (contract 5). */
  async function foundAlone(entity: Entity, op: CreateOp): Promise<string> {
    const [found] = await findCreated(entity, [op]);
    const [only, ...others] = found?.candidates ?? [];
    if (only !== undefined && others.length === 0) return only.externalId;
    throw new Failure(
      'unexpected_response',
      `ChatterFix made a ${entity.replace('_', ' ')} without telling its id, and ${String(found?.candidates.length ?? 0)} records could be it.`,
    );
  }

  async function update(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    const parts = await partsFor(entity, 'update');
    const { shape, profile: now } = parts;
    const fields = storable(entity, shape, fieldsOf(entity, op.payload, shape.noun), 'update');
    const row = await reader.rowOf(entity, op.externalId);
    const before = row === null ? undefined : reader.recordsOf(entity, [row], now)[0];
    if (row === null || before === undefined) return { key: op.key, outcome: 'missing' };
    const comments = unsent(op.comments);
    // What this generation has no place for is lost there, as it would be with a coarser word.
    if (Object.keys(fields).length === 0) return { key: op.key, outcome: 'done', record: before, comments };
    if (op.version !== null && before.version !== op.version)
      return { key: op.key, outcome: 'stale', record: before };

    const body = updateBody(parts, row, fields);
    const wanted = normalise(entity, overlaid(parts, row, body), now, config);
    const names = Object.keys(fields);
    try {
      if (parts.sql) await updateBySql(client, op.externalId, row, body, config.serverZone);
      else await client.put(shape, op.externalId, body);
    } catch (error) {
      if (isMissing(error)) return { key: op.key, outcome: 'missing' };
      const failure = toFailure(error);
      if (failure.applied === 'no') throw failure;
      const after = await reader.readOne(entity, op.externalId).catch(() => null);
      if (after !== null && shows(after.raw, wanted, names))
        return { key: op.key, outcome: 'done', record: after, comments };
      throw failure;
    }
    return readBack(parts, op, before, names, wanted);
  }

  /** The answer proves nothing: a replace of a record that is gone says that it succeeded (contract 4.3). */
  async function readBack(
    { entity, shape }: BodyParts,
    op: UpdateOp,
    before: ExternalRecord,
    names: readonly string[],
    wanted: JsonObject,
  ): Promise<WriteOutcome> {
    let after: ExternalRecord | null;
    try {
      after = await reader.readOne(entity, op.externalId);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'bug') throw failure;
      return { key: op.key, outcome: 'unknown', failure };
    }
    if (after === null) return { key: op.key, outcome: 'missing' };
    if (after.version === before.version && !shows(after.raw, wanted, names)) {
      const failure = new Failure(
        'unexpected_response',
        `${client.hostOf(shape.service)} says that it changed the ${shape.noun} ${op.externalId}, but it is as it was; look at it there.`,
        { path: names[0] ?? '' },
      );
      return { key: op.key, outcome: 'rejected', failure, record: after };
    }
    return { key: op.key, outcome: 'done', record: after, comments: unsent(op.comments) };
  }

  async function remove(entity: Entity, externalId: string): Promise<void> {
    try {
      const { shape, profile: now } = await partsFor(entity, 'remove');
      if (now.integerIds && !/^\d{1,15}$/.test(externalId)) return;
      await client.remove(shape, externalId);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind !== 'rejected' || failure.code !== IMPOSSIBLE) throw failure;
      throw new Failure('invalid_request', failure.message);
    }
  }

  /** One walk for all: by the mark or the unique field; without either by what was sent, among what was made since. */
  async function findCreated(entity: Entity, ops: readonly CreateOp[]): Promise<FoundCreated[]> {
    const now = await profile();
    const shape = now.objects[entity];
    const found = ops.map(({ key }): FoundCreated => ({ key, candidates: [] }));
    if (shape === undefined || shape.created === null || ops.length === 0) return found;
    const parts: BodyParts = { entity, profile: now, shape, config };
    const wanted = ops.map((op) => wantedOf(parts, op));
    const since = Math.min(...ops.map((op) => Date.parse(op.intendedAt)));
    for await (const { rows } of scanner.walk(now, shape, ops.length < 10 ? 100 : undefined)) {
      let older = 0;
      for (const row of rows) {
        const raw = normalise(entity, row, now, config);
        const createdAt = typeof raw['created_at'] === 'string' ? Date.parse(raw['created_at']) : Number.NaN;
        if (createdAt < since - CLOCK_SKEW_MS - ZONE_DOUBT_MS) older += 1;
        wanted.forEach((want, index) => {
          if (!want.fits(row, raw, createdAt)) return;
          found[index]?.candidates.push(...reader.recordsOf(entity, [row], now));
        });
      }
      if (shape.newestFirst && shape.natural === undefined && rows.length > 0 && older === rows.length) break;
    }
    return found;
  }

  function wantedOf(
    parts: BodyParts,
    op: CreateOp,
  ): { fits(row: JsonObject, raw: JsonObject, createdAt: number): boolean } {
    const { entity, shape, profile: now } = parts;
    const natural = shape.natural;
    if (natural !== undefined)
      return { fits: (_, raw) => op.payload[natural] !== undefined && raw[natural] === op.payload[natural] };
    if (config.marker) {
      return {
        fits: (row) =>
          typeof row['description'] === 'string' &&
          parseDescription(row['description']).mark === op.reference,
      };
    }
    const fields = storable(entity, shape, fieldsOf(entity, op.payload, shape.noun), 'create');
    const body = createBody(parts, fields, op.reference, null);
    const wanted = normalise(entity, body, now, config);
    const names = Object.keys(fields);
    const earliest = Date.parse(op.intendedAt) - CLOCK_SKEW_MS;
    return {
      fits: (_, raw, createdAt) => !(createdAt < earliest) && shows(raw, wanted, names),
    };
  }

  function markOf(shape: ObjectShape, op: CreateOp): string | null {
    return config.marker && shape.natural === undefined ? op.reference : null;
  }

  return { create, update, remove, findCreated };
}

/** What a create cannot carry: the consolidated service starts every work order as Open (contract 6). */
function laterOf(shape: ObjectShape, fields: JsonObject): JsonObject {
  return Object.fromEntries(
    (shape.later ?? []).flatMap((name) => {
      const value = fields[name];
      return value === undefined || value === null || value === 'open' ? [] : [[name, value]];
    }),
  );
}

function stepsFor(later: JsonObject): WriteStep[] {
  const fields = Object.keys(later);
  return fields.length === 0 ? [] : [{ name: 'change', fields }];
}

const IMPOSSIBLE = 'not_possible';
const VERBS: Readonly<Record<Verb, string>> = { create: 'create', update: 'change', remove: 'delete' };

/** What no generation can do is known without asking which one it is. */
function assertPossible(entity: Entity, verb: Verb): void {
  const possible = entity === 'asset' || entity === 'part' || entity === 'work_order';
  if (possible) return;
  const note = manifest.capabilities[entity].note ?? 'ChatterFix does not have it.';
  const name = entity.replace('_', ' ');
  throw new Failure('rejected', `ChatterFix has no call to ${VERBS[verb]} ${name}s: ${note}`, {
    code: IMPOSSIBLE,
  });
}

function impossible(entity: Entity, verb: Verb, profile: Profile, shape: ObjectShape | null): Failure {
  const noun = shape?.noun ?? entity.replace('_', ' ');
  const advice =
    entity === 'work_order' && verb === 'update' && profile.sql
      ? 'do it there, or switch on sqlFallback'
      : 'do it there';
  return new Failure(
    'rejected',
    `The ${profile.title} of ChatterFix has no call to ${VERBS[verb]} ${noun}s; ${advice}.`,
    { code: IMPOSSIBLE },
  );
}

/** Nothing in ChatterFix takes a comment. */
function unsent(comments: readonly NewComment[]): CommentOutcome[] {
  return comments.map(({ key }) => ({ key, outcome: 'rejected', externalId: null }));
}

/** Whether a normalised record shows these fields as wanted. */
function shows(raw: JsonObject, wanted: JsonObject, names: readonly string[]): boolean {
  return names.every((name) => jsonEqual(blank(raw[name]), blank(wanted[name])));
}

function blank(value: Json | undefined): Json {
  return value === undefined || value === '' ? null : value;
}
