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
import { MARK_COLUMN, resolveMark } from './changed-at.ts';
import type { SqlConfig } from './config.ts';
import type { EntityConfig } from './entity-config.ts';
import type { Database, Tx } from './database.ts';
import { referencesOf, SOURCE_ALIAS } from './references.ts';
import type { ChangeMark, Reference, Source } from './source.ts';

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
  const needed = neededColumns(own, key);
  if (shape !== null)
    for (const [field, name] of needed)
      requireColumn(database, shape, own.table ?? '', name, `${at}.${field}`);
  const changed = shape?.columns.get(own.changedAt ?? '');
  assertOrdered(database, own, shape, at);
  const references = await referencesOf(database, tx, config, { own, shape });
  const shown =
    own.columns === undefined ? null : [...new Set([...needed.map(([, name]) => name), ...searched(own)])];
  const unmarked = {
    entity,
    dialect: database.dialect,
    config: own,
    name: own.table ?? `the query of ${entity}`,
    key,
    nullableKey: key.filter((name) => shape?.columns.get(name)?.nullable !== false),
    zone: own.zone ?? config.zone,
    shape,
    target: await targetOf(database, tx, { own, key, shape, at }),
    from:
      own.query === undefined
        ? sql`${sql.table(own.table ?? '')} as ${sql.id(SOURCE_ALIAS)}`
        : sql`(${sql.raw(own.query)}) as ${sql.id(SOURCE_ALIAS)}`,
    columns: sql.raw(''),
    references,
    zoned: changed?.zoned ?? false,
    timed: changed?.type === 'instant' || changed?.type === 'date',
  };
  const mark = await resolveMark(tx, unmarked);
  return { ...unmarked, mark, columns: selected(shown, references, mark) };
}

/** Columns the settings name, with the setting that names each. */
function neededColumns(own: EntityConfig, key: readonly string[]): (readonly [string, string])[] {
  return [
    ...key.map((name) => ['key', name] as const),
    ...named('changedAt', own.changedAt),
    ...named('number', own.number),
    ...named('deleted', own.deleted?.column),
    ...(own.columns ?? []).map((name) => ['columns', name] as const),
    ...(own.booleans ?? []).map((name) => ['booleans', name] as const),
    ...Object.keys(own.references ?? {}).map((name) => ['references', name] as const),
  ];
}

function assertOrdered(database: Database, own: EntityConfig, shape: TableShape | null, at: string): void {
  const changed = shape?.columns.get(own.changedAt ?? '');
  if (changed === undefined || ORDERED.includes(changed.type)) return;
  const message = `The column ${changed.name} of ${own.table ?? ''} at ${database.where} is ${changed.declared}, which cannot tell when a row changed; name a time, a number that grows, or leave ${at}.changedAt out.`;
  throw new Failure('invalid_config', message, { path: `${at}.changedAt` });
}

async function targetOf(
  database: Database,
  tx: Tx,
  {
    own,
    key,
    shape,
    at,
  }: { own: EntityConfig; key: readonly string[]; shape: TableShape | null; at: string },
): Promise<Source['target']> {
  const { write } = own;
  const table = write === undefined ? undefined : (write.table ?? own.table);
  if (table === undefined) return null;
  const target =
    table === own.table && shape !== null ? shape : await shapeOf(database, tx, table, `${at}.write.table`);
  const written = [
    ...key,
    ...[write?.reference, write?.createdAt, ...(write?.naturalKey ?? [])].filter(
      (name) => name !== undefined,
    ),
    ...(write?.stamp === true && own.changedAt !== undefined ? [own.changedAt] : []),
    ...(typeof write?.delete === 'object' ? [write.delete.column] : []),
  ];
  for (const name of written) requireColumn(database, target, table, name, `${at}.write`);
  return { table, shape: target };
}

/** The columns of a select: the row's own, the keys its references mean, and its mark where that is computed. */
function selected(
  shown: readonly string[] | null,
  references: readonly Reference[],
  mark: ChangeMark | null,
): RawBuilder<unknown> {
  const own =
    shown === null
      ? [sql`${sql.id(SOURCE_ALIAS)}.*`]
      : shown.map((name) => sql`${sql.id(SOURCE_ALIAS, name)}`);
  const meant = references
    .filter(({ column }) => shown === null || shown.includes(column))
    .map(({ select }) => select);
  const computed = mark?.computed === true ? [sql`${mark.by} as ${sql.id(MARK_COLUMN)}`] : [];
  return sql.join([...own, ...meant, ...computed]);
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
