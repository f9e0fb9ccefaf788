/**
 * Reading UpKeep: pages that lose nothing while the data moves, single records, key sweeps. A cursor is JSON of our own
 * making; what it holds is explained at `Position`.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import type { Client, ListPage, Query } from './client.ts';
import { manifest } from './manifest.ts';
import { OBJECTS, instantOf, normalise } from './wire.ts';
import type { Reading } from './wire.ts';

/** A page shorter than this is certainly the last; a longer one may have been cut by an undocumented maximum. */
const SURELY_LAST_BELOW = 100;
/** Rows read again at each offset step, to notice that rows before them have moved. */
const STEP_OVERLAP = 5;
const KEY_PAGE_SIZE = 200;

/** Where a walk stands. */
const position = z.strictObject({
  v: z.literal(1),
  /** Keyset walks: lower bound of `updatedAt` (inclusive, epoch ms); null from the beginning. */
  since: z.number().nullable(),
  offset: z.number().int().nonnegative(),
  /** Ids of already delivered rows that the next page may show again. */
  tail: z.array(z.string()),
  /** Server's clock when the pass began; null before its first page. */
  startedAt: z.number().nullable(),
  /** Newest `updatedAt` ever seen. */
  newest: z.number().nullable(),
});
type Position = z.infer<typeof position>;

const START: Position = { v: 1, since: null, offset: 0, tail: [], startedAt: null, newest: null };

