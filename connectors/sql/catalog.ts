/** What a database says of its own tables: columns, their types, the primary key. */
import { sql } from 'kysely';
import type { DiscoveredField } from '../kit/contract.ts';
import type { Dialect } from './config.ts';
import type { Database, Rows, Tx } from './database.ts';

export interface Column {
  name: string;
  type: DiscoveredField['type'];
  /** As the database names it. */
  declared: string;
  /** An instant with a place (UTC or an offset); without it is a clock in the connection's zone. */
  zoned: boolean;
  nullable: boolean;
  maxLength: number | null;
  /** Computed there; a write would be refused. */
  readOnly: boolean;
}

export interface TableShape {
  columns: ReadonlyMap<string, Column>;
  primaryKey: readonly string[];
}

/** Null when there is no such table, or the user may not see it. */
export async function tableShape(database: Database, tx: Tx, table: string): Promise<TableShape | null> {
  const [first = '', second] = table.split('.');
  const schema = second === undefined ? null : first;
  const name = second ?? first;
  const rows = await columnRows(database, tx, schema, name);
  if (rows.length === 0) return null;
  const columns = new Map(rows.map((row) => [String(row['name']), columnOf(row, database.dialect)]));
  const primaryKey = rows
    .filter((row) => Number(row['pk'] ?? 0) > 0)
    .sort((a, b) => Number(a['pk']) - Number(b['pk']))
    .map((row) => String(row['name']));
  return { columns, primaryKey };
}

async function columnRows(database: Database, tx: Tx, schema: string | null, name: string): Promise<Rows> {
  switch (database.dialect) {
    case 'postgres':
      return tx.rows(sql`
        select c.column_name as name, c.data_type as type, c.is_nullable = 'YES' as nullable,
          c.character_maximum_length::int as length, (c.is_generated = 'ALWAYS' or c.identity_generation = 'ALWAYS') as computed,
          coalesce(array_position(i.indkey::int[], a.attnum::int), -1) + 1 as pk
        from information_schema.columns c
        join pg_class t on t.relname = c.table_name
        join pg_namespace n on n.oid = t.relnamespace and n.nspname = c.table_schema
        join pg_attribute a on a.attrelid = t.oid and a.attname = c.column_name
        left join pg_index i on i.indrelid = t.oid and i.indisprimary
        where c.table_name = ${name}
          and (case when ${schema}::text is null then pg_table_is_visible(t.oid) else c.table_schema = ${schema} end)
        order by c.ordinal_position`);
    case 'mysql':
      return tx.rows(sql`
        select c.column_name as name, c.column_type as type, c.is_nullable = 'YES' as nullable,
          c.character_maximum_length as length, c.extra like '%GENERATED%' as computed,
          coalesce(k.ordinal_position, 0) as pk
        from information_schema.columns c
        left join information_schema.key_column_usage k on k.table_schema = c.table_schema and k.table_name = c.table_name
          and k.column_name = c.column_name and k.constraint_name = 'PRIMARY'
        where c.table_name = ${name} and c.table_schema = coalesce(${schema}, database())
        order by c.ordinal_position`);
    case 'sqlite':
      return tx.rows(sql`
        select name, type, "notnull" = 0 and pk = 0 as nullable, null as length, hidden <> 0 as computed, pk
        from pragma_table_xinfo(${name}) order by cid`);
  }
}

function columnOf(row: Record<string, unknown>, dialect: Dialect): Column {
  const declared = (typeof row['type'] === 'string' ? row['type'] : '').toLowerCase();
  const length = Number(row['length'] ?? /char\w*\s*\((\d+)\)/.exec(declared)?.[1] ?? 0);
  return {
    name: String(row['name']),
    type: typeOf(declared),
    declared,
    // MySQL keeps TIMESTAMP in UTC and shows it in the session's zone, which is UTC.
    zoned: dialect === 'mysql' ? declared.startsWith('timestamp') : declared === 'timestamp with time zone',
    nullable: truth(row['nullable']),
    maxLength: length > 0 && length < 1_000_000 ? length : null,
    readOnly: truth(row['computed']),
  };
}

