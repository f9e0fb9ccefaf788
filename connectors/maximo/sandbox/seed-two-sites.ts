/**
 * `two-sites`: one company, two sites with numbers of their own that happen to be equal. ASSETNUM, LOCATION and WONUM are unique
 * within a site only (contract 2.3), and where nobody knew a serial number a placeholder stands.
 */
import type { Database } from './database.ts';
import type { Value } from './model.ts';
import { ORG, stampedRow } from './seed-basics.ts';

export const TWO_SITES = ['BEDFORD', 'HARTFORD'] as const;

interface Twin {
  siteid: (typeof TWO_SITES)[number];
  house: string;
  machine: Record<string, Value>;
  second: Record<string, Value>;
}

const TWINS: readonly Twin[] = [
  {
    siteid: 'BEDFORD',
    house: 'Boiler house Bedford',
    machine: { description: 'Centrifugal pump', manufacturer: 'KSB', serialnum: 'N/A' },
    second: { description: 'Cooling tower fan', manufacturer: 'HOWDEN', serialnum: '-' },
  },
  {
    siteid: 'HARTFORD',
    house: 'Boiler hall Hartford',
    machine: { description: 'Overhead crane', manufacturer: 'DEMAG', serialnum: 'N/A', priority: 1 },
    second: { description: 'Forklift', manufacturer: 'LINDE', serialnum: '-' },
  },
];

export function seedTwoSites(db: Database, at: number): void {
  for (const { siteid, house, machine, second } of TWINS) {
    const place = { siteid, orgid: ORG, location: 'BOILER', status: 'OPERATING', statusdate: at };
    db.insert('LOCATIONS', { ...place, description: house, type: 'OPERATING', ...stampedRow(at) });
    for (const [assetnum, values] of [
      ['11430', machine],
      ['11431', second],
    ] as const) {
      const own = { assetnum, assetid: Number(assetnum), isrunning: true };
      db.insert('ASSET', { ...place, ...own, ...values, ...stampedRow(at) });
    }
    for (const [wonum, assetnum] of [
      ['1001', '11430'],
      ['1002', '11431'],
    ] as const) {
      db.insert('WORKORDER', {
        ...{ ...place, wonum, assetnum, description: 'Monthly inspection', status: 'WAPPR' },
        ...{ woclass: 'WORKORDER', istask: false, worktype: 'PM', reportdate: at, reportedby: 'WILSON' },
        ...{ targcompdate: Date.UTC(2026, 4, 1, 8), estdur: 0, historyflag: false, haschildren: false },
        ...{ parentchgsstatus: true, downtime: false, ...stampedRow(at) },
      });
    }
  }
}
