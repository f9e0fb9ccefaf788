/**
 * Reading UpKeep: pages that lose nothing while the data moves, single records, key sweeps. What changed is followed by
 * `updatedAt`; everything else is walked by the kit.
 */
import { FEWEST_ON_A_PAGE } from '../kit/walk/short-page.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { BrokenRecord, ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { WALK_START } from '../kit/walk/position.ts';
import type { WalkPosition } from '../kit/walk/position.ts';
import type { Walk } from '../kit/walk/style.ts';
import { createWalker } from '../kit/walk/walk.ts';
import type { WalkStep } from '../kit/walk/walk.ts';
import type { Client, ListPage, Query } from './client.ts';
import { CHANGES_START, parseChanges, parseWalk, writeChanges, writeWalk } from './cursor.ts';
import type { ChangesPosition } from './cursor.ts';
import { manifest } from './manifest.ts';
import { epochOf, idIn, plansOf, recordOf, sortOut } from './record.ts';
import { instantOf, normalise, OBJECTS } from './wire.ts';
import type { Reading } from './wire.ts';

/** Rows read again at each offset step, to notice that rows before them have moved. */
const STEP_OVERLAP = 5;
const KEY_PAGE_SIZE = 200;
const SEARCH_PAGE_SIZE = 100;
const PLAN_PAGE_SIZE = 100;

export type Reader = ReturnType<typeof createReader>;