function truth(value: unknown): boolean {
  return value === true || value === 1 || value === '1';
}

function typeOf(declared: string): DiscoveredField['type'] {
  // tinyint(1) is MySQL's boolean and its smallest number: only the settings can tell.
  if (/^(bool|bit\(1\)|bit$)/.test(declared)) return 'boolean';
  if (/^bit/.test(declared)) return 'integer';
  if (/^(timestamp|datetime)/.test(declared)) return 'instant';
  if (/^date/.test(declared)) return 'date';
  if (/int|serial|^year/.test(declared)) return 'integer';
  if (/numeric|decimal|real|double|float|money/.test(declared)) return 'number';
  if (/json/.test(declared)) return 'object';
  if (/char|text|clob|uuid|enum|^set\(|time|inet|citext/.test(declared)) return 'text';
  if (/array|\[\]/.test(declared)) return 'list';
  return 'unknown';
}

/** A foreign key of one column. */
export interface ForeignKey {
  column: string;
  targetTable: string;
  targetColumn: string;
}

/** The foreign keys of a table that have one column. */
export async function foreignKeys(database: Database, tx: Tx, table: string): Promise<ForeignKey[]> {
  const [first = '', second] = table.split('.');
  const schema = second === undefined ? null : first;
  const name = second ?? first;
  const rows = await foreignKeyRows(database, tx, schema, name);
  return rows.map((row) => ({
    column: String(row['col']),
    targetTable: String(row['target_table']),
    targetColumn: String(row['target_col']),
  }));
}

async function foreignKeyRows(
  database: Database,
  tx: Tx,
  schema: string | null,
  name: string,
): Promise<Rows> {
  switch (database.dialect) {
    case 'postgres':
      return tx.rows(sql`
        select a.attname as col, f.relname as target_table, fa.attname as target_col
        from pg_constraint k
        join pg_class t on t.oid = k.conrelid
        join pg_namespace n on n.oid = t.relnamespace
        join pg_class f on f.oid = k.confrelid
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
        join pg_attribute fa on fa.attrelid = k.confrelid and fa.attnum = k.confkey[1]
        where k.contype = 'f' and cardinality(k.conkey) = 1 and t.relname = ${name}
          and (case when ${schema}::text is null then pg_table_is_visible(t.oid) else n.nspname = ${schema} end)`);
    case 'mysql':
      return tx.rows(sql`
        select max(column_name) as col, max(referenced_table_name) as target_table, max(referenced_column_name) as target_col
        from information_schema.key_column_usage
        where table_name = ${name} and table_schema = coalesce(${schema}, database()) and referenced_table_name is not null
        group by constraint_name having count(*) = 1`);
    case 'sqlite':
      // Without a name the key of the other table is meant.
      return tx.rows(sql`
        select k."from" as col, k."table" as target_table, coalesce(k."to", t.name) as target_col
        from pragma_foreign_key_list(${name}) k left join pragma_table_info(k."table") t on t.pk = 1
        where not exists (select 1 from pragma_foreign_key_list(${name}) o where o.id = k.id and o.seq > 0)`);
  }
}

export function discoveredFields(
  shape: TableShape,
  booleans: readonly string[] = [],
): Record<string, DiscoveredField> {
  return Object.fromEntries(
    [...shape.columns.values()].map((column) => [
      column.name,
      {
        type: booleans.includes(column.name) ? 'boolean' : column.type,
        nullable: column.nullable,
        ...(column.maxLength === null ? {} : { maxLength: column.maxLength }),
        ...(column.readOnly ? { readOnly: true } : {}),
        ...enumOf(column.declared),
      },
    ]),
  );
}

/** The words of MySQL's enum('a','b'). */
function enumOf(declared: string): { values?: string[] } {
  const words = /^enum\((.*)\)$/.exec(declared)?.[1];
  if (words === undefined) return {};
  return {
    values: [...words.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = '']) => word.replaceAll("''", "'")),
  };
}
