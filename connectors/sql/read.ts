/** Reading somebody's tables: pulls in the order of (changed-at, key), single rows, key sweeps, the catalog as a schema. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type {
  BrokenRecord,
  DiscoveredSchema,
  ExternalRecord,
  KeyPage,
  PullPage,
  PullRequest,
} from '../kit/contract.ts';
import { fieldsOfSamples } from '../kit/samples.ts';
import { discoveredFields } from './catalog.ts';
import type { SqlConfig } from './config.ts';
import { parseCursor, startOf, writeCursor } from './cursor.ts';
import type { Position } from './cursor.ts';
import { assertInOrder } from './changed-at.ts';
import { behind, keyIs, keysAreThere, someKeyIsMissing } from './conditions.ts';
import type { Edge } from './conditions.ts';
import type { Database, Rows, Tx } from './database.ts';
import { epochOf, markOf, spellLike } from './moment.ts';
import type { Mark } from './moment.ts';
import { hasKey, idOf, isDeleted, keyOfId, keyValues, rowsWithoutKey, sortRows } from './row.ts';
import type { Row } from './row.ts';
import { resolveSource } from './resolve-source.ts';
import type { ChangeMark, Source } from './source.ts';

const KEYS_PER_PAGE = 1_000;
const KEYS_PER_READ = 100;
const SAMPLES = 50;
/** Rows without a key that are told of at the beginning of a walk; they are of one kind. */
const TOLD_WITHOUT_KEY = 20;
/** How far a clock there may be ahead of the server's before its times are taken for the future. */
const AHEAD_MS = 24 * 60 * 60 * 1_000;

export type Reader = ReturnType<typeof createReader>;

