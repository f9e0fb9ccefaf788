/**
 * Writing somebody's tables. A transaction says for sure whether a write happened, so only a lost commit is unknown;
 * an update holds the row, compares it with what the decision was based on, and then writes it.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { CreateOp, FoundCreated, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { localOf } from '../kit/local-time.ts';
import type { SqlConfig } from './config.ts';
import type { Database, Tx } from './database.ts';
import type { Reader } from './read.ts';
import { keyIs } from './conditions.ts';
import { boundValue, idOf, keyOfId, keyValues } from './row.ts';
import { notThere } from './resolve-source.ts';
import type { Source } from './source.ts';

/** How far the database's clock may be behind ours when a created row is searched for. */
const CLOCK_SKEW_MS = 3_600_000;

type Target = NonNullable<Source['target']>;

export function createWriter(database: Database, reader: Reader, config: SqlConfig, now: () => number) {
  async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    const own = config.entities[entity];
    if (own?.write === undefined || own.write.insert === 'never') throw cannot(config, entity, 'insert');
    const { write } = own;
    return database.write<WriteOutcome>(async (tx) => {
      const source = await reader.sourceOf(tx, entity);
      const target = targetOf(source);
      const fields =
        write.reference === undefined ? op.payload : { ...op.payload, [write.reference]: op.reference };
      const values = bind(database, source, target, fields, stampOf(source, target, now()));
      const key = await insert(tx, source, target, values, write.insert === 'upsert');
      const [record] = await reader.readIn(tx, source, [key]);
      if (record === undefined) {
        // Taken back: a row that no pull will ever show would be made again and again.
        const message = `The new row ${key} of ${target.table} does not appear in ${source.name}; correct entities.${entity} so that it does.`;
        throw new Failure('rejected', message, { path: `entities.${entity}` });
      }
      return { keep: true, value: { key: op.key, outcome: 'done', record, comments: [] } };
    });
  }

  /** Gives the external id of the new row. */
  async function insert(
    tx: Tx,
    source: Source,
    target: Target,
    values: Map<string, unknown>,
    upsert: boolean,
  ): Promise<string> {
    const names = [...values.keys()];
    const given = source.key.map((name) => values.get(name));
    const told = given.every((value) => value !== undefined && value !== null);
    const into = sql`insert into ${sql.table(target.table)}`;
    const row =
      names.length > 0
        ? sql`(${sql.join(names.map((name) => sql.id(name)))}) values (${sql.join([...values.values()])})`
        : database.dialect === 'mysql'
          ? sql`() values ()`
          : sql`default values`;
    const over = upsert && told ? overwrite(source, names) : sql``;
    if (database.dialect === 'mysql') {
      const { insertId } = await tx.run(sql`${into} ${row} ${over}`);
      if (told) return given.map(String).join('|');
      // One key column that counts up by itself, the others given.
      if (insertId === null) throw keyUnknown(source, target);
      const made = Object.fromEntries(source.key.map((name) => [name, values.get(name) ?? insertId]));
      return idOf(keyValues(source, made));
    }
    const back = sql.join(source.key.map((name) => sql.id(name)));
    const { rows } = await tx.run(sql`${into} ${row} ${over} returning ${back}`);
    const [made] = rows;
    if (made === undefined) throw keyUnknown(source, target);
    return idOf(keyValues(source, made));
  }

  function overwrite(source: Source, names: readonly string[]): RawBuilder<unknown> {
    const others = names.filter((name) => !source.key.includes(name));
    if (database.dialect === 'mysql') {
      const sets = (others.length > 0 ? others : source.key).map(
        (name) => sql`${sql.id(name)} = values(${sql.id(name)})`,
      );
      return sql`on duplicate key update ${sql.join(sets)}`;
    }
    const sets = (others.length > 0 ? others : source.key).map(
      (name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`,
    );
    return sql`on conflict (${sql.join(source.key.map((name) => sql.id(name)))}) do update set ${sql.join(sets)}`;
  }

  async function update(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    const own = config.entities[entity];
    if (own?.write === undefined || !own.write.update) throw cannot(config, entity, 'update');
    const { key, externalId } = op;
    return database.write<WriteOutcome>(async (tx) => {
      const source = await reader.sourceOf(tx, entity);
      const target = targetOf(source);
      const values = keyOfId(source, externalId);
      const held = values !== null && (await hold(tx, source, target, values));
      const [before] = held ? await reader.readIn(tx, source, [externalId]) : [];
      if (values === null || before === undefined) return { keep: false, value: { key, outcome: 'missing' } };
      if (op.version !== null && before.version !== op.version) {
        return { keep: false, value: { key, outcome: 'stale', record: before } };
      }
      const fields = bind(database, source, target, op.payload, stampOf(source, target, now()));
      if (Object.keys(op.payload).length > 0) {
        const sets = [...fields].map(([name, value]) => sql`${sql.id(name)} = ${value}`);
        await tx.run(
          sql`update ${sql.table(target.table)} set ${sql.join(sets)} where ${keyIs(source, values)}`,
        );
      }
      const [after] = await reader.readIn(tx, source, [externalId]);
      if (after === undefined) {
        const message = `The row ${externalId} would no longer appear in ${source.name} after this change; change it there.`;
        throw new Failure('rejected', message);
      }
      return { keep: true, value: { key, outcome: 'done', record: after, comments: [] } };
    });
  }

  /** Nobody else writes the row until the transaction ends; false when there is none. */
  async function hold(tx: Tx, source: Source, target: Target, values: readonly string[]): Promise<boolean> {
    if (database.dialect === 'sqlite') {
      // A write of nothing takes the lock before anything is read: SQLite has no lock of rows.
      const [first = ''] = source.key;
      const { changed } = await tx.run(
        sql`update ${sql.table(target.table)} set ${sql.id(first)} = ${sql.id(first)} where 0 = 1`,
      );
      return changed === 0;
    }
    const rows = await tx.rows(
      sql`select 1 from ${sql.table(target.table)} where ${keyIs(source, values)} for update`,
    );
    return rows.length > 0;
  }

  async function findCreated(entity: Entity, op: CreateOp): Promise<FoundCreated> {
    const write = config.entities[entity]?.write;
    const { key } = op;
    if (write?.reference !== undefined) {
      return { key, candidates: await reader.search(entity, { [write.reference]: op.reference }) };
    }
    if (write?.naturalKey === undefined) return { key, candidates: [] };
    const wanted = Object.fromEntries(write.naturalKey.map((name) => [name, op.payload[name] ?? null]));
    const earliest = Date.parse(op.intendedAt) - CLOCK_SKEW_MS;
    const fitting = (await reader.search(entity, wanted)).filter(({ raw }) => {
      const made = write.createdAt === undefined ? undefined : raw[write.createdAt];
      return typeof made !== 'string' || !(Date.parse(made) < earliest);
    });
    const exact = fitting.filter(({ raw }) => shows(raw, op.payload));
    const candidates = exact.length > 0 ? exact : fitting;
    // Without a time of creation an older row of the same name cannot be told from ours.
    const doubtful = candidates.length > 0 && (write.createdAt === undefined || exact.length === 0);
    return { key, candidates, ...(doubtful ? { doubtful: true as const } : {}) };
  }

  async function remove(entity: Entity, externalId: string): Promise<void> {
    const own = config.entities[entity];
    const how = own?.write?.delete ?? 'never';
    if (how === 'never') {
      const message = `The settings of this connection do not allow to delete a ${entity}; set entities.${entity}.write.delete, or delete it there.`;
      throw new Failure('invalid_request', message, { path: `entities.${entity}.write.delete` });
    }
    await database.write(async (tx) => {
      const source = await reader.sourceOf(tx, entity);
      const target = targetOf(source);
      const values = keyOfId(source, externalId);
      if (values === null) return { keep: false, value: null };
      const where = keyIs(source, values);
      if (how === 'row') await tx.run(sql`delete from ${sql.table(target.table)} where ${where}`);
      else {
        const marks = bind(
          database,
          source,
          target,
          { [how.column]: how.value },
          stampOf(source, target, now()),
        );
        const sets = [...marks].map(([name, value]) => sql`${sql.id(name)} = ${value}`);
        await tx.run(sql`update ${sql.table(target.table)} set ${sql.join(sets)} where ${where}`);
      }
      return { keep: true, value: null };
    });
  }

  return { create, update, findCreated, remove };
}

/** Payload columns as they are bound; one that the table lacks is refused by name. */
function bind(
  database: Database,
  source: Source,
  target: Target,
  payload: JsonObject,
  stamp: JsonObject,
): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries({ ...payload, ...stamp })) {
    const column = target.shape.columns.get(name);
    if (column === undefined) {
      const message = `The table ${target.table} at ${database.where} has no column ${name}; add it there or take it out of the mapping.`;
      throw new Failure('rejected', message, { path: name });
    }
    if (column.readOnly) {
      const message = `The column ${name} of ${target.table} at ${database.where} is computed there and cannot be written; take it out of the mapping.`;
      throw new Failure('rejected', message, { path: name });
    }
    values.set(name, boundValue(value, column, database.dialect, source.zone));
  }
  return values;
}

/** The changed-at column, when the connector is to set it, in the column's own way of writing. */
function stampOf(source: Source, target: Target, epochMs: number): JsonObject {
  const { changedAt, write } = source.config;
  if (write?.stamp !== true || changedAt === undefined) return {};
  const column = target.shape.columns.get(changedAt);
  if (column?.type === 'integer') return { [changedAt]: epochMs };
  if (column?.type === 'instant') return { [changedAt]: new Date(epochMs).toISOString() };
  return { [changedAt]: localOf(epochMs, source.zone) };
}

function targetOf(source: Source): Target {
  if (source.target === null) throw notThere(source.entity);
  return source.target;
}

function shows(raw: JsonObject, payload: JsonObject): boolean {
  return Object.entries(payload).every(([name, value]) => {
    const there = raw[name] ?? null;
    if (jsonEqual(there, value)) return true;
    if (typeof there === 'object' || typeof value === 'object') return false;
    if (String(there) === String(value)) return true;
    // A truth is 1 in databases that have no other word for it.
    if (typeof value === 'boolean' && typeof there === 'number') return there === Number(value);
    return typeof there === 'string' && typeof value === 'string' && Date.parse(there) === Date.parse(value);
  });
}

function keyUnknown(source: Source, target: Target): Failure {
  const message = `The table ${target.table} did not tell the key of the new row; let the mapping set ${source.key.join(', ')}, or let the table count it up.`;
  return new Failure('rejected', message, { path: `entities.${source.entity}.key` });
}

function cannot(config: SqlConfig, entity: Entity, verb: 'insert' | 'update'): Failure {
  if (config.entities[entity] === undefined) return notThere(entity);
  const message = `The settings of this connection do not allow to ${verb} a ${entity}; set entities.${entity}.write.`;
  return new Failure('rejected', message, { path: `entities.${entity}.write` });
}
