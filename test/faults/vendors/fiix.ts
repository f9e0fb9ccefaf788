/** People of Fiix. An order's title and description are one text; statuses and priorities are records of the tenant. */
import type { SandboxControl } from '../../../connectors/kit/sandbox/index.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { epoch, textOrNothing, wordsOf, type Row, type Spelling, type Vendor } from './vendor.ts';

const byId = (row: Row): string => String(row['id']);
const AREAS = [1, 5, 6, 7, 10];
const MACHINES = [2, 3, 11];

function rows(control: SandboxControl, className: string): Row[] {
  return control.list(className) as Row[];
}

function idOf(control: SandboxControl, className: string, field: string, value: unknown): number {
  return Number(rows(control, className).find((row) => row[field] === value)?.['id']);
}

/** Whether an asset's category lies below one of these. */
function isBelow(row: Row, codes: readonly number[], control: SandboxControl): boolean {
  if (row['bolIsSite'] === 1) return codes === AREAS;
  const categories = new Map(rows(control, 'AssetCategory').map((category) => [category['id'], category]));
  let at = categories.get(row['intCategoryID']);
  while (at !== undefined && at['intSysCode'] !== 4) {
    if (codes.includes(Number(at['intSysCode']))) return true;
    at = categories.get(at['intParentID']);
  }
  return false;
}

function inCategory(code: number): (key: string, control: SandboxControl) => JsonObject {
  return (_key, control) => ({
    intCategoryID: idOf(control, 'AssetCategory', 'intSysCode', code),
    intSiteID: idOf(control, 'Asset', 'strName', 'Main Plant'),
  });
}

/** The lines of an order's one text: the first is the title. */
function linesOf(row: Row | null): [title: string, rest: string] {
  const [title = '', ...rest] = wordsOf(row?.['strDescription']).split('\n');
  return [title.trim(), rest.join('\n').trim()];
}

const title: Spelling = {
  write: (value, row) => {
    const [, rest] = linesOf(row);
    return { strDescription: rest === '' ? value : `${wordsOf(value)}\n${rest}` };
  },
  read: (row) => linesOf(row)[0] || null,
};
const description: Spelling = {
  // A new order's title is typed with it.
  write: (value, row) => (row === null ? null : { strDescription: `${linesOf(row)[0]}\n${wordsOf(value)}` }),
  read: (row) => linesOf(row)[1] || null,
};

function recordOf(
  className: string,
  field: string,
  by: string,
  values: Readonly<Record<string, unknown>>,
): Spelling {
  return {
    write: (value, _row, control) =>
      typeof value === 'string' && value in values
        ? { [field]: idOf(control, className, by, values[value]) }
        : null,
    read: (row) => (typeof row[field] === 'number' ? row[field] : null),
  };
}

export const fiix: Vendor = {
  screens: {
    work_order: {
      object: 'WorkOrder',
      externalId: byId,
      entered: (_key, control) => ({
        intSiteID: idOf(control, 'Asset', 'strName', 'Main Plant'),
        intWorkOrderStatusID: idOf(control, 'WorkOrderStatus', 'intSysCode', 4),
      }),
      fields: {
        title,
        description,
        dueAt: epoch('dtmSuggestedCompletionDate'),
        priority: recordOf('Priority', 'intPriorityID', 'strName', {
          critical: 'Highest',
          high: 'High',
          medium: 'Medium',
          low: 'Low',
        }),
        status: recordOf('WorkOrderStatus', 'intWorkOrderStatusID', 'intSysCode', {
          requested: 2,
          scheduled: 4,
          in_progress: 5,
          on_hold: 6,
          completed: 7,
          cancelled: 9,
        }),
      },
    },
    asset: {
      object: 'Asset',
      externalId: byId,
      entered: inCategory(2),
      holds: (row, control) => isBelow(row, MACHINES, control),
      fields: {
        name: textOrNothing('strName'),
        description: textOrNothing('strDescription'),
        manufacturer: textOrNothing('strMake'),
      },
    },
    location: {
      object: 'Asset',
      externalId: byId,
      entered: inCategory(1),
      holds: (row, control) => isBelow(row, AREAS, control),
      fields: { name: textOrNothing('strName') },
    },
  },
  calls: [
    { query: 'action=Find' },
    { query: 'action=(Add|Batch)' },
    { query: 'action=(Add|Batch)' },
    { query: 'action=Change' },
  ],
  dials: (random) => [
    { name: 'staleReads', value: 1 + random.int(4) },
    { name: 'equalTimestamps', value: 2 + random.int(6) },
    { name: 'insertWhilePaging', value: 1 },
    { name: 'emptyBodies', value: 1 },
    { name: 'html502', value: 1 },
    { name: 'unordered', value: 'shuffled' },
    { name: 'nullsSent', value: true },
  ],
  rest: { staleReads: 0, equalTimestamps: 1, insertWhilePaging: 0, emptyBodies: 0, html502: 0 },
  steps: { title: 'strDescription', entered: (said) => ({ strDescription: said }) },
  countsWrites: true,
};
