/**
 * Columns that hold the key of another entity's row. A database may hold two spellings for one key ("HALL-1" and "hall-1 ",
 * where it compares without case and padding), so a reference is shown as the key that the database itself takes it for.
 */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { foreignKeys, tableShape } from './catalog.ts';
import type { ForeignKey, TableShape } from './catalog.ts';
import type { SqlConfig } from './config.ts';
import type { Database, Tx } from './database.ts';
import type { EntityConfig } from './entity-config.ts';
import type { Reference } from './source.ts';

/** Names of columns that the connector adds to a select; none of a table begins like this. */
export const OWN_COLUMN = 'cf__';
/** How the rows read are called in a statement. */
export const SOURCE_ALIAS = 'cf__source';

export async function referencesOf(
  database: Database,
  tx: Tx,
  config: SqlConfig,
  { own, shape }: { own: EntityConfig; shape: TableShape | null },
): Promise<Reference[]> {
  const told = Object.entries(own.references ?? {});
  const declared = own.table === undefined ? [] : await foreignKeys(database, tx, own.table);
  const columns = new Map<string, Entity>();
  for (const key of declared) {
    const entity = entityOf(config, key);
    // Numbers have one spelling.
    if (entity !== null && shape?.columns.get(key.column)?.type === 'text') columns.set(key.column, entity);
  }
  for (const [column, entity] of told) columns.set(column, entity);
  const references: Reference[] = [];
  for (const [column, entity] of columns) {
    const target = config.entities[entity];
    const key = target === undefined ? [] : await keyOfTarget(database, tx, target);
    const [name] = key;
    if (target === undefined || name === undefined || key.length > 1) continue;
    const alias = `${OWN_COLUMN}ref_${String(references.length)}`;
    references.push({ column, alias, select: meant({ target, key: name, column, alias }) });
  }
  return references;
}

async function keyOfTarget(
  database: Database,
  tx: Tx,
  { key, table }: EntityConfig,
): Promise<readonly string[]> {
  if (key !== undefined || table === undefined) return key ?? [];
  return (await tableShape(database, tx, table))?.primaryKey ?? [];
}

/** The entity whose rows a foreign key points to by their key. */
function entityOf(config: SqlConfig, { targetTable, targetColumn }: ForeignKey): Entity | null {
  const found = ENTITIES.find((entity) => {
    const own = config.entities[entity];
    const table = own?.table?.split('.').at(-1)?.toLowerCase();
    if (own === undefined || table !== targetTable.toLowerCase()) return false;
    return own.key === undefined || (own.key.length === 1 && own.key[0] === targetColumn);
  });
  return found ?? null;
}

function meant(to: {
  target: EntityConfig;
  key: string;
  column: string;
  alias: string;
}): RawBuilder<unknown> {
  const { target, key, column, alias } = to;
  const from = target.query === undefined ? sql.table(target.table ?? '') : sql`(${sql.raw(target.query)})`;
  const own = sql.id(SOURCE_ALIAS, column);
  return sql`(select ${sql.id('cf__key', key)} from ${from} as ${sql.id('cf__key')} where ${sql.id('cf__key', key)} = ${own} limit 1) as ${sql.id(alias)}`;
}
