/**
 * Reading Fiix: passes over what changed, single records, key sweeps. Where a pass stands is `cursor.ts`, what a record
 * shows is `joins.ts`.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { assetFilters } from './categories.ts';
import type { Client } from './client.ts';
import { CHILDREN, createChanges } from './changes.ts';
import { readCursor, sinceOf, writeCursor } from './cursor.ts';
import type { Mark, Position } from './cursor.ts';
import type { Joins } from './joins.ts';
import { manifest } from './manifest.ts';
import { READING_FIELDS, compareReadings, keyOf, newestReading, pairOf, parsePair } from './meters.ts';
import { lastId } from './pages.ts';
import type { Pages, Query } from './pages.ts';
import { PEOPLE, siteFilters } from './references.ts';
import type { References } from './references.ts';
import { markOnly, remember, wholeRow } from './seen.ts';
import type { Seen } from './seen.ts';
import type { Tenant } from './tenant.ts';
import { CLASSES, idOf, parseId } from './wire.ts';

/** Not `*`: a user row holds more about a person than a sync may keep. */
const USER_FIELDS =
  'id, strFullName, strUserName, strEmailAddress, strUserTitle, strPersonnelCode, strTelephone, intUserStatusID, bolGroup, intUpdated';

const keyCursor = z.strictObject({ v: z.literal(1), after: z.int().nonnegative() });

export type Reader = ReturnType<typeof createReader>;

export interface ReaderDeps {
  client: Client;
  pages: Pages;
  tenant: Tenant;
  references: References;
  complete: Joins;
  now: () => number;
}

export function createReader({ client, pages, tenant, references, complete, now }: ReaderDeps) {
  /** Newest reading by meter as last seen: spares asking again for each older reading of it. */
  const newestByMeter = new Map<string, JsonObject>();
  const metersOf = (rows: readonly JsonObject[]): Promise<ExternalRecord[]> => meters(rows, 'changes');
  const changes = createChanges({ pages, complete, metersOf, now });

  /**
   * Everything of the entity's class that the connection sees. Whether a row of the class Asset is a machine, a place or a part
   * is judged when it is here, by categories that may be newer than the ones a filter would name.
   */
  async function queryOf(entity: Entity, fields?: string): Promise<Query> {
    const sites = await tenant.siteIds();
    const { className } = CLASSES[entity];
    switch (entity) {
      case 'person':
        return { className, fields: fields ?? USER_FIELDS, filters: [PEOPLE] };
      case 'location':
      case 'asset':
      case 'part':
        return { className, fields: fields ?? '*', filters: siteFilters(sites, true) };
      case 'meter':
        return { className, fields: fields ?? READING_FIELDS, filters: [] };
      case 'plan':
      case 'work_order':
        return { className, fields: fields ?? '*', filters: siteFilters(sites, false) };
      case 'request':
        throw notRead(entity);
    }
  }

  /** The same for a walk over everything, which asks for rows of the one kind only. */
  async function narrowed(entity: Entity, query: Query, begins: boolean): Promise<Query> {
    if (entity !== 'location' && entity !== 'asset' && entity !== 'part') return query;
    const categories = await tenant.categories(begins ? 'anew' : []);
    return { ...query, filters: [...assetFilters(entity, categories), ...(query.filters ?? [])] };
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
    const list = await narrowed(entity, query, from.began === null);
    const { rows, last } = await pages.page(list, from.after, pageSize);
    const records = entity === 'meter' ? await meters(rows, 'load') : await complete(entity, rows);
    const seen = seenOf(entity, { ...from, marks }, rows, records);
    const next: Position = last
      ? { v: 1, marks, next: [], phase: 0, after: 0, began: null, seen, seenNext: [] }
      : { ...from, marks, after: lastId(rows, from.after), began, seen };
    return { records, cursor: writeCursor(next), more: !last };
  }

  async function newestMarks(entity: Entity, query: Query): Promise<Mark[]> {
    const children = (CHILDREN[entity] ?? []).map(({ className }): Query => ({ className, fields: '' }));
    const newest = await pages.newest([query, ...children]);
    return newest.map((at) => ({ newest: at, knownAt: now(), settled: false }));
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
    const fields = entity === 'meter' ? 'id, intAssetID, intMeterReadingUnitsID' : 'id';
    const query = await narrowed(entity, await queryOf(entity, fields), cursor === null);
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

/** What of this page the first pass after the load would read again. */
function seenOf(
  entity: Entity,
  { marks, seen }: Position,
  rows: readonly JsonObject[],
  records: readonly ExternalRecord[],
): Seen[] {
  return marks.map((mark, i) => {
    const child = CHILDREN[entity]?.[i - 1];
    const shown = child === undefined ? rows : records.flatMap(({ raw }) => rowsOf(raw[child.shown]));
    const sayingOf = child === undefined ? wholeRow : markOnly;
    return remember(seen[i] ?? {}, shown, sinceOf(mark), sayingOf);
  });
}

function rowsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
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
