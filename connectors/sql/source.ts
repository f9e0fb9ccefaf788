/**
 * One entity's place in the database, checked against the catalog when first used: every column the settings name must
 * be there and be of use. Builds the pieces of SQL that reading and writing share.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { DiscoveredField } from '../kit/contract.ts';
import { tableShape } from './catalog.ts';
import type { TableShape } from './catalog.ts';
import type { SqlConfig } from './config.ts';
import type { EntityConfig } from './entity-config.ts';
import type { Database, Tx } from './database.ts';

export interface Source {
  entity: Entity;
  config: EntityConfig;
  /** How messages name it. */
  name: string;
  key: readonly string[];
  zone: string;
  /** Of the table read; null for a query, whose columns nobody describes. */
  shape: TableShape | null;
  /** Of the table written; null when nothing is. */
  target: { table: string; shape: TableShape } | null;
  /** What stands after `from`. */
  from: RawBuilder<unknown>;
  columns: RawBuilder<unknown>;
  /** Whether times of the changed-at column have a place. */
  zoned: boolean;
}

/** What a changed-at column may be: it must have an order in time. */
const ORDERED: readonly DiscoveredField['type'][] = ['instant', 'date', 'integer', 'text'];

export async function resolveSource(
  database: Database,
  tx: Tx,
  config: SqlConfig,
  entity: Entity,
): Promise<Source> {
  const own = config.entities[entity];
  if (own === undefined) throw notThere(entity);
  const at = `entities.${entity}`;
  const shape = own.table === undefined ? null : await shapeOf(database, tx, own.table, `${at}.table`);
  const key = own.key ?? shape?.primaryKey ?? [];
  if (key.length === 0) {
    const message = `The table ${own.table ?? ''} of ${database.where} has no primary key; name the columns that identify a row in ${at}.key, or add a key there.`;
    throw new Failure('invalid_config', message, { path: `${at}.key` });
  }
  const { write } = own;
  const needed = [
    ...key.map((name) => ['key', name] as const),
    ...named('changedAt', own.changedAt),
    ...named('number', own.number),
    ...named('deleted', own.deleted?.column),
    ...(own.columns ?? []).map((name) => ['columns', name] as const),
  ];
  if (shape !== null)
    for (const [field, name] of needed)
      requireColumn(database, shape, own.table ?? '', name, `${at}.${field}`);
  const changed = shape?.columns.get(own.changedAt ?? '');
  if (changed !== undefined && !ORDERED.includes(changed.type)) {
    const message = `The column ${changed.name} of ${own.table ?? ''} at ${database.where} is ${changed.declared}, which cannot tell when a row changed; name a time, a number that grows, or leave ${at}.changedAt out.`;
    throw new Failure('invalid_config', message, { path: `${at}.changedAt` });
  }
  const writeTable = write === undefined ? undefined : (write.table ?? own.table);
  const target =
    writeTable === undefined
      ? null
      : {
          table: writeTable,
          shape:
            writeTable === own.table && shape !== null
              ? shape
              : await shapeOf(database, tx, writeTable, `${at}.write.table`),
        };
  if (target !== null) {
    const written = [
      ...key,
      ...[write?.reference, write?.createdAt, ...(write?.naturalKey ?? [])].filter(
        (name) => name !== undefined,
      ),
      ...(write?.stamp === true && own.changedAt !== undefined ? [own.changedAt] : []),
      ...(typeof write?.delete === 'object' ? [write.delete.column] : []),
    ];
    for (const name of written) requireColumn(database, target.shape, target.table, name, `${at}.write`);
  }
  const shown =
    own.columns === undefined ? null : [...new Set([...needed.map(([, name]) => name), ...searched(own)])];
  return {
    entity,
    config: own,
    name: own.table ?? `the query of ${entity}`,
    key,
    zone: own.zone ?? config.zone,
    shape,
    target,
    from:
      own.query === undefined
        ? sql.table(own.table ?? '')
        : sql`(${sql.raw(own.query)}) as ${sql.id('cf_source')}`,
    columns: shown === null ? sql.raw('*') : sql.join(shown.map((name) => sql.id(name))),
    zoned: changed?.zoned ?? false,
  };
}

/** Columns that searches for created rows read, where they can be read. */
function searched({ query, write }: EntityConfig): string[] {
  if (query !== undefined || write === undefined) return [];
  return [write.reference, write.createdAt, ...(write.naturalKey ?? [])].filter((name) => name !== undefined);
}

function named(field: string, name: string | undefined): (readonly [string, string])[] {
  return name === undefined ? [] : [[field, name]];
}

async function shapeOf(database: Database, tx: Tx, table: string, path: string): Promise<TableShape> {
  const shape = await tableShape(database, tx, table);
  if (shape !== null) return shape;
  const message = `There is no table ${table} at ${database.where}, or the user may not see it; correct ${path} in the settings.`;
  throw new Failure('invalid_config', message, { path });
}

function requireColumn(
  database: Database,
  shape: TableShape,
  table: string,
  name: string,
  path: string,
): void {
  if (shape.columns.has(name)) return;
  const like = [...shape.columns.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
  const hint =
    like === undefined ? `it has ${[...shape.columns.keys()].slice(0, 20).join(', ')}` : `write it ${like}`;
  const message = `The table ${table} at ${database.where} has no column ${name} (${path} in the settings): ${hint}.`;
  throw new Failure('invalid_config', message, { path });
}

export function notThere(entity: Entity): Failure {
  const message = `The settings of this connection name no table for ${entity}; add entities.${entity}.`;
  return new Failure('rejected', message, { path: `entities.${entity}` });
}

/** `a = ? and b = ?` */
export function keyIs(key: readonly string[], values: readonly (string | number)[]): RawBuilder<unknown> {
  return sql`(${sql.join(
    key.map((name, index) => sql`${sql.id(name)} = ${values[index] ?? null}`),
    sql` and `,
  )})`;
}

/** Rows behind a key, in the database's own order: `(a > ?) or (a = ? and b > ?)`. */
export function behind(names: readonly string[], values: readonly (string | number)[]): RawBuilder<unknown> {
  const alternatives = names.map((name, index) => {
    const equal = names.slice(0, index).map((before, at) => sql`${sql.id(before)} = ${values[at] ?? null}`);
    return sql`(${sql.join([...equal, sql`${sql.id(name)} > ${values[index] ?? null}`], sql` and `)})`;
  });
  return sql`(${sql.join(alternatives, sql` or `)})`;
}
