/**
 * People of ChatterFix, default backend. Orders cannot be changed through its API, only by people; what has no field of its own
 * stands in the last lines of an asset's description, which people leave where they are.
 */
import { hours, textOrNothing, words, wordsOf, type Row, type Spelling, type Vendor } from './vendor.ts';

const byId = (row: Row): string => String(row['id']);
/** The lines a client keeps at the end, and its mark. */
const KEPT =
  /(?:\s*(?:^|\n)(?:Asset tag|Serial number|Manufacturer|Model): [^\n]*)*(?:\s*\[ext:[A-Z0-9]{1,10}\])?\s*$/;

function parts(row: Row | null): [text: string, kept: string] {
  const whole = wordsOf(row?.['description']);
  const kept = KEPT.exec(whole)?.[0] ?? '';
  return [whole.slice(0, whole.length - kept.length).trim(), kept.trim()];
}

const description: Spelling = {
  write: (value, row) => {
    const [, kept] = parts(row);
    return { description: kept === '' ? value : `${wordsOf(value)}\n\n${kept}` };
  },
  read: (row) => parts(row)[0] || null,
};
const manufacturer: Spelling = {
  write: () => null,
  read: (row) => /^Manufacturer: (.*)$/m.exec(wordsOf(row['description']))?.[1] ?? null,
};

export const chatterfix: Vendor = {
  screens: {
    work_order: {
      object: 'work-orders',
      externalId: byId,
      fields: {
        title: textOrNothing('title'),
        description,
        estimatedMinutes: hours('estimated_hours'),
        priority: words('priority', { low: 'low', medium: 'medium', high: 'high', critical: 'critical' }),
        status: words('status', {
          scheduled: 'open',
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
      fields: { name: textOrNothing('name'), description, manufacturer },
    },
    location: null,
  },
  calls: [{ method: 'GET' }, { method: 'POST' }, { method: 'POST' }, { method: 'PUT' }],
  dials: () => [
    { name: 'insertWhilePaging', value: 1 },
    { name: 'shuffleTies', value: true },
    { name: 'crashes', value: 1 },
  ],
  rest: { insertWhilePaging: null, shuffleTies: null, crashes: null },
  countsWrites: true,
};
