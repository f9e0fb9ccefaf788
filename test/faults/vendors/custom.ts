/** People of a generic REST system: words of its own for no priority and for a request it has none. */
import { hours, instant, textOrNothing, words, type Row, type Vendor } from './vendor.ts';

const byId = (row: Row): string => String(row['id']);

export const custom: Vendor = {
  screens: {
    work_order: {
      object: 'work-orders',
      externalId: byId,
      fields: {
        title: textOrNothing('title'),
        description: textOrNothing('description'),
        dueAt: instant('due_date'),
        estimatedMinutes: hours('estimated_hours'),
        priority: words('priority', { low: 'low', medium: 'medium', high: 'high', critical: 'critical' }),
        status: words('status', {
          scheduled: 'scheduled',
          in_progress: 'in_progress',
          on_hold: 'on_hold',
          completed: 'completed',
          cancelled: 'cancelled',
        }),
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
  calls: [{ method: 'GET' }, { method: 'POST' }, { method: 'POST' }, { method: 'P(UT|ATCH)' }],
  dials: (random) => [
    { name: 'equalTimestamps', value: 2 + random.int(6) },
    { name: 'insertWhilePaging', value: 1 },
    { name: 'updatedSince', value: false },
  ],
  rest: { equalTimestamps: null, insertWhilePaging: null },
  countsWrites: true,
};
