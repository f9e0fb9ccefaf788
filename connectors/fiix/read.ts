/**
 * Reading Fiix: passes over what changed, single records, key sweeps. Where a pass stands is `cursor.ts`, what a record
 * shows is `joins.ts`.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { assetFilters } from './categories.ts';
import type { Client } from './client.ts';
import { advance, foreignCursor, readCursor, sinceOf, writeCursor } from './cursor.ts';
import type { Mark, Position } from './cursor.ts';
import type { Joins } from './joins.ts';
import { manifest } from './manifest.ts';
import { READING_FIELDS, compareReadings, keyOf, newestReading, pairOf, parsePair } from './meters.ts';
import { lastId, where } from './pages.ts';
import type { Pages, Query } from './pages.ts';
import { PEOPLE, siteFilters } from './references.ts';
import type { References } from './references.ts';
import type { Tenant } from './tenant.ts';
import { CLASSES, idOf, intOf, parseId } from './wire.ts';

/** Not `*`: a user row holds more about a person than a sync may keep. */
const USER_FIELDS =
  'id, strFullName, strUserName, strEmailAddress, strUserTitle, strPersonnelCode, strTelephone, intUserStatusID, bolGroup, intUpdated';

interface Child {
  className: string;
  parent: string;
}
/** Children with a mark of their own; links to people and forecasts have none (contract 4.2). */
const CHILDREN: Readonly<Partial<Record<Entity, readonly Child[]>>> = {
  part: [{ className: 'Stock', parent: 'intAssetID' }],
  plan: [
    { className: 'ScheduleTrigger', parent: 'intScheduledMaintenanceID' },
    { className: 'ScheduledMaintenanceAsset', parent: 'intScheduledMaintenanceID' },
  ],
  work_order: [
    { className: 'WorkOrderTask', parent: 'intWorkOrderID' },
    { className: 'WorkOrderAsset', parent: 'intWorkOrderID' },
    { className: 'WorkOrderPart', parent: 'intWorkOrderID' },
  ],
};

const keyCursor = z.strictObject({ v: z.literal(1), after: z.int().nonnegative() });

export type Reader = ReturnType<typeof createReader>;