export function createReader(client: Client, now: () => number) {
  async function pull(entity: Entity, request: PullRequest): Promise<PullPage> {
    const from = parseCursor(request.cursor);
    if (entity === 'plan') return pullPlans(from, request.pageSize);
    return manifest.capabilities[entity].pull === 'incremental'
      ? pullChanged(entity, from, request.pageSize)
      : pullAll(entity, from, request.pageSize);
  }

  /**
   * Keyset on `updatedAt` (contract 2.5): the bound moves to the last row's instant; an offset only while a whole page
   * shares one instant. No upper bound: what changes during the pass comes again at its end, and a server clock that is
   * off cannot hide rows from us.
   */
  async function pullChanged(entity: Entity, from: Position, pageSize: number): Promise<PullPage> {
    const { page, at } = await step(from, pageSize, (limit, offset) =>
      client.list(OBJECTS[entity].path, {
        ...(from.since === null ? {} : { updatedAtGreaterThanOrEqualTo: String(from.since) }),
        orderBy: 'updatedAt ASC',
        limit,
        offset,
      }),
    );
    const rows = page.rows.map((row) => normalise(entity, row));
    const stamps = rows.map((row) => stampOf(row, entity));
    assertAscending(stamps, from.since, entity);
    const startedAt = from.startedAt ?? Math.min(page.servedAt ?? now(), now());
    const last = stamps.at(-1) ?? null;
    const newest = last === null ? from.newest : Math.max(last, from.newest ?? last);
    const records = await complete(entity, fresh(rows, from));

    if (isLast(rows.length, records.length, pageSize)) {
      // Never beyond the newest row seen: if the server's clock is behind ours, later changes carry earlier instants.
      const since = Math.min(startedAt - manifest.limits.overlapMs, newest ?? Number.POSITIVE_INFINITY);
      return { records, cursor: write({ ...START, since, newest }), more: false };
    }
    const moved = last !== null && (from.since === null || last > from.since);
    const next: Position = moved
      ? {
          ...START,
          since: last,
          tail: rows.filter((_, i) => stamps[i] === last).map(keyOf),
          startedAt,
          newest,
        }
      : { ...advance(from, at, rows, pageSize), startedAt, newest };
    return { records, cursor: write(next), more: true };
  }

  /** Everything, oldest first, so that what is created meanwhile comes at the end. */
  async function pullAll(entity: Entity, from: Position, pageSize: number): Promise<PullPage> {
    const { rows, next } = await walk(entity, from, pageSize);
    const records = await complete(entity, rows);
    return { records, cursor: write(next ?? START), more: next !== null };
  }

  async function walk(
    entity: Entity,
    from: Position,
    pageSize: number,
  ): Promise<{ rows: JsonObject[]; next: Position | null }> {
    const { page, at } = await step(from, pageSize, (limit, offset) =>
      client.list(OBJECTS[entity].path, { orderBy: 'createdAt ASC', limit, offset }),
    );
    const rows = page.rows.map((row) => normalise(entity, row));
    const unseen = fresh(rows, from);
    return {
      rows: unseen,
      next: isLast(rows.length, unseen.length, pageSize) ? null : advance(from, at, rows, pageSize),
    };
  }

  /**
   * One page at an offset. When none of the rows delivered last are where they were, rows before them have gone and
   * others have moved up unseen: go back until the delivered ones are met again.
   */
  async function step(
    from: Position,
    pageSize: number,
    list: (limit: string, offset: string) => Promise<ListPage>,
  ): Promise<{ page: ListPage; at: number }> {
    let at = from.offset;
    for (;;) {
      const page = await list(String(pageSize), String(at));
      const met = at === 0 || page.rows.some((row) => from.tail.includes(keyOf(row)));
      if (met || from.tail.length === 0) return { page, at };
      at = Math.max(0, at - pageSize);
    }
  }

  /** One record per (template, schedule); soft-deleted templates are listed too and say so (contract 3.8). */
  async function pullPlans(from: Position, pageSize: number): Promise<PullPage> {
    const templates = await client.plans(from.offset + 1, Math.min(pageSize, SURELY_LAST_BELOW));
    const rows = templates.templates.map((row) => normalise('plan', row));
    const records = fresh(rows, from).flatMap(plansOf);
    const next = { ...START, offset: from.offset + 1, tail: rows.map(keyOf) };
    return { records, cursor: write(templates.more ? next : START), more: templates.more };
  }

  /** Normalised rows as records, a meter with its newest reading. */
  async function complete(entity: Entity, rows: JsonObject[]): Promise<ExternalRecord[]> {
    const records: ExternalRecord[] = [];
    for (const row of rows) records.push(recordOf(entity, entity === 'meter' ? await withReading(row) : row));
    return records;
  }

  /** A meter shows no reading of its own; the newest is a call per meter. */
  async function withReading(row: JsonObject): Promise<JsonObject> {
    const readings = await client.readings(keyOf(row));
    const newest = readings.sort((a, b) => orderOf(b).localeCompare(orderOf(a)))[0];
    return newest === undefined ? row : { ...row, lastReading: { value: newest.value, date: newest.date } };
  }

  async function readOne(entity: Entity, externalId: string): Promise<ExternalRecord | null> {
    if (entity === 'plan') return readPlan(externalId);
    const row = await client.get(OBJECTS[entity].path, externalId);
    if (row === null) return null;
    return (await complete(entity, [normalise(entity, row)]))[0] ?? null;
  }

  /** The single get is only known to carry schedules when asked for, and not for sure then; the list always does. */
  async function readPlan(externalId: string): Promise<ExternalRecord | null> {
    const [template = ''] = externalId.split(':');
    const row = await client.get('/pm', template, { includes: 'schedules' });
    if (row === null) return null;
    if (Array.isArray(row['schedules'])) return find(plansOf(normalise('plan', row)), externalId);
    let cursor: string | null = null;
    for (;;) {
      const page: PullPage = await pullPlans(parseCursor(cursor), SURELY_LAST_BELOW);
      const found = find(page.records, externalId);
      if (found || !page.more) return found;
      cursor = page.cursor;
    }
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    const from = parseCursor(cursor);
    if (entity === 'plan') {
      const page = await pullPlans(from, SURELY_LAST_BELOW);
      return {
        externalIds: page.records.map((record) => record.externalId),
        cursor: page.more ? page.cursor : null,
      };
    }
    const { rows, next } = await walk(entity, from, KEY_PAGE_SIZE);
    return { externalIds: rows.map(keyOf), cursor: next === null ? null : write(next) };
  }

  /** Records created since an instant whose title (or name) is exactly this one. */
  async function findByTitle(entity: Entity, title: string, createdSince: number): Promise<ExternalRecord[]> {
    const { path, title: field } = OBJECTS[entity];
    // Filters on requests are unknown (contract 2.5): newest first until older than the bound.
    const filters: Query =
      entity === 'request' ? {} : { [field]: title, createdAtGreaterThanOrEqualTo: String(createdSince) };
    const found = new Map<string, JsonObject>();
    for (let offset = 0; ;) {
      const page = await client.list(path, {
        ...filters,
        orderBy: 'createdAt DESC',
        limit: String(SURELY_LAST_BELOW),
        offset: String(offset),
      });
      const rows = page.rows.map((row) => normalise(entity, row));
      const recent = rows.filter((row) => epochOf(row['createdAt']) >= createdSince);
      for (const row of recent) if (row[field] === title) found.set(keyOf(row), row);
      if (rows.length < SURELY_LAST_BELOW || recent.length === 0) break;
      offset += rows.length;
    }
    return complete(entity, [...found.values()]);
  }

  return { pull, readOne, complete, keys, findByTitle };
}

