/** The database service of `microservices` (contract 5): raw SQL with named parameters, and what the others say when it is away. */
import type { Route } from './app.ts';
import type { Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { runSql, type SqlResult } from './mini-sql.ts';
import { required, withDefault, type Model } from './model.ts';

export function needDatabase(tenant: Tenant): void {
  if (!tenant.dials.databaseAway) return;
  throw new HttpError(
    503,
    "Database service unavailable: HTTPConnectionPool(host='localhost', port=8001): Max retries exceeded",
  );
}

const sqlRequest: Model = {
  name: 'QueryRequest',
  fields: { query: required('string'), params: withDefault('any', null, { nullable: true }) },
};

function run(tenant: Tenant, body: Readonly<Record<string, unknown>>): SqlResult {
  needDatabase(tenant);
  const result = runSql(tenant, String(body['query']), body['params']);
  if (result.error !== null) throw new HttpError(500, result.error);
  return result;
}

export function databaseRoutes(tenant: Tenant): Route[] {
  return [
    {
      ...{ method: 'POST', path: '/api/query', name: 'execute_query', body: sqlRequest },
      answer: ({ body }) => {
        const { rows, write } = run(tenant, body);
        return { body: { success: true, data: rows, error: null }, write };
      },
    },
    {
      ...{ method: 'POST', path: '/api/execute', name: 'execute_command', body: sqlRequest },
      answer: ({ body }) => {
        const { affected, write } = run(tenant, body);
        return { body: { success: true, rows_affected: affected, error: null }, write };
      },
    },
  ];
}
