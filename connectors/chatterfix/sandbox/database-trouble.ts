/** What handlers make of a database that refuses or is away: a 500 with the exception's own text (contract 4.7). */
import { UniqueViolation, type Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';

function awayText(tenant: Tenant): string {
  return tenant.dials.database === 'sqlite'
    ? 'unable to open database file'
    : 'connection to server at "10.0.0.5", port 5432 failed: Connection refused';
}

function uniqueText(tenant: Tenant, violation: UniqueViolation): string {
  const { table, column, value, message } = violation;
  if (tenant.dials.database === 'sqlite') return message;
  return (
    `duplicate key value violates unique constraint "${table}_${column}_key"\n` +
    `DETAIL:  Key (${column})=(${value}) already exists.\n`
  );
}

/** Runs the work as the database would; refusals become `500 {"detail": "<text>"}`. */
export function failing<T>(tenant: Tenant, work?: () => T): T {
  if (tenant.dials.databaseAway) throw new HttpError(500, awayText(tenant));
  try {
    return work?.() as T;
  } catch (error) {
    if (error instanceof UniqueViolation) throw new HttpError(500, uniqueText(tenant, error));
    throw error;
  }
}

/** Rows that no database holds, known by their ids (contract 7, placeholder-row guard). */
export const PLACEHOLDER_ORDERS = ['WO-001', 'WO-002'].map((id, i) => ({
  id,
  title: i === 0 ? 'Sample inspection' : 'Sample repair',
  description: 'Shown while the database is not available',
  priority: 'medium',
  status: 'open',
  assigned_to: null,
  asset_id: null,
  created_at: '2025-01-01 00:00:00',
}));