export type Reader = ReturnType<typeof createReader>;

export function recordOf(entity: Entity, raw: JsonObject): ExternalRecord {
  const updatedAt = instantOf(raw['updatedAt']);
  const number = raw['workOrderNo'];
  return {
    externalId: keyOf(raw),
    address: null,
    version: updatedAt,
    updatedAt,
    number: entity === 'work_order' && typeof number === 'string' ? number : null,
    raw,
  };
}

function plansOf(template: JsonObject): ExternalRecord[] {
  const { schedules, ...rest } = template;
  if (!Array.isArray(schedules)) return [];
  return schedules.flatMap((entry): ExternalRecord[] => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
    const schedule = normalise('plan', entry);
    const id = `${keyOf(template)}:${keyOf(schedule)}`;
    const stamps = [rest['updatedAt'], schedule['updatedAt']].map(instantOf).filter((at) => at !== null);
    const updatedAt = stamps.sort().at(-1) ?? null;
    const raw: JsonObject = { id, template: rest, schedule };
    return [{ externalId: id, address: null, version: updatedAt, updatedAt, number: null, raw }];
  });
}

function orderOf(reading: Reading): string {
  return `${reading.date} ${reading.createdAt}`;
}

function find(records: ExternalRecord[], externalId: string): ExternalRecord | null {
  return records.find((record) => record.externalId === externalId) ?? null;
}

function keyOf(row: JsonObject): string {
  const id = row['id'] ?? row['_id'];
  if (typeof id === 'string' && id !== '') return id;
  throw new Failure('unexpected_response', 'UpKeep sent a record without an id; report it to the vendor.', {
    path: 'id',
  });
}

function epochOf(value: Json | undefined): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}

function stampOf(row: JsonObject, entity: Entity): number {
  const at = epochOf(row['updatedAt']);
  if (!Number.isNaN(at)) return at;
  const message = `UpKeep sent a ${OBJECTS[entity].noun} without updatedAt, so changes cannot be followed.`;
  throw new Failure('unexpected_response', message, { path: 'updatedAt' });
}

/** Whether the filter and the order are obeyed is "verify" in the contract (2.5); ignored, they would lose rows silently. */
function assertAscending(stamps: readonly number[], since: number | null, entity: Entity): void {
  let bound = since ?? Number.NEGATIVE_INFINITY;
  for (const stamp of stamps) {
    if (stamp < bound) {
      const message = `UpKeep did not obey the filter and order by updatedAt of its ${OBJECTS[entity].noun} list; changes cannot be followed safely.`;
      throw new Failure('unexpected_response', message);
    }
    bound = stamp;
  }
}

function fresh(rows: JsonObject[], from: Position): JsonObject[] {
  const seen = new Set(from.tail);
  return rows.filter((row) => !seen.has(keyOf(row)));
}

function isLast(rows: number, unseen: number, pageSize: number): boolean {
  return rows < Math.min(pageSize, SURELY_LAST_BELOW) || (rows < pageSize && unseen === 0);
}

function advance(from: Position, at: number, rows: JsonObject[], pageSize: number): Position {
  const overlap = Math.min(STEP_OVERLAP, Math.floor(pageSize / 2), rows.length);
  return {
    ...from,
    offset: at + rows.length - overlap,
    tail: overlap === 0 ? [] : rows.slice(-overlap).map(keyOf),
  };
}

function parseCursor(cursor: string | null): Position {
  if (cursor === null) return START;
  try {
    return position.parse(JSON.parse(cursor));
  } catch {
    throw new Failure(
      'invalid_request',
      'The cursor is not one of UpKeep; start this entity from the beginning.',
    );
  }
}

function write(next: Position): string {
  return JSON.stringify(next);
}
