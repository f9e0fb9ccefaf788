/** `orders:N`: N synthetic work orders on 50 assets, about 1 KB of JSON each with the usual attributes, for benchmarks. */
import type { Database } from './database.ts';
import type { Value } from './model.ts';
import { ORG, stampedRow } from './seed-basics.ts';

const ASSETS = 50;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2020, 0, 1);

const FAULTS = [
  'leaks',
  'vibrates',
  'runs hot',
  'does not start',
  'trips the breaker',
  'lost pressure',
  'is worn',
] as const;
const STATES = ['WAPPR', 'APPR', 'INPRG', 'WMATL', 'COMP', 'COMP', 'CLOSE', 'CLOSE'] as const;
const TYPES = ['CM', 'CM', 'PM', 'EM', 'CP'] as const;

function orderValues(at: number, site: string): Record<string, Value> {
  const asset = at % ASSETS;
  const reported = FIRST_MS + at * 7 * MINUTE_MS;
  const status = STATES[at % STATES.length] ?? 'WAPPR';
  const ended = status === 'COMP' || status === 'CLOSE';
  const cost = (at * 37) % 4000;
  return {
    wonum: String(1_000_000 + at),
    siteid: site,
    orgid: ORG,
    workorderid: null,
    description: `Pump ${asset} ${FAULTS[at % FAULTS.length] ?? ''}: inspect, repair and test (${at})`,
    status,
    statusdate: reported + DAY_MS,
    woclass: 'WORKORDER',
    istask: false,
    worktype: TYPES[at % TYPES.length] ?? 'CM',
    wopriority: (at % 4) + 1,
    assetnum: `PUMP-${String(asset).padStart(2, '0')}`,
    location: 'PLANT',
    reportedby: 'WILSON',
    reportdate: reported,
    lead: 'WILSON',
    targstartdate: reported + DAY_MS,
    targcompdate: reported + 3 * DAY_MS,
    schedstart: reported + DAY_MS,
    schedfinish: reported + 2 * DAY_MS,
    actstart: ended ? reported + DAY_MS : null,
    actfinish: ended ? reported + 2 * DAY_MS : null,
    estdur: 4,
    estlabhrs: 4,
    actlabhrs: ended ? 5.5 : 0,
    actlabcost: ended ? cost : 0,
    actmatcost: ended ? cost / 2 : 0,
    acttoolcost: 0,
    actservcost: 0,
    downtime: false,
    parentchgsstatus: true,
    historyflag: status === 'CLOSE',
    haschildren: false,
    ...stampedRow(reported + 2 * DAY_MS + (at % 1000)),
  };
}

export function seedOrders(db: Database, site: string, count: number): void {
  const at = FIRST_MS;
  db.insert('LOCATIONS', {
    location: 'PLANT',
    siteid: site,
    orgid: ORG,
    description: 'Plant',
    type: 'OPERATING',
    status: 'OPERATING',
    statusdate: at,
    ...stampedRow(at),
  });
  for (let asset = 0; asset < ASSETS; asset += 1) {
    db.insert('ASSET', {
      assetnum: `PUMP-${String(asset).padStart(2, '0')}`,
      siteid: site,
      orgid: ORG,
      assetid: 5000 + asset,
      description: `Pump ${asset}`,
      status: 'OPERATING',
      statusdate: at,
      location: 'PLANT',
      serialnum: `P-${10_000 + asset}`,
      isrunning: true,
      ...stampedRow(at),
    });
  }
  for (let order = 0; order < count; order += 1) db.insert('WORKORDER', orderValues(order, site));
}
