/**
 * The only way the unified backend changes a work order (contract 4.8): one fixed statement with parameters, off unless the
 * connection switches it on. The caller reads the record before and after, because the answer proves nothing.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { HIDDEN_FIELD } from './body.ts';
import type { Client } from './client.ts';
import { wallTextOf } from './wall-time.ts';

/** In this order; nothing else can be changed, and no text becomes part of the statement. */
const COLUMNS = [
  'title',
  'description',
  'status',
  'priority',
  'assigned_to',
  'asset_id',
  'due_date',
  'estimated_hours',
] as const;
const STATEMENT = `UPDATE work_orders SET ${COLUMNS.map((column) => `${column} = %s`).join(', ')}, updated_at = CURRENT_TIMESTAMP WHERE id = %s`;

export async function updateBySql(
  client: Client,
  id: string,
  row: JsonObject,
  changed: JsonObject,
  serverZone: string,
): Promise<void> {
  if (!/^\d{1,15}$/.test(id)) throw new Failure('rejected', `"${id}" is no work order of this backend.`);
  const values = COLUMNS.map((column) => {
    if (!(column in changed) && !Object.hasOwn(row, column)) throw hidden(column);
    const value: Json = (column in changed ? changed[column] : row[column]) ?? null;
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    // Due dates are wall-clock times of the server there (contract 9).
    const fresh = column === 'due_date' && column in changed && typeof value === 'string';
    return fresh ? wallTextOf(value, serverZone) : value;
  });
  await client.query(STATEMENT, [...values, Number(id)]);
}

function hidden(column: string): Failure {
  return new Failure(
    'rejected',
    `This ChatterFix does not show the "${column}" of a work order, which the statement would clear; change the work order there.`,
    { path: column, code: HIDDEN_FIELD },
  );
}
