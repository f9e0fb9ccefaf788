/**
 * Reading ChatterFix: pages of a full walk, single records, sweeps of keys. Nothing tells what changed (contract 9), so a pull
 * always walks everything and the caller recognises what is unchanged by its content.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { BrokenRecord, ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import type { Client } from './client.ts';
import type { ChatterfixConfig } from './config.ts';
import { manifest } from './manifest.ts';
import type { ObjectShape, Profile } from './profile.ts';
import { normalise, recordOf } from './record.ts';
import { isUnstable, keyOf } from './scan.ts';
import type { Scanner } from './scan.ts';

/** Where a walk stands: an offset with the rows it should meet again, or the last id of a list that comes in one answer. */
const position = z.strictObject({
  v: z.literal(1),
  offset: z.number().int().nonnegative(),
  tail: z.array(z.string()),
  after: z.string().nullable(),
  head: z.string().nullable().default(null),
  backs: z.number().int().nonnegative().default(0),
  /** The pages of this walk did not hold together: the rest comes out of one answer, by id. */
  atOnce: z.boolean().default(false),
});
type Position = z.infer<typeof position>;
const START: Position = {
  v: 1,
  offset: 0,
  tail: [],
  after: null,
  head: null,
  backs: 0,
  atOnce: false,
};

export interface ReaderParts {
  client: Client;
  scanner: Scanner;
  config: ChatterfixConfig;
  /** The generation that answers; known after the first call. */
  profile: () => Promise<Profile>;
}

export type Reader = ReturnType<typeof createReader>;

