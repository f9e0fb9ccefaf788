/**
 * `excavators`: the pit with five hydraulic excavators and their real work orders (data/README.md); `site:<letters>`: some of
 * them. The row that an unquoted comma broke is kept broken: it has no description, and its cells stand in the long description.
 */
import {
  EXCAVATORS,
  loadExcavatorOrders,
  ordersOfSite,
  type ExcavatorOrder,
  type ExcavatorSite,
} from '../../kit/sandbox/index.ts';
import type { Database } from './database.ts';
import type { Value } from './model.ts';
import { ORG, stampedRow } from './seed-basics.ts';
import { seedPitPeople, seedPitPlans, seedPitRequests, seedPitStock } from './seed-pit.ts';

export const PIT_SITE = 'PITMINE';

const PIT_START_MS = Date.UTC(2001, 0, 1);
const WORK_TYPES: Readonly<Record<string, string>> = {
  PM01: 'CM',
  PM02: 'PM',
  PM04: 'EM',
  PM05: 'CAL',
  PM06: 'EV',
  PM13: 'CP',
};
/** How many of the newest orders are still open. */
const OPEN_ORDERS = 90;
const OPEN_STATES = ['WAPPR', 'APPR', 'INPRG'] as const;

function slug(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 18);
}

/** The first of the systems the authors found; `NA` became null before. */
function systemOf(order: ExcavatorOrder): string | null {
  return order.broken === null ? (order.majorSystem?.split('_')[0] ?? null) : null;
}

function systemAsset(order: ExcavatorOrder): string {
  const system = systemOf(order);
  return system === null ? `EXC-${order.asset}` : `EXC-${order.asset}-${slug(system)}`;
}

function asset(db: Database, values: Record<string, Value>, at: number): void {
  const base = {
    siteid: PIT_SITE,
    orgid: ORG,
    assetid: 9000 + db.all('ASSET').length,
    status: 'OPERATING',
    statusdate: at,
  };
  db.insert('ASSET', { ...base, location: 'PIT', isrunning: true, ...values, ...stampedRow(at) });
}

function location(
  db: Database,
  code: string,
  description: string,
  parent: string | null,
  type = 'OPERATING',
): void {
  const at = PIT_START_MS;
  const base = { siteid: PIT_SITE, orgid: ORG, location: code };
  db.insert('LOCATIONS', {
    ...base,
    description,
    type,
    status: 'OPERATING',
    statusdate: at,
    ...stampedRow(at),
  });
  if (parent !== null) db.insert('LOCHIERARCHY', { ...base, systemid: 'PRIMARY', parent });
}

function seedLocations(db: Database, orders: readonly ExcavatorOrder[]): Map<string, string> {
  location(db, 'PIT', 'Open pit', null);
  location(db, 'CENTRAL', 'Central storeroom', null, 'STOREROOM');
  const codes = new Map<string, string>();
  for (const order of orders) {
    const name = order.broken === null ? order.functionalLocation : null;
    if (name === null || codes.has(name)) continue;
    const code = `FL-${String(codes.size + 1).padStart(4, '0')}`;
    codes.set(name, code);
    location(db, code, name.slice(0, 100), 'PIT');
  }
  return codes;
}