export function createReader(
  client: Client,
  pages: Pages,
  tenant: Tenant,
  references: References,
  complete: Joins,
  now: () => number,
) {
  /** Newest reading by meter as last seen: spares asking again for each older reading of it. */
  const newestByMeter = new Map<string, JsonObject>();

  async function queryOf(entity: Entity, fields?: string): Promise<Query> {
    const sites = await tenant.siteIds();
    const { className } = CLASSES[entity];
    switch (entity) {
      case 'person':
        return { className, fields: fields ?? USER_FIELDS, filters: [PEOPLE] };
      case 'location':
      case 'asset':
      case 'part': {
        const filters = [...assetFilters(entity, await tenant.categories()), ...siteFilters(sites, true)];
        return { className, fields: fields ?? '*', filters };
      }
      case 'meter':
        return { className, fields: fields ?? READING_FIELDS, filters: [] };
      case 'plan':
      case 'work_order':
        return { className, fields: fields ?? '*', filters: siteFilters(sites, false) };
      case 'request':
        throw notRead(entity);
    }
  }

  async function pull(entity: Entity, { cursor, pageSize }: PullRequest): Promise<PullPage> {
    if (!manifest.capabilities[entity].read) throw notRead(entity);
    const from = readCursor(cursor);
    const query = await queryOf(entity);
    return from.phase === null ? load(entity, query, from, pageSize) : changes(entity, query, from, pageSize);
  }

  /** Everything by id. The marks are taken before the first page, so that nothing changes unseen while it runs. */
  async function load(entity: Entity, query: Query, from: Position, pageSize: number): Promise<PullPage> {
    const began = from.began ?? now();
    const marks = from.began === null ? await newestMarks(entity, query) : from.marks;
    const { rows, last } = await pages.page(query, from.after, pageSize);
    const records = entity === 'meter' ? await meters(rows, 'load') : await complete(entity, rows);
    const next: Position = last
      ? { v: 1, marks, next: [], phase: 0, after: 0, began: null }
      : { ...from, marks, after: lastId(rows, from.after), began };
    return { records, cursor: writeCursor(next), more: !last };
  }

  async function newestMarks(entity: Entity, query: Query): Promise<Mark[]> {
    const marks: Mark[] = [];
    for (const { className, filters } of [query, ...(CHILDREN[entity] ?? [])].map(asQuery)) {
      const newest = await pages.newest({ className, fields: '', filters });
      marks.push({ newest, knownAt: now(), settled: false });
    }
    return marks;
  }

  async function changes(entity: Entity, query: Query, from: Position, pageSize: number): Promise<PullPage> {
    const phases = CHILDREN[entity] ?? [];
    const phase = from.phase ?? 0;
    const mark = from.marks[phase];
    if (!mark || phase > phases.length) throw foreignCursor();
    const began = from.began ?? now();
    const child = phase === 0 ? null : (phases[phase - 1] ?? null);
    const base = child ? { className: child.className, fields: `id, ${child.parent}, intUpdated` } : query;
    const changed = {
      ...base,
      filters: [...(child ? [] : (query.filters ?? [])), where('intUpdated > ?', [sinceOf(mark)])],
    };
    const { rows, last } = await pages.page(changed, from.after, pageSize);
    const known = from.after === 0 ? await newestOf(mark, changed, rows, pageSize, began) : null;
    const next = known === null ? from.next : [...from.next.slice(0, phase), known];
    const records = child
      ? await parentsOf(entity, query, child, rows, sinceOf(from.marks[0] ?? mark))
      : entity === 'meter'
        ? await meters(rows, 'changes')
        : await complete(entity, rows);
    if (!last) {
      const at = { ...from, next, after: lastId(rows, from.after), began };
      return { records, cursor: writeCursor(at), more: true };
    }
    const more = phase < phases.length;
    const at: Position = more
      ? { ...from, next, phase: phase + 1, after: 0, began }
      : { v: 1, marks: next, next: [], phase: 0, after: 0, began: null };
    return { records, cursor: writeCursor(at), more };
  }

  /**
   * The mark a pass leaves behind, taken at its first page: a page with room to spare tells it (or too little, which only
   * reads more again); otherwise the vendor is asked. Between the two lie seconds, the overlap is minutes.
   */
  async function newestOf(
    mark: Mark,
    query: Query,
    rows: JsonObject[],
    pageSize: number,
    began: number,
  ): Promise<Mark> {
    const seen =
      rows.length < pageSize
        ? Math.max(mark.newest, ...rows.map((row) => intOf(row['intUpdated']) ?? 0))
        : await pages.newest(query);
    return advance(mark, seen, began, now());
  }

  /** Records of which a child changed, without those that the walk over the class itself has shown with that change. */
  async function parentsOf(
    entity: Entity,
    query: Query,
    child: Child,
    rows: readonly JsonObject[],
    since: number,
  ): Promise<ExternalRecord[]> {
    const changedAt = new Map<number, number>();
    for (const row of rows) {
      const parent = intOf(row[child.parent]);
      if (parent === null) continue;
      changedAt.set(parent, Math.max(intOf(row['intUpdated']) ?? 0, changedAt.get(parent) ?? 0));
    }
    const parents = await pages.byIds(query, [...changedAt.keys()]);
    const unseen = parents.filter((row) => {
      const own = intOf(row['intUpdated']) ?? 0;
      return own <= since || own < (changedAt.get(idOf(row)) ?? 0);
    });
    return complete(entity, unseen);
  }

  /**
   * Meters of which these readings are the newest. During a load each meter is shown once, where its newest reading
   * comes by; later a meter is shown whenever one of its readings may have become the newest.
   */
  async function meters(rows: readonly JsonObject[], walk: 'load' | 'changes'): Promise<ExternalRecord[]> {
    const byMeter = Map.groupBy(rows, (row) => {
      const pair = pairOf(row);
      return pair === null ? '' : keyOf(pair);
    });
    byMeter.delete('');
    const shown: JsonObject[] = [];
    for (const [key, readings] of byMeter) {
      const held = newestByMeter.get(key);
      const pair = parsePair(key);
      const older =
        held !== undefined &&
        readings.every((row) => idOf(row) !== idOf(held) && compareReadings(row, held) < 0);
      if (older || pair === null) continue;
      const newest = await newestReading(client, pair);
      if (newest === null) continue;
      newestByMeter.set(key, newest);
      if (walk === 'changes' || readings.some((row) => idOf(row) === idOf(newest))) shown.push(newest);
    }
    return complete('meter', shown);
  }

  async function read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    if (!manifest.capabilities[entity].read) throw notRead(entity);
    if (entity === 'meter') {
      const newest: JsonObject[] = [];
      for (const pair of externalIds.map(parsePair)) {
        const row = pair && (await newestReading(client, pair));
        if (row) newest.push(row);
      }
      return complete('meter', newest);
    }
    const ids = externalIds.map(parseId).filter((id) => id !== null);
    return complete(entity, await pages.byIds(await queryOf(entity), [...new Set(ids)]));
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    if (!manifest.capabilities[entity].read) throw notRead(entity);
    const after = cursor === null ? 0 : readKeyCursor(cursor);
    const query = await queryOf(entity, entity === 'meter' ? 'id, intAssetID, intMeterReadingUnitsID' : 'id');
    const { rows, last } = await pages.page(query, after, manifest.limits.pageSizeMax);
    return {
      externalIds: entity === 'meter' ? await meterKeys(rows) : rows.map((row) => String(idOf(row))),
      cursor: last ? null : JSON.stringify({ v: 1, after: lastId(rows, after) }),
    };
  }

  async function meterKeys(rows: readonly JsonObject[]): Promise<string[]> {
    const pairs = rows.map(pairOf).filter((pair) => pair !== null);
    const shown = await references.assets(pairs.map(({ assetId }) => assetId));
    return [...new Set(pairs.filter(({ assetId }) => shown.has(assetId)).map(keyOf))];
  }

  return { pull, read, keys, queryOf };
}

function asQuery(query: { className: string; filters?: Query['filters'] }): {
  className: string;
  filters: NonNullable<Query['filters']>;
} {
  return { className: query.className, filters: query.filters ?? [] };
}

function readKeyCursor(cursor: string): number {
  try {
    return keyCursor.parse(JSON.parse(cursor)).after;
  } catch {
    throw new Failure(
      'invalid_request',
      'This cursor is not one of a Fiix key sweep; start over without a cursor.',
      {
        path: 'cursor',
      },
    );
  }
}

function notRead(entity: Entity): Failure {
  return new Failure(
    'invalid_request',
    `Fiix has no ${CLASSES[entity].noun} to read; requests are work orders with status Requested there.`,
  );
}
