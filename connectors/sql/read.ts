/** Reading somebody's tables: pulls in the order of (changed-at, key), single rows, key sweeps, the catalog as a schema. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { DiscoveredSchema, ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { fieldsOfSamples } from '../kit/samples.ts';
import { discoveredFields } from './catalog.ts';
import type { SqlConfig } from './config.ts';
import { parseCursor, startOf, writeCursor } from './cursor.ts';
import type { Position } from './cursor.ts';
import type { Database, Rows, Tx } from './database.ts';
import { epochOf, markOf, spellLike } from './moment.ts';
import type { Mark } from './moment.ts';
import { isDeleted, keyOfId, keyValues, recordOf } from './row.ts';
import type { Row } from './row.ts';
import { behind, keyIs, resolveSource } from './source.ts';
import type { Source } from './source.ts';

const KEYS_PER_PAGE = 1_000;
const KEYS_PER_READ = 100;
const SAMPLES = 50;

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
      if (from.phase !== 'changed') {
        const first = await untold(tx, source, from, request.pageSize);
        if (first.more || from.phase === 'all') return first.page;
        // What is left of the page belongs to the next phase; an empty page would cost a turn.
        const rest = await changed(
          tx,
          source,
          { ...from, phase: 'changed', key: null, mark: null },
          request.pageSize,
        );
        return { ...rest, records: [...first.page.records, ...rest.records] };
      }
      return changed(tx, source, from, request.pageSize);
    });
  }

  /** Rows by key alone: all of them, or those without a changed-at. */
  async function untold(
    tx: Tx,
    source: Source,
    from: Position,
    pageSize: number,
  ): Promise<{ page: PullPage; more: boolean }> {
    const { changedAt } = source.config;
    const conditions = [
      ...(changedAt === undefined ? [] : [sql`${sql.id(changedAt)} is null`]),
      ...(from.key === null ? [] : [behind(source.key, from.key)]),
    ];
    const rows = await select(tx, source, conditions, source.key, pageSize);
    const last = rows.at(-1);
    const more = rows.length === pageSize && last !== undefined;
    const next = more ? { ...from, key: keyValues(source, last) } : startOf(changedAt);
    return { page: { records: shown(source, rows), cursor: writeCursor(next), more }, more };
  }

  async function changed(tx: Tx, source: Source, from: Position, pageSize: number): Promise<PullPage> {
    const changedAt = source.config.changedAt ?? '';
    const conditions = [
      sql`${sql.id(changedAt)} is not null`,
      ...(from.since === null ? [] : [sql`${sql.id(changedAt)} >= ${from.since}`]),
      ...(from.key === null || from.mark === null
        ? []
        : [behind([changedAt, ...source.key], [from.mark, ...from.key])]),
    ];
    const rows = await select(tx, source, conditions, [changedAt, ...source.key], pageSize);
    const last = rows.at(-1);
    const mark = last === undefined ? null : markOf(last[changedAt]);
    const records = shown(source, rows);
    if (rows.length === pageSize && last !== undefined && mark !== null) {
      // In order, so the last of a page is the newest so far.
      return {
        records,
        cursor: writeCursor({ ...from, key: keyValues(source, last), mark, newest: mark }),
        more: true,
      };
    }
    const newest = mark ?? from.mark ?? from.newest;
    const since = newest === null ? null : await nextBound(tx, source, newest);
    return { records, cursor: writeCursor({ ...startOf(changedAt), since, newest }), more: false };
  }

  /**
   * Behind the newest change known, and never behind the future: a clock that once was ahead must not hide what is
   * written with the right one, and a transaction that commits late brings an older time with it.
   */
  async function nextBound(tx: Tx, source: Source, newest: Mark): Promise<Mark | null> {
    const epoch = epochOf(newest, source.zoned, source.zone);
    // A text or number that is no time: it only grows, and its last value is read again.
    if (epoch === null) return newest;
    const bound = Math.min(epoch, await clock(tx)) - source.config.overlapMinutes * 60_000;
    return spellLike(newest, bound, source.zoned, source.zone);
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
    conditions: RawBuilder<unknown>[],
    order: readonly string[],
    limit: number,
  ): Promise<Rows> {
    const where = conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
    const by = sql.join(order.map((name) => sql.id(name)));
    return tx.rows(
      sql`select ${source.columns} from ${source.from} ${where} order by ${by} limit ${sql.lit(limit)}`,
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
      keys.map((key) => keyIs(source.key, key)),
      sql` or `,
    )})`;
    const rows = await select(tx, source, [wanted], source.key, keys.length + 1);
    // MySQL reads "5abc" as 5.
    return shown(source, rows).filter(({ externalId }) => externalIds.includes(externalId));
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
      return shown(source, await select(tx, source, conditions, source.key, KEYS_PER_READ));
    });
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    const from = parseCursor(cursor, undefined);
    if (config.entities[entity] === undefined) return { externalIds: [], cursor: null };
    return database.read(async (tx) => {
      const source = await sourceOf(tx, entity);
      const conditions = from.key === null ? [] : [behind(source.key, from.key)];
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
          .filter((row) => !isDeleted(source, row))
          .map((row) => keyValues(source, row).map(String).join('|')),
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
                shown(source, await select(tx, source, [], source.key, SAMPLES)).map(({ raw }) => raw),
              )
            : discoveredFields(source.shape);
        entities[entity] = { object: source.name, fields };
      }
      // Tables describe themselves; what a query gives is seen in samples only.
      const told = Object.values(config.entities).every((own) => own.query === undefined);
      return { source: told ? 'metadata' : 'samples', entities };
    });
  }

  return { pull, read, readIn, search, keys, probe, discover, sourceOf };
}

function shown(source: Source, rows: readonly Row[]): ExternalRecord[] {
  return rows.filter((row) => !isDeleted(source, row)).map((row) => recordOf(source, row));
}