function seedAssets(db: Database, orders: readonly ExcavatorOrder[], { machines }: ExcavatorSite): void {
  EXCAVATORS.forEach((letter, at) => {
    if (!machines.includes(letter)) return;
    asset(
      db,
      {
        assetnum: `EXC-${letter}`,
        description: `Hydraulic excavator ${letter}`,
        serialnum: `RH120-${letter}-000${at + 1}`,
        assettype: 'EXCAVATOR',
        manufacturer: 'O&K',
        installdate: '2001-01-01',
        priority: 1,
      },
      PIT_START_MS + at,
    );
    const meter = {
      assetnum: `EXC-${letter}`,
      siteid: PIT_SITE,
      orgid: ORG,
      metername: 'RUNHOURS',
      linearassetmeterid: 0,
    };
    const reading = 20_000 + at * 1500;
    db.insert('ASSETMETER', {
      ...meter,
      active: true,
      readingtype: 'ACTUAL',
      measureunitid: 'HOURS',
      lastreading: String(reading),
      lastreadingdate: Date.UTC(2012, 6, 1, 6),
      lifetodate: reading,
      average: 18,
      ...stampedRow(Date.UTC(2012, 6, 1, 6, at)),
    });
  });
  const seen = new Set<string>();
  for (const order of orders) {
    const system = systemOf(order);
    const assetnum = systemAsset(order);
    if (system === null || seen.has(assetnum)) continue;
    seen.add(assetnum);
    const parent = `EXC-${order.asset}`;
    asset(
      db,
      { assetnum, parent, description: `${system} of excavator ${order.asset}`, priority: 2 },
      PIT_START_MS + 100 + seen.size,
    );
  }
}

function priorityOf(order: ExcavatorOrder): number | null {
  if (order.failureMode === null) return null;
  if (/Fail to|Smoke|Over Temp/.test(order.failureMode)) return 1;
  return /Leak|Structural/.test(order.failureMode) ? 2 : 3;
}

function costs(order: ExcavatorOrder): Record<string, Value> {
  const cost = order.broken === null ? (order.cost ?? 0) : 0;
  const material = Math.round(cost * 40) / 100;
  const labor = Math.round((cost - material) * 100) / 100;
  return {
    actlabhrs: Math.round(labor / 8) / 10,
    actlabcost: labor,
    actmatcost: material,
    acttoolcost: 0,
    actservcost: 0,
  };
}

function statusOf(rank: number, total: number, date: string): string {
  const fromNewest = total - 1 - rank;
  if (fromNewest < OPEN_ORDERS) return OPEN_STATES[fromNewest % OPEN_STATES.length] ?? 'WAPPR';
  return date < '2011' ? 'CLOSE' : 'COMP';
}

function orderValues(
  order: ExcavatorOrder,
  rank: number,
  total: number,
  codes: Map<string, string>,
): Record<string, Value> {
  const day = Date.parse(`${order.date}T00:00:00Z`);
  const status = statusOf(rank, total, order.date);
  const ended = status === 'COMP' || status === 'CLOSE';
  const sound = order.broken === null;
  return {
    wonum: String(100_000 + order.line),
    siteid: PIT_SITE,
    orgid: ORG,
    workorderid: null,
    description: sound ? order.text : null,
    description_longdescription: sound ? null : `${order.date},${order.asset},${order.text},${order.pmType}`,
    status,
    statusdate: day,
    woclass: 'WORKORDER',
    istask: false,
    worktype: sound ? (WORK_TYPES[order.pmType] ?? null) : null,
    wopriority: priorityOf(order),
    assetnum: systemAsset(order),
    location: sound ? (codes.get(order.functionalLocation ?? '') ?? 'PIT') : 'PIT',
    reportedby: 'WILSON.REED',
    reportdate: day,
    targcompdate: day,
    actstart: ended || status === 'INPRG' ? day : null,
    actfinish: ended ? day : null,
    estdur: 0,
    ...costs(order),
    parentchgsstatus: true,
    downtime: false,
    historyflag: status === 'CLOSE',
    haschildren: false,
    ...stampedRow(day + 8 * 3_600_000 + order.line),
  };
}

export async function seedExcavators(db: Database, site: ExcavatorSite): Promise<void> {
  const orders = ordersOfSite(await loadExcavatorOrders(), site);
  seedPitPeople(db, PIT_SITE, PIT_START_MS);
  const codes = seedLocations(db, orders);
  seedAssets(db, orders, site);
  seedPitStock(db, PIT_SITE, PIT_START_MS);
  seedPitPlans(db, PIT_SITE, site);
  seedPitRequests(db, PIT_SITE, site);
  const byDate = [...orders].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.line - b.line));
  byDate.forEach((order, rank) => {
    db.insert('WORKORDER', orderValues(order, rank, byDate.length, codes));
  });
}
