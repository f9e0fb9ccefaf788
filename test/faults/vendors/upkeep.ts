/** People of UpKeep: four statuses, comments that the API does not show again. */
import { hours, instant, text, words, type Row, type Vendor } from './vendor.ts';

const byId = (row: Row): string => String(row['id']);

export const upkeep: Vendor = {
  screens: {
    work_order: {
      object: 'work-orders',
      externalId: byId,
      fields: {
        title: text('title'),
        description: text('description'),
        dueAt: instant('dueDate'),
        estimatedMinutes: hours('estimatedDuration'),
        priority: words('priority', { none: 0, low: 1, medium: 2, high: 3 }),
        status: words('status', {
          scheduled: 'open',
          on_hold: 'onHold',
          in_progress: 'inProgress',
          completed: 'complete',
        }),
      },
    },
    asset: {
      object: 'assets',
      externalId: byId,
      fields: { name: text('name'), description: text('description'), manufacturer: text('make') },
    },
    location: { object: 'locations', externalId: byId, fields: { name: text('name') } },
  },
  calls: [{ method: 'GET' }, { method: 'POST' }, { method: 'POST' }, { method: 'PATCH' }],
  dials: (random) => [
    { name: 'staleReads', value: { writes: 1 + random.int(3) } },
    { name: 'insertWhilePaging', value: 1 },
    { name: 'emptyListIs404', value: true },
    { name: 'expandWithoutAsking', value: true },
    { name: 'statusLabels', value: 'odd' },
  ],
  rest: {
    staleReads: 0,
    insertWhilePaging: 0,
    emptyListIs404: false,
    expandWithoutAsking: false,
    statusLabels: null,
  },
  countsWrites: true,
  comments: {
    said: () => null,
    heard: (control, _rows, said) =>
      (control.list('update-messages') as { text?: string }[]).filter(
        (row) => row.text?.endsWith(said) === true,
      ).length,
    readable: false,
  },
};
