/** Health, counts and the raw SQL door of `unified` (contract 3.2, 4.1, 4.8). */
import type { Route } from './app.ts';
import { failing } from './database-trouble.ts';
import type { ObjectName, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { runSql } from './mini-sql.ts';
import { required, withDefault, type Model } from './model.ts';
import { isoLocal } from './python-time.ts';
import { dueBy, DUE_DAYS } from './unified-pm.ts';

const TABLES = 11;

function health(tenant: Tenant): object {
  const { database, databaseAway, zone } = tenant.dials;
  const timestamp = isoLocal(tenant.now(), zone);
  if (databaseAway) {
    // Still a 200: only the body tells (contract 3.2).
    const errors = ['Database connection failed'];
    return { status: 'error', database_type: database, connection: false, tables: 0, errors, timestamp };
  }
  return {
    status: 'healthy',
    database_type: database,
    connection: true,
    // On PostgreSQL the count itself fails and says so (contract 13.3).
    tables: database === 'sqlite' ? TABLES : 0,
    errors: database === 'sqlite' ? [] : ["'connection' object has no attribute 'execute'"],
    timestamp,
  };
}

function overview(tenant: Tenant): object {
  const counted: readonly ObjectName[] = ['work-orders', 'assets', 'users', 'parts', 'pm-schedules'];
  const away = tenant.dials.databaseAway;
  const counts = counted.map((object) => [
    `${object.replace('-', '_')}_count`,
    // Each count catches its own failure and becomes 0.
    away ? 0 : tenant.rows(object).length,
  ]);
  const due = away ? 0 : dueBy(tenant, DUE_DAYS).length;
  return { ...Object.fromEntries(counts), pm_due_count: due } as object;
}

const queryRequest: Model = {
  name: 'QueryRequest',
  fields: {
    query: required('string'),
    params: withDefault('any', []),
    fetch: withDefault('string', 'one', { nullable: true }),
  },
};

export function systemRoutes(tenant: Tenant): Route[] {
  return [
    { method: 'GET', path: '/health', name: 'health_check', answer: () => ({ body: health(tenant) }) },
    {
      ...{ method: 'GET', path: '/', name: 'root' },
      answer: () => ({
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><head><title>ChatterFix CMMS - Unified Backend</title></head></html>',
      }),
    },
    {
      ...{ method: 'GET', path: '/api/stats/overview', name: 'get_overview_stats' },
      answer: () => ({ body: overview(tenant) }),
    },
    {
      ...{ method: 'POST', path: '/api/query', name: 'execute_database_query', body: queryRequest },
      answer: ({ body }) => {
        const { query, params, fetch } = body;
        const result = failing(tenant, () => runSql(tenant, String(query), params));
        if (result.error !== null) throw new HttpError(500, `Query execution failed: ${result.error}`);
        const sqlite = tenant.dials.database === 'sqlite';
        if (fetch !== null && sqlite) {
          // The rows cannot be serialised; the handler's own net does not catch that.
          const headers = { 'content-type': 'text/plain; charset=utf-8' };
          return { status: 500, headers, body: 'Internal Server Error', write: result.write };
        }
        const rows = result.rows.map((row) => Object.values(row));
        const fetched = fetch === 'one' ? (rows[0] ?? null) : rows;
        // On SQLite the number is really the last row id (contract 4.8).
        const affected = sqlite ? result.lastRowId : result.affected;
        const data = fetch === null ? affected : fetched;
        const affected_rows = fetch === null ? affected : null;
        return { body: { success: true, data, error: null, affected_rows }, write: result.write };
      },
    },
  ];
}