export function createReader(client: Client, now: () => number) {
  const walker = createWalker();

  async function pull(entity: Entity, request: PullRequest): Promise<PullPage> {
    if (manifest.capabilities[entity].pull === 'incremental') return pullChanged(entity, request);
    const walk = entity === 'plan' ? planWalk('pull') : listWalk(entity, 'pull');
    const step = await walker.step(walk, parseWalk(request.cursor), request.pageSize);
    const { rows, broken } = sortOut(entity, step.rows);
    return {
      records: await complete(entity, rows),
      ...asBroken(broken),
      cursor: writeWalk(step.next ?? WALK_START),
      more: step.next !== null,
      ...(step.incomplete === null ? {} : { incomplete: step.incomplete }),
    };
  }

  /**
   * Keyset on `updatedAt` (contract 2.5): the bound moves to the last row's instant; an offset only while a whole page
   * shares one instant. No upper bound: what changes during the pass comes again at its end, and a server clock that is
   * off cannot hide rows from us.
   */
  async function pullChanged(entity: Entity, request: PullRequest): Promise<PullPage> {
    const { pageSize } = request;
    const from = parseChanges(request.cursor);
    const { page, at } = await step(entity, from, pageSize);
    const { rows, broken } = sortOut(entity, page.rows, true);
    const stamps = rows.map((row) => epochOf(row['updatedAt']));
    assertAscending(stamps, from.since, entity);
    const startedAt = from.startedAt ?? Math.min(page.servedAt ?? now(), now());
    const last = stamps.at(-1) ?? null;
    const newest = last === null ? from.newest : Math.max(last, from.newest ?? last);
    const fresh = rows.filter((row) => !from.tail.includes(idIn(row) ?? ''));
    const told = { records: await complete(entity, fresh), ...asBroken(broken) };

    if (isLast({ rows: page.rows.length, unseen: fresh.length + broken.length, asked: pageSize, at })) {
      // Never beyond the newest row seen: if the server's clock is behind ours, later changes carry earlier instants.
      const since = Math.min(startedAt - manifest.limits.overlapMs, newest ?? Number.POSITIVE_INFINITY);
      return { ...told, cursor: writeChanges({ ...CHANGES_START, since, newest }), more: false };
    }
    const moved = last !== null && (from.since === null || last > from.since);
    const next: ChangesPosition = moved
      ? {
          ...CHANGES_START,
          since: last,
          tail: rows.flatMap((row, i) => (stamps[i] === last ? (idIn(row) ?? []) : [])),
        }
      : advance(from, at, page.rows, pageSize);
    return { ...told, cursor: writeChanges({ ...next, startedAt, newest }), more: true };
  }

  /**
   * One page of changes, at an offset where a whole page shared one instant. When none of the rows delivered last are where
   * they were, rows before them have gone and others have moved up unseen: go back until the delivered ones are met again.
   */
  async function step(
    entity: Entity,
    from: ChangesPosition,
    pageSize: number,
  ): Promise<{ page: ListPage; at: number }> {
    const { path } = OBJECTS[entity];
    for (let at = from.offset; ; at = Math.max(0, at - pageSize)) {
      const page = await client.list(path, {
        ...(from.since === null ? {} : { updatedAtGreaterThanOrEqualTo: String(from.since) }),
        orderBy: 'updatedAt ASC',
        limit: String(pageSize),
        offset: String(at),
      });
      const [first] = page.rows;
      if (at > 0 && from.head !== null && first !== undefined && idIn(first) === from.head) throw stuck(path);
      const met = at === 0 || page.rows.some((row) => from.tail.includes(idIn(row) ?? ''));
      if (met || from.tail.length === 0) return { page, at };
    }
  }

  function stuck(path: string): Failure {
    return new Failure(
      'unexpected_response',
      `${client.host} shows the first page of ${path} again whatever the offset, so what follows cannot be read; report it to the vendor.`,
    );
  }

  /** Everything, oldest first, so that what is created meanwhile comes at the end. */
  function listWalk(
    entity: Entity,
    purpose: string,
    filters: Query = { orderBy: 'createdAt ASC' },
  ): Walk<JsonObject> {
    const { path } = OBJECTS[entity];
    return {
      id: `${purpose} ${path}`,
      list: `The list ${path} of ${client.host}`,
      setting: 'pageSize of the connection',
      keyOf,
      style: {
        by: 'offset',
        sizeMax: manifest.limits.pageSizeMax,
        async ask(offset, size) {
          const { rows } = await client.list(path, {
            ...filters,
            limit: String(size),
            offset: String(offset),
          });
          return { rows, total: isSurelyLast(rows.length, size) ? offset + rows.length : null };
        },
      },
    };
  }

  /** Templates with their schedules, page by page as the answer itself leads (contract 3.8). */
  function planWalk(purpose: string): Walk<JsonObject> {
    return {
      id: `${purpose} /pm`,
      list: `The list /pm of ${client.host}`,
      setting: 'pageSize of the connection',
      keyOf,
      style: {
        by: 'pointer',
        sizeMax: PLAN_PAGE_SIZE,
        emptyEnds: true,
        async ask(pointer, size) {
          const page = pointer === null ? 1 : Number(pointer);
          const { templates, more } = await client.plans(page, size);
          return { rows: templates, next: more ? String(page + 1) : null };
        },
      },
    };
  }

  /** Normalised rows as records: templates as their plans, a meter with its newest reading. */
  async function complete(entity: Entity, rows: readonly JsonObject[]): Promise<ExternalRecord[]> {
    if (entity === 'plan') return rows.flatMap(plansOf);
    const records: ExternalRecord[] = [];
    for (const row of rows) records.push(recordOf(entity, entity === 'meter' ? await withReading(row) : row));
    return records;
  }

  /** A meter shows no reading of its own; the newest is a call per meter. */
  async function withReading(row: JsonObject): Promise<JsonObject> {
    const readings = await client.readings(idIn(row) ?? '');
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
    const find = (records: readonly ExternalRecord[]): ExternalRecord | null =>
      records.find((record) => record.externalId === externalId) ?? null;
    const row = await client.get('/pm', template, { includes: 'schedules' });
    if (row === null) return null;
    if (Array.isArray(row['schedules'])) return find(plansOf(normalise('plan', row)));
    const walk = planWalk(`find ${template}`);
    for (let from: WalkPosition | null = WALK_START; from !== null;) {
      const { rows, next }: WalkStep<JsonObject> = await walker.step(walk, from, PLAN_PAGE_SIZE);
      const found = find(sortOut('plan', rows).rows.flatMap(plansOf));
      if (found !== null) return found;
      from = next;
    }
    return null;
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    const walk = entity === 'plan' ? planWalk('keys') : listWalk(entity, 'keys');
    const { rows, next, incomplete } = await walker.step(walk, parseWalk(cursor), KEY_PAGE_SIZE);
    const sorted = sortOut(entity, rows);
    const externalIds =
      entity === 'plan'
        ? sorted.rows.flatMap(plansOf).map((record) => record.externalId)
        : sorted.rows.flatMap((row) => idIn(row) ?? []);
    const doubt = incomplete ?? (sorted.broken.length > 0 ? `${walk.list} holds rows without an id.` : null);
    return {
      externalIds,
      cursor: next === null ? null : writeWalk(next),
      ...(doubt === null ? {} : { incomplete: doubt }),
    };
  }

  /** Records created since an instant whose title (or name) is exactly this one, newest first until older than the bound. */
  async function findByTitle(entity: Entity, title: string, createdSince: number): Promise<ExternalRecord[]> {
    const field = OBJECTS[entity].title;
    // Filters on requests are unknown (contract 2.5).
    const filters: Query =
      entity === 'request' ? {} : { [field]: title, createdAtGreaterThanOrEqualTo: String(createdSince) };
    const walk = listWalk(entity, `find ${title}`, { ...filters, orderBy: 'createdAt DESC' });
    const found: JsonObject[] = [];
    for (let from: WalkPosition | null = WALK_START; from !== null;) {
      const { rows, next }: WalkStep<JsonObject> = await walker.step(walk, from, SEARCH_PAGE_SIZE);
      const recent = sortOut(entity, rows).rows.filter((row) => epochOf(row['createdAt']) >= createdSince);
      found.push(...recent.filter((row) => row[field] === title));
      from = recent.length === 0 ? null : next;
    }
    return complete(entity, found);
  }

  /** The oldest user an account shows: the same one whoever of the account logs in. */
  /** Of what is shown, not simply the first: that the order is obeyed is unproven. */
  async function oldestUser(): Promise<string | null> {
    const query = { limit: String(SEARCH_PAGE_SIZE), offset: '0', orderBy: 'createdAt ASC' };
    const { rows } = await client.list('/users', query);
    const users = rows.flatMap((row) => {
      const id = idIn(row);
      return id === null ? [] : [`${instantOf(row['createdAt']) ?? '9'} ${id}`];
    });
    return users.sort()[0]?.split(' ')[1] ?? null;
  }

  return { pull, readOne, complete, keys, findByTitle, oldestUser };
}

