/** People of a home-made system on SQLite, in its tables. No wire lies in between, so nothing of it can break. */
import { hours, instant, textOrNothing, words, type Row, type Vendor } from './vendor.ts';

const byId = (row: Row): string => String(row['id']);
const same = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

export const sql: Vendor = {
  screens: {
    work_order: {
      object: 'work_orders',
      externalId: byId,
      fields: {
        title: textOrNothing('title'),
        description: textOrNothing('description'),
        dueAt: instant('due_date'),
        estimatedMinutes: hours('estimated_hours'),
        priority: words('priority', same('none', 'low', 'medium', 'high', 'critical')),
        status: words(
          'status',
          same('requested', 'scheduled', 'in_progress', 'on_hold', 'completed', 'closed', 'cancelled'),
        ),
      },
    },
    asset: {
      object: 'assets',
      externalId: byId,
      fields: {
        name: textOrNothing('name'),
        description: textOrNothing('description'),
        manufacturer: textOrNothing('manufacturer'),
      },
    },
    location: { object: 'locations', externalId: byId, fields: { name: textOrNothing('name') } },
  },
  calls: [],
  dials: () => [],
  rest: {},
  countsWrites: false,
};