export function createReader({ client, scanner, config, profile }: ReaderParts) {
  /** Lists that come in one answer are asked for once a walk, not once a page. */
  const held = new Map<Entity, Rows>();

  async function pull(entity: Entity, request: PullRequest): Promise<PullPage> {
    const from = parseCursor(request.cursor);
    assertReadable(entity);
    const now = await profile();
    const shape = now.objects[entity];
    if (shape?.listing.by !== 'offset' || from.atOnce) return pullSorted(entity, request, from);
    const pageSize = Math.min(request.pageSize, shape.listing.max ?? Infinity);
    try {
      const { rows, next } = await scanner.step(now, shape, from, pageSize);
      return {
        ...rowsOf(entity, rows, now),
        cursor: write(next === null ? START : { ...START, ...next }),
        more: next !== null,
      };
    } catch (error) {
      if (!isUnstable(error)) throw error;
      return pullSorted(entity, request, { ...START, atOnce: true });
    }
  }

  /** A page of a list that comes in one answer. */
  async function pullSorted(entity: Entity, request: PullRequest, from: Position): Promise<PullPage> {
    if (from.after === null) held.delete(entity);
    const all = held.get(entity) ?? (await everything(entity));
    held.set(entity, all);
    // By id, not by position: what comes and goes while another worker goes on moves nothing.
    const rest = all.records.filter(
      ({ externalId }) => from.after === null || compareIds(externalId, from.after) > 0,
    );
    const records = rest.slice(0, request.pageSize);
    const last = records.at(-1);
    const more = rest.length > records.length && last !== undefined;
    if (!more) held.delete(entity);
    const cursor = write(more ? { ...START, atOnce: from.atOnce, after: last.externalId } : START);
    return { records, ...(from.after === null ? brokenOf(all) : {}), cursor, more };
  }

  /** All records of a list in one answer, and of the directories in the settings, by id. */
  async function everything(entity: Entity): Promise<Rows> {
    const now = await profile();
    const shape = now.objects[entity];
    const listing = shape?.listing;
    const rows =
      shape === undefined || listing === undefined
        ? []
        : listing.by === 'whole'
          ? await scanner.whole(now, shape, listing.limit)
          : await scanner.atOnce(now, shape);
    const { records: listed, broken = [] } = rowsOf(entity, rows, now);
    const records = new Map([...directory(entity), ...listed].map((record) => [record.externalId, record]));
    return {
      records: [...records.values()].sort((a, b) => compareIds(a.externalId, b.externalId)),
      broken,
    };
  }

  function directory(entity: Entity): ExternalRecord[] {
    if (entity === 'person')
      return config.people.map(({ id, name, username, email }) =>
        recordOf(entity, {
          id,
          name,
          ...(username === undefined ? {} : { username }),
          ...(email === undefined ? {} : { email }),
        }),
      );
    if (entity !== 'location') return [];
    return config.locations.map(({ text, name, code }) =>
      recordOf(entity, { id: text, name: name ?? text, ...(code === undefined ? {} : { code }) }),
    );
  }

  function recordsOf(entity: Entity, rows: readonly JsonObject[], now: Profile): ExternalRecord[] {
    return rowsOf(entity, rows, now).records;
  }

  /**
   * A row without an id is no record and is set aside, the others go on. Of schedules and users the enterprise edition makes
   * such rows by itself (contract 7), which is nobody's mistake.
   */
  function rowsOf(
    entity: Entity,
    rows: readonly JsonObject[],
    now: Profile,
  ): Pick<PullPage, 'records' | 'broken'> {
    const named = rows.filter((row) => keyOf(row) !== null);
    const usual = now.name === 'enterprise3' && (entity === 'plan' || entity === 'person');
    const broken = usual
      ? []
      : rows.filter((row) => keyOf(row) === null).map((row) => withoutId(entity, row));
    return {
      records: named.map((row) => recordOf(entity, normalise(entity, row, now, config))),
      ...brokenOf({ broken }),
    };
  }

  function withoutId(entity: Entity, row: JsonObject): BrokenRecord {
    const failure = new Failure(
      'unexpected_response',
      `${client.hostOf('main')} lists a ${entity.replace('_', ' ')} without an id; give it one there, or delete it there.`,
      { path: 'id', code: 'NO_ID' },
    );
    return { externalId: null, failure, raw: row };
  }

  async function read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    assertReadable(entity);
    const now = await profile();
    const shape = now.objects[entity];
    if (shape?.readOne === true) {
      const records = await inLanes(externalIds, manifest.limits.parallel, (id) => readOne(entity, id));
      return records.filter((record) => record !== null);
    }
    const found = new Map(directory(entity).map((record) => [record.externalId, record]));
    if (shape !== undefined) {
      const wanted = new Set(externalIds);
      // What is asked for one by one was mostly made just now, and stands on the first page.
      const first = externalIds.length < 10 && shape.newestFirst ? 100 : undefined;
      for await (const { rows } of scanner.walk(now, shape, first)) {
        const some = rows.filter((row) => wanted.has(keyOf(row) ?? ''));
        for (const record of recordsOf(entity, some, now)) found.set(record.externalId, record);
        if (externalIds.every((id) => found.has(id))) break;
      }
    }
    return externalIds.flatMap((id) => found.get(id) ?? []);
  }

  /** Null when there is none. */
  async function readOne(entity: Entity, id: string): Promise<ExternalRecord | null> {
    const now = await profile();
    const shape = now.objects[entity];
    if (shape?.readOne !== true) return (await read(entity, [id]))[0] ?? null;
    const row = await readRow(shape, now, id);
    return row === null ? null : (recordsOf(entity, [row], now)[0] ?? null);
  }

  async function readRow(shape: ObjectShape, now: Profile, id: string): Promise<JsonObject | null> {
    if (now.integerIds && !/^\d{1,15}$/.test(id)) return null;
    return client.get(shape, id);
  }

  /** A record as the wire shows it, for what replaces it as a whole; null when there is none. */
  async function rowOf(entity: Entity, id: string): Promise<JsonObject | null> {
    const now = await profile();
    const shape = now.objects[entity];
    if (shape === undefined) return null;
    if (shape.readOne) return readRow(shape, now, id);
    for await (const { rows } of scanner.walk(now, shape)) {
      const row = rows.find((candidate) => keyOf(candidate) === id);
      if (row !== undefined) return row;
    }
    return null;
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    if (cursor !== null) parseCursor(cursor);
    assertReadable(entity);
    const now = await profile();
    const shape = now.objects[entity];
    if (shape === undefined && entity !== 'person' && entity !== 'location') {
      // No keys at all would read as if every record were gone.
      throw new Failure('invalid_request', `${now.title} has no ${entity.replace('_', ' ')}s to list.`);
    }
    const ids = directory(entity).map(({ externalId }) => externalId);
    if (shape !== undefined) ids.push(...(await scanner.completeIds(now, shape)));
    return { externalIds: [...new Set(ids)], cursor: null };
  }

  return { pull, read, readOne, rowOf, recordsOf, keys };
}

interface Rows {
  records: ExternalRecord[];
  broken: BrokenRecord[];
}

/** Absent when there is nothing broken, as in nearly all pages. */
function brokenOf({ broken }: { broken: BrokenRecord[] }): { broken?: BrokenRecord[] } {
  return broken.length === 0 ? {} : { broken };
}

export function assertReadable(entity: Entity): void {
  const { read, note } = manifest.capabilities[entity];
  if (!read) throw new Failure('invalid_request', note ?? 'ChatterFix does not have it.');
}

/** Numbers by size and before everything else, which goes as text. */
function compareIds(a: string, b: string): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== right && !(Number.isNaN(left) && Number.isNaN(right)))
    return Number.isNaN(left) ? 1 : Number.isNaN(right) ? -1 : left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN;
}

function parseCursor(cursor: string | null): Position {
  if (cursor === null) return START;
  try {
    return position.parse(JSON.parse(cursor));
  } catch {
    throw new Failure(
      'invalid_request',
      'The cursor is not one of ChatterFix; start this entity from the beginning.',
    );
  }
}

function write(next: Position): string {
  return JSON.stringify(next);
}