/** Identity of a row; of one without, all that is in it. */
function keyOf(row: JsonObject): string {
  return idIn(row) ?? JSON.stringify(row);
}

function asBroken(broken: BrokenRecord[]): { broken?: BrokenRecord[] } {
  return broken.length === 0 ? {} : { broken };
}

function orderOf(reading: Reading): string {
  return `${reading.date} ${reading.createdAt}`;
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

/** Whether a page shorter than asked for is the last: a server that does not take our size gives its own, which nobody knows (contract 2.4). */
function isSurelyLast(rows: number, asked: number): boolean {
  return rows < asked && rows < FEWEST_ON_A_PAGE;
}

interface Shown {
  rows: number;
  unseen: number;
  asked: number;
  /** The offset the page was shown at. */
  at: number;
}

/**
 * A page without anything new is the end behind an offset only: at the beginning of an instant that more rows share than the server
 * gives at once, what was delivered fills the whole page and the rest stands behind it.
 */
function isLast({ rows, unseen, asked, at }: Shown): boolean {
  return isSurelyLast(rows, asked) || (rows < asked && unseen === 0 && (rows === 0 || at > 0));
}

function advance(
  from: ChangesPosition,
  at: number,
  rows: readonly JsonObject[],
  pageSize: number,
): ChangesPosition {
  const overlap = Math.min(STEP_OVERLAP, Math.floor(pageSize / 2), Math.max(0, rows.length - 1));
  const [first] = rows;
  return {
    ...from,
    offset: at + rows.length - overlap,
    tail: overlap === 0 ? [] : rows.slice(-overlap).map(keyOf),
    head: at === 0 && first !== undefined ? idIn(first) : from.head,
  };
}