export function createReader(database: Database, config: SqlConfig, now: () => number) {
  /** Checked once a session: a changed table is noticed by the next one. */
  const sources = new Map<Entity, Source>();

  async function sourceOf(tx: Tx, entity: Entity): Promise<Source> {
    const known = sources.get(entity);
    if (known !== undefined) return known;
    const source = await resolveSource(database, tx, config, entity);
    sources.set(entity, source);
    return source;
  }

  async function pull(entity: Entity, request: PullRequest): Promise<PullPage> {
    const own = config.entities[entity];
    const from = parseCursor(request.cursor, own?.changedAt);
    if (own === undefined) return { records: [], cursor: writeCursor(startOf(undefined)), more: false };
    return database.read(async (tx) => {
      const source = await sourceOf(tx, entity);
      if (from.phase === 'changed') return changed(tx, source, from, request.pageSize);
      const nameless = from.key === null ? await withoutKey(tx, source) : [];
      const first = await untold(tx, source, from, request.pageSize);
      if (first.more || from.phase === 'all') return joined(first.page, nameless);
      // What is left of the page belongs to the next phase; an empty page would cost a turn.
      const behindIt: Position = { ...from, phase: 'changed', key: null, mark: null };
      const rest = await changed(tx, source, behindIt, request.pageSize);
      const { records, broken = [] } = first.page;
      return joined({ ...rest, records: [...records, ...rest.records] }, [...nameless, ...broken]);
    });
  }

  /** Rows without a key have no place in the order: some of them are told at the beginning of each walk. */
  async function withoutKey(tx: Tx, source: Source): Promise<BrokenRecord[]> {
    const missing = someKeyIsMissing(source);
    if (missing === null) return [];
    const rows = await select(tx, source, [missing], [], TOLD_WITHOUT_KEY);
    const broken = rowsWithoutKey(source, rows);
    const [first] = broken;
    if (first === undefined) return [];
    const [named] = await select(tx, source, keysAreThere(source), source.key, 1);
    // Not a single row with a key: the settings are wrong, not the rows.
    if (named === undefined) throw first.failure;
    return broken;
  }

  /** Rows by key alone: all of them, or those whose changed-at tells nothing. */
  async function untold(
    tx: Tx,
    source: Source,
    from: Position,
    pageSize: number,
  ): Promise<{ page: PullPage; more: boolean }> {
    const { changedAt } = source.config;
    const { mark } = source;
    const conditions = [
      ...(mark === null ? [] : [sql`${mark.by} is null`]),
      ...keysAreThere(source),
      ...(from.key === null ? [] : [behind(source, keyEdges(source, from.key))]),
    ];
    const rows = await select(tx, source, conditions, source.key, pageSize);
    const last = rows.at(-1);
    const more = rows.length === pageSize && last !== undefined;
    const next = more ? { ...from, key: keyValues(source, last) } : startOf(changedAt);
    return { page: { ...sortRows(source, rows), cursor: writeCursor(next), more }, more };
  }

  async function changed(tx: Tx, source: Source, from: Position, pageSize: number): Promise<PullPage> {
    const { mark } = source;
    if (mark === null) throw new Failure('bug', 'A walk by changes without a changed-at.');
    const place: Edge[] | null =
      from.key === null || from.mark === null
        ? null
        : [{ by: mark.by, value: from.mark }, ...keyEdges(source, from.key)];
    const conditions = [
      sql`${mark.by} is not null`,
      ...keysAreThere(source),
      ...(from.since === null ? [] : [sql`${mark.by} >= ${from.since}`]),
      ...(place === null ? [] : [behind(source, place)]),
    ];
    const rows = await select(tx, source, conditions, [mark.by, ...source.key], pageSize);
    const last = rows.at(-1);
    const at = last === undefined ? null : markOf(last[mark.column]);
    const sorted = sortRows(source, rows);
    const newest = await newestOf(tx, source, mark, rows, from.newest);
    if (rows.length === pageSize && last !== undefined && at !== null) {
      const next = { ...from, key: keyValues(source, last), mark: at, newest };
      return { ...sorted, cursor: writeCursor(next), more: true };
    }
    const since = newest === null ? null : await nextBound(tx, source, newest);
    return {
      ...sorted,
      cursor: writeCursor({ ...startOf(source.config.changedAt), since, newest }),
      more: false,
    };
  }

  /**
   * The newest change that is a time and not of the future. "For ever" and the year 9999 stand behind every change to come:
   * as a bound they would hide them all.
   */
  async function newestOf(
    tx: Tx,
    source: Source,
    mark: ChangeMark,
    rows: readonly Row[],
    before: Mark | null,
  ): Promise<Mark | null> {
    const marks = rows.map((row) => markOf(row[mark.column])).filter((one) => one !== null);
    const last = marks.at(-1);
    if (last === undefined) return before;
    // A number or text that is no time: it only grows.
    if (!source.timed && epochIn(source, last) === null) return last;
    const now = await clock(tx);
    const good = marks.findLast((one) => {
      const epoch = epochIn(source, one);
      return epoch !== null && epoch <= now + AHEAD_MS;
    });
    return good ?? before;
  }

  /**
   * Behind the newest change known, and never behind the future: a clock that once was ahead must not hide what is
   * written with the right one, and a transaction that commits late brings an older time with it.
   */
  async function nextBound(tx: Tx, source: Source, newest: Mark): Promise<Mark | null> {
    const epoch = epochIn(source, newest);
    // A text or number that is no time: it only grows, and its last value is read again.
    if (epoch === null) return source.timed ? null : newest;
    const bound = Math.min(epoch, await clock(tx)) - source.config.overlapMinutes * 60_000;
    return source.mark?.computed === true ? bound : spellLike(newest, bound, source.zoned, source.zone);
  }

  async function clock(tx: Tx): Promise<number> {
    if (database.dialect === 'sqlite') return now();
    const [row] =
      database.dialect === 'postgres'
        ? await tx.rows(sql`select extract(epoch from clock_timestamp()) * 1000 as now`)
        : await tx.rows(sql`select unix_timestamp(now(3)) * 1000 as now`);
    return Number(row?.['now'] ?? now());
  }

  async function select(
    tx: Tx,
    source: Source,
    conditions: readonly RawBuilder<unknown>[],
    order: readonly (string | RawBuilder<unknown>)[],
    limit: number,
  ): Promise<Rows> {
    const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
    const by = order.map((one) => (typeof one === 'string' ? sql.id(one) : one));
    const ordered = by.length === 0 ? sql`` : sql`order by ${sql.join(by)}`;
    return tx.rows(
      sql`select ${source.columns} from ${source.from} ${where} ${ordered} limit ${sql.lit(limit)}`,
    );
  }

  async function read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    if (config.entities[entity] === undefined) return [];
    const records: ExternalRecord[] = [];
    for (let from = 0; from < externalIds.length; from += KEYS_PER_READ) {
      records.push(...(await readSome(entity, externalIds.slice(from, from + KEYS_PER_READ))));
    }
    return records;
  }

  async function readSome(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    try {
      return await database.read(async (tx) => readIn(tx, await sourceOf(tx, entity), externalIds));
    } catch (error) {
      // "abc" is no number: a key that the column cannot hold is a row that is not there.
      if (toFailure(error).kind !== 'rejected') throw error;
      if (externalIds.length === 1) return [];
      const one: ExternalRecord[] = [];
      for (const id of externalIds) one.push(...(await readSome(entity, [id])));
      return one;
    }
  }

  async function readIn(tx: Tx, source: Source, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    const keys = externalIds.map((id) => keyOfId(source, id)).filter((key) => key !== null);
    if (keys.length === 0) return [];
    const wanted = sql`(${sql.join(
      keys.map((key) => keyIs(source, key)),
      sql` or `,
    )})`;
    const rows = await select(tx, source, [wanted], source.key, keys.length + 1);
    // MySQL reads "5abc" as 5.
    return sortRows(source, rows).records.filter(({ externalId }) => externalIds.includes(externalId));
  }

  /** Rows that fit, for searches of created records. */
  async function search(
    entity: Entity,
    wanted: Readonly<Record<string, unknown>>,
  ): Promise<ExternalRecord[]> {
    return database.read(async (tx) => {
      const source = await sourceOf(tx, entity);
      const conditions = Object.entries(wanted).map(([name, value]) =>
        value === null ? sql`${sql.id(name)} is null` : sql`${sql.id(name)} = ${value}`,
      );
      return sortRows(source, await select(tx, source, conditions, source.key, KEYS_PER_READ)).records;
    });
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    const from = parseCursor(cursor, undefined);
    if (config.entities[entity] === undefined) return { externalIds: [], cursor: null };
    return database.read(async (tx) => {
      const source = await sourceOf(tx, entity);
      const conditions = [
        ...keysAreThere(source),
        ...(from.key === null ? [] : [behind(source, keyEdges(source, from.key))]),
      ];
      const names = [
        ...source.key,
        ...(source.config.deleted === undefined ? [] : [source.config.deleted.column]),
      ];
      const narrow = { ...source, columns: sql.join(names.map((name) => sql.id(name))) };
      const rows = await select(tx, narrow, conditions, source.key, KEYS_PER_PAGE);
      const last = rows.at(-1);
      const more = rows.length === KEYS_PER_PAGE && last !== undefined;
      return {
        externalIds: rows
          .filter((row) => !isDeleted(source, row) && hasKey(source, row))
          .map((row) => idOf(keyValues(source, row))),
        cursor: more ? writeCursor({ ...from, key: keyValues(source, last) }) : null,
      };
    });
  }

  /** Every entity's place is looked at, so that what is wrong with the settings is said at once. */
  async function probe(): Promise<void> {
    await database.read(async (tx) => {
      for (const entity of ENTITIES) {
        if (config.entities[entity] === undefined) continue;
        const source = await sourceOf(tx, entity);
        await select(tx, source, [], source.key, 1);
        await assertInOrder(tx, source);
      }
    });
  }

  async function discover(): Promise<DiscoveredSchema> {
    return database.read(async (tx) => {
      const entities: { [E in Entity]?: { object: string; fields: ReturnType<typeof fieldsOfSamples> } } = {};
      for (const entity of ENTITIES) {
        if (config.entities[entity] === undefined) continue;
        const source = await sourceOf(tx, entity);
        const fields =
          source.shape === null
            ? fieldsOfSamples(
                sortRows(source, await select(tx, source, [], source.key, SAMPLES)).records.map(
                  ({ raw }) => raw,
                ),
              )
            : discoveredFields(source.shape, source.config.booleans);
        entities[entity] = { object: source.name, fields };
      }
      // Tables describe themselves; what a query gives is seen in samples only.
      const told = Object.values(config.entities).every((own) => own.query === undefined);
      return { source: told ? 'metadata' : 'samples', entities };
    });
  }

  return { pull, read, readIn, search, keys, probe, discover, sourceOf };
}

function keyEdges(source: Source, key: readonly Mark[]): Edge[] {
  return source.key.map((by, index) => ({ by, value: key[index] ?? '' }));
}

function epochIn(source: Source, mark: Mark): number | null {
  if (source.mark?.computed === true) return Number(mark);
  return epochOf(mark, source.zoned, source.zone);
}

function joined(page: PullPage, more: readonly BrokenRecord[]): PullPage {
  const broken = [...more, ...(page.broken ?? [])];
  return broken.length === 0 ? page : { ...page, broken };
}
