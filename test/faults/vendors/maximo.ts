/** People of Maximo. Completed orders cannot be reopened; MANUFACTURER is an attribute in capitals. */
import { hours, instant, text, words, type Kind, type Row, type Vendor } from './vendor.ts';

const SITE = { siteid: 'BEDFORD' };
const NUMBERS: Readonly<Record<Kind, string>> = {
  work_order: 'wonum',
  asset: 'assetnum',
  location: 'location',
};
const idBy =
  (kind: Kind) =>
  (row: Row): string =>
    `${String(row['siteid'])}|${String(row[NUMBERS[kind]])}`;

export const maximo: Vendor = {
  screens: {
    work_order: {
      object: 'mxapiwodetail',
      externalId: idBy('work_order'),
      entered: () => SITE,
      holds: (row) => row['istask'] !== true,
      fields: {
        title: text('description'),
        description: text('description_longdescription'),
        dueAt: instant('targcompdate'),
        estimatedMinutes: hours('estdur'),
        priority: words('wopriority', { none: 0, critical: 1, high: 2, medium: 3, low: 4 }),
        status: words('status', {
          requested: 'WAPPR',
          scheduled: 'APPR',
          on_hold: 'WMATL',
          in_progress: 'INPRG',
          completed: 'COMP',
          closed: 'CLOSE',
          cancelled: 'CAN',
        }),
      },
    },
    asset: {
      object: 'mxapiasset',
      externalId: idBy('asset'),
      entered: (key) => ({ assetnum: `M${key}`, ...SITE }),
      fields: {
        name: text('description'),
        description: text('description_longdescription'),
        manufacturer: text('manufacturer'),
      },
    },
    location: {
      object: 'mxapilocations',
      externalId: idBy('location'),
      entered: (key) => ({ location: `M${key}`, ...SITE, type: 'OPERATING' }),
      fields: { name: text('description') },
    },
  },
  config: (seed) => (seed % 2 === 0 ? { allowClose: true, allowCancel: true } : {}),
  calls: [{ method: 'GET' }, { method: 'POST' }, { method: 'POST' }, { method: 'POST' }],
  dials: (random) => [
    { name: 'staleReads', value: 1 + random.int(4) },
    { name: 'equalTimestamps', value: 2 + random.int(6) },
    { name: 'insertWhilePaging', value: 1 },
    { name: 'createStatus', value: 'ignored' },
  ],
  rest: { staleReads: 0, equalTimestamps: 1, insertWhilePaging: 0 },
  steps: { title: 'description', entered: (said, number) => ({ taskid: number, description: said }) },
  countsWrites: true,
  comments: {
    said: (said) => ({ worklog: [{ description: said }] }),
    heard: (_control, rows, said) =>
      rows
        .flatMap((row) => (row['worklog'] ?? []) as { description?: string }[])
        .filter((row) => row.description?.endsWith(said) === true).length,
    readable: true,
  },
  isCopy: (row) =>
    Object.values(NUMBERS).some((name) => typeof row[name] === 'string' && /X\d+$/.test(row[name])),
};
