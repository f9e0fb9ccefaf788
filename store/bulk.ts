/** One JSON document in, a row set out: bulk statements cost one parameter whatever the number of rows. */
import { sql, type RawBuilder } from 'kysely';
import { camelName } from '../domain/case.ts';

/** Field of each row to its PostgreSQL type, e.g. `{ id: 'uuid', fields: 'jsonb' }`. Names come from code, never from users. */
export type RowShape = Readonly<Record<string, string>>;

/**
 * `jsonb_to_recordset` over `rows` as `t(...)`; the shape names columns (`hub_id`), the rows their members (`hubId`). jsonb, because it parses the document
 * once: `json_to_recordset` parses every nested value again (20 against 10 ms of PostgreSQL for 1,000 records).
 */
export function recordset(rows: readonly object[], shape: RowShape): RawBuilder<unknown> {
  const members = Object.keys(shape).map((column) => [column, camelName(column)] as const);
  const columns = Object.entries(shape)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ');
  const documents = rows.map((row) => {
    const values = row as Readonly<Record<string, unknown>>;
    const document: Record<string, unknown> = {};
    for (const [column, member] of members) document[column] = values[member];
    return document;
  });
  return sql`jsonb_to_recordset(${JSON.stringify(documents)}::jsonb) as t(${sql.raw(columns)})`;
}

/** Numbers or uuids as an array literal: the driver would quote and escape each of thousands of values that need neither. */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.join(',')}}`;
}
