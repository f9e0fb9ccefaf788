/** PM schedules of `unified` (contract 4.6): lists of the active ones, and the generation of work orders, which repeats itself. */
import type { Route } from './app.ts';
import { failing } from './database-trouble.ts';
import type { Tenant } from './generation.ts';
import { withDefault } from './model.ts';
import { sqliteLocal, sqliteNow, isoLocal } from './python-time.ts';
import type { Row } from './table.ts';
import { takePage } from './pages.ts';
import { listQuery, windowOf } from './unified-records.ts';
import { textOf } from './text-of.ts';

export const DUE_DAYS = 7;
const DAY_MS = 86_400_000;
/** A month counts 30 days and a year 365. */
const UNIT_DAYS: Readonly<Record<string, number>> = { days: 1, weeks: 7, months: 30, years: 365 };

function isActive(row: Row): boolean {
  return row.fields['is_active'] === 1 || row.fields['is_active'] === true;
}

/** A moment in the server's own time, as the handler hands it to its database. */
function localText(tenant: Tenant, ms: number): string {
  const { database, zone } = tenant.dials;
  return database === 'sqlite' ? sqliteLocal(ms, zone) : isoLocal(ms, zone);
}

/** Everything due within so many days, overdue ones with it. */
export function dueBy(tenant: Tenant, days: number): Row[] {
  const until = localText(tenant, tenant.now() + days * DAY_MS);
  return tenant
    .rows('pm-schedules')
    .filter(
      (row) => isActive(row) && row.fields['next_due'] !== null && textOf(row.fields['next_due']) <= until,
    );
}

/** Not idempotent, and says the work was done on the day it was generated. */
function generate(tenant: Tenant): number {
  const due = dueBy(tenant, DUE_DAYS);
  for (const row of due) {
    const { title, description, priority, asset_id, next_due, estimated_hours } = row.fields;
    tenant.insert('work-orders', {
      title: `PM: ${String(title)}`,
      description: `Preventive maintenance: ${String(description)}`,
      ...{ priority, status: 'scheduled', asset_id, due_date: next_due, estimated_hours },
    });
    tenant.wrote('created', 'work-orders');
    const { frequency_unit: unit, frequency_value: every } = row.fields;
    const days = unit === undefined ? 30 : (UNIT_DAYS[textOf(unit)] ?? 30) * Number(every);
    const now = tenant.now();
    const last_completed = tenant.dials.database === 'sqlite' ? sqliteNow(now) : localText(tenant, now);
    // The statement names no change time, so it stays (contract 9).
    const moved = { last_completed, next_due: localText(tenant, now + days * DAY_MS) };
    tenant.update('pm-schedules', row, moved, true);
  }
  return due.length;
}

export function pmRoutes(tenant: Tenant): Route[] {
  const texts = (rows: readonly Row[]): string =>
    `[${rows.map((row) => tenant.text('pm-schedules', row)).join(',')}]`;
  return [
    {
      ...{ method: 'GET', path: '/api/pm-schedules', name: 'get_pm_schedules', query: listQuery },
      answer: ({ query, request }) => {
        const window = failing(tenant, () => windowOf(tenant, query));
        const wanted = { ...window, query: request.query, match: isActive };
        return { body: `[${takePage(tenant, 'pm-schedules', wanted).texts.join(',')}]` };
      },
    },
    {
      ...{ method: 'GET', path: '/api/pm-schedules/due', name: 'get_due_pm_schedules' },
      query: { days_ahead: withDefault('integer', DUE_DAYS) },
      answer: ({ query }) => ({
        body: failing(tenant, () => texts(dueBy(tenant, Number(query['days_ahead'])))),
      }),
    },
    {
      method: 'POST',
      path: '/api/pm-schedules/generate-work-orders',
      name: 'generate_pm_work_orders',
      answer: () => {
        const count = failing(tenant, () => generate(tenant));
        return { body: { message: `Generated ${count} work orders from PM schedules` }, write: true };
      },
    },
  ];
}
