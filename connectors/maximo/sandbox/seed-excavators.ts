/**
 * `excavators` and `site:<letters>`: the pit as the owner keeps it in Maximo, with a place for every functional location and an asset
 * for every system its orders name. The row that an unquoted comma broke is kept broken: it has no description, and its cells stand
 * in the long description.
 */
import { plantOfSeed, type Plant, type PlantMachine, type PlantOrder } from '../../kit/sandbox/index.ts';
import type { Database } from './database.ts';
import type { Value } from './model.ts';
import { ORG, seedPerson, stampedRow } from './seed-basics.ts';
import { ITEM_SET } from './world.ts';

export const PIT_SITE = 'PITMINE';

const OPEN_ORDERS = 90;
const START_MS = Date.UTC(2001, 0, 1);
const HERE = { siteid: PIT_SITE, orgid: ORG };
const RUNNING = { status: 'OPERATING', statusdate: START_MS };
const STATES = { new: 'WAPPR', released: 'APPR', started: 'INPRG', completed: 'COMP', closed: 'CLOSE' };
const REQUEST_STATES = { new: 'NEW', started: 'INPROG', done: 'RESOLVED', rejected: 'REJECTED' };
const WORK_TYPES: Readonly<Record<string, string>> = {
  ...{ PM01: 'CM', PM02: 'PM', PM04: 'EM', PM05: 'CAL', PM06: 'EV', PM13: 'CP' },
};

function slug(text: string): string {
  const plain = text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '-');
  return plain.replaceAll(/^-|-$/g, '').slice(0, 18);
}

function assetOf({ machine, system }: PlantOrder): string {
  return system === null ? `EXC-${machine}` : `EXC-${machine}-${slug(system)}`;
}

/** What the meter of a machine shows. */
function readingOf({ number }: PlantMachine): number {
  return 20_000 + (number - 1) * 1500;
}

function seedPeople(db: Database, { people }: Plant): void {
  for (const { key, first, last, mail, trade } of people) {
    const names = { personid: key.toUpperCase(), firstname: first, lastname: last, email: mail };
    const laborcode = `${first.charAt(0)}${last}`.toUpperCase();
    seedPerson(db, { ...names, title: trade, laborcode }, PIT_SITE, START_MS);
  }
}

/** Codes of the functional locations by name. */
function seedLocations(db: Database, { orders }: Plant): Map<string, string> {
  const add = (location: string, description: string, parent?: string, type = 'OPERATING'): void => {
    const place = { ...HERE, location, description, type, ...RUNNING };
    db.insert('LOCATIONS', { ...place, ...stampedRow(START_MS) });
    if (parent !== undefined) db.insert('LOCHIERARCHY', { ...HERE, location, systemid: 'PRIMARY', parent });
  };
  add('PIT', 'Open pit');
  add('CENTRAL', 'Central storeroom', undefined, 'STOREROOM');
  const codes = new Map<string, string>();
  for (const { place } of orders.toSorted((a, b) => a.number - b.number)) {
    if (place === null || codes.has(place)) continue;
    const code = `FL-${String(codes.size + 1).padStart(4, '0')}`;
    codes.set(place, code);
    add(code, place.slice(0, 100), 'PIT');
  }
  return codes;
}

function seedAssets(db: Database, { machines, orders }: Plant): void {
  let count = 0;
  const add = (values: Record<string, Value>): void => {
    count += 1;
    const own = { ...HERE, assetid: 9000 + count, ...RUNNING, location: 'PIT', isrunning: true };
    db.insert('ASSET', { ...own, ...values, ...stampedRow(START_MS + count) });
  };
  for (const machine of machines) {
    const assetnum = `EXC-${machine.key}`;
    const words = { description: `Hydraulic excavator ${machine.key}`, assettype: 'EXCAVATOR' };
    const plate = { serialnum: machine.serial, manufacturer: 'O&K', installdate: '2001-01-01' };
    add({ assetnum, ...words, ...plate, priority: 1 });
    const reading = readingOf(machine);
    db.insert('ASSETMETER', {
      ...{ assetnum, ...HERE, metername: 'RUNHOURS', linearassetmeterid: 0, active: true, average: 18 },
      ...{ readingtype: 'ACTUAL', measureunitid: 'HOURS', lastreading: String(reading) },
      ...{ lastreadingdate: Date.UTC(2012, 6, 1, 6), lifetodate: reading },
      ...stampedRow(Date.UTC(2012, 6, 1, 6, machine.number)),
    });
  }
  const systems = new Map(orders.map((order) => [assetOf(order), order]));
  for (const [assetnum, { machine, system }] of systems) {
    if (system === null) continue;
    const description = `${system} of excavator ${machine}`;
    add({ assetnum, parent: `EXC-${machine}`, description, priority: 2 });
  }
}

function seedStock(db: Database, { parts }: Plant): void {
  for (const { code, name, unit, stock, least, price } of parts) {
    const key = { itemnum: code, itemsetid: ITEM_SET };
    const issueunit = unit === 'EA' ? 'EACH' : unit;
    const units = { issueunit, orderunit: issueunit };
    const active = { status: 'ACTIVE', statusdate: START_MS };
    const kind = { description: name, itemtype: 'ITEM', rotating: false, lottype: 'NOLOT' };
    db.insert('ITEM', { ...key, ...kind, ...active, ...units });
    const line = { ...key, location: 'CENTRAL', ...HERE };
    db.insert('INVENTORY', {
      ...{ ...line, ...units, ...active, category: 'STK', costtype: 'AVERAGE', reorder: true },
      ...{ minlevel: least, maxlevel: least * 4, orderqty: least * 2, sstock: Math.floor(least / 2) },
      binnum: 'A-1',
    });
    const counted = { curbal: stock, physcnt: stock, physcntdate: START_MS };
    db.insert('INVBALANCES', { ...line, binnum: 'A-1', ...counted });
    db.insert('INVCOST', { ...line, avgcost: price, stdcost: price, lastcost: price });
  }
}

/** Greasing by the day and an oil sample by the month from the calendar; the 250 h service from the meter. */
function seedPlans(db: Database, { machines }: Plant): void {
  const plan = (at: number, values: Record<string, Value>): void => {
    const start = Date.UTC(2012, 0, 2) + at;
    const common = { ...HERE, status: 'ACTIVE', statusdate: start, worktype: 'PM', priority: 3 };
    const rest = { usetargetdate: true, wostatus: 'WSCH', pmcounter: 0, lead: 'MARIA.SANTOS' };
    db.insert('PM', { ...common, ...rest, ...values, ...stampedRow(start) });
  };
  for (const machine of machines) {
    const { key, number } = machine;
    const assetnum = `EXC-${key}`;
    const grease = { pmnum: `GREASE-${key}`, description: `Daily grease, excavator ${key}`, assetnum };
    const daily = { frequency: 1, frequnit: 'DAYS', nextdate: '2012-07-02', lastcompdate: '2012-07-01' };
    plan(number, { ...grease, ...daily });
    const pmnum = `S250-${key}`;
    const service = { pmnum, description: `250 h service, excavator ${key}`, assetnum };
    plan(10 + number, { ...service, frequency: 0, frequnit: 'DAYS', nextdate: '2012-07-16' });
    const meter = { pmnum, ...HERE, metername: 'RUNHOURS', frequency: 250, tolerance: 25, alertlead: 20 };
    db.insert('PMMETER', { ...meter, readingatnextwo: String(readingOf(machine) + 250) });
  }
  if (!machines.some(({ key }) => key === 'D')) return;
  const sample = { pmnum: 'OIL-D', description: 'Oil sample, excavator D', assetnum: 'EXC-D' };
  const monthly = { frequency: 1, frequnit: 'MONTHS', nextdate: '2012-08-01', leadtime: 7 };
  plan(20, { ...sample, ...monthly, usetargetdate: false });
}

function seedRequests(db: Database, { requests }: Plant): void {
  requests.forEach(({ text, machine, by, state, urgency, at }, i) => {
    const person = by.toUpperCase();
    db.insert('SR', {
      ...{ ticketid: String(1001 + i), class: 'SR', description: text, ...HERE, location: 'PIT' },
      ...{ status: REQUEST_STATES[state], statusdate: at, reportdate: at, reportedpriority: urgency },
      ...{ assetnum: `EXC-${machine}`, assetsiteid: PIT_SITE, assetorgid: ORG },
      ...{ reportedby: person, affectedperson: person, historyflag: state === 'rejected' },
      ...stampedRow(at + 123),
    });
  });
}

function orderValues(order: PlantOrder, codes: ReadonlyMap<string, string>): Record<string, Value> {
  const { number, text, cells, broken, day, state, open, urgency, kind, cost, material, hours } = order;
  const sound = broken === null;
  const status = STATES[state];
  return {
    ...{ wonum: String(100_000 + number), ...HERE, workorderid: null, description: sound ? text : null },
    ...{ description_longdescription: sound ? null : cells, status, statusdate: day },
    ...{ woclass: 'WORKORDER', istask: false, worktype: sound ? (WORK_TYPES[kind] ?? null) : null },
    ...{ wopriority: urgency, assetnum: assetOf(order), location: codes.get(order.place ?? '') ?? 'PIT' },
    ...{ reportedby: 'WILSON.REED', reportdate: day, targcompdate: day, estdur: 0 },
    ...{ actstart: state === 'new' || state === 'released' ? null : day, actfinish: open ? null : day },
    ...{ actlabhrs: hours, actlabcost: Math.round((cost - material) * 100) / 100, actmatcost: material },
    ...{ acttoolcost: 0, actservcost: 0, parentchgsstatus: true, downtime: false, haschildren: false },
    ...{ historyflag: state === 'closed', ...stampedRow(order.changed) },
  };
}

export async function seedExcavators(db: Database, seed: string): Promise<void> {
  const plant = await plantOfSeed(seed, { open: OPEN_ORDERS, broken: true });
  if (plant?.kind !== 'pit') return;
  seedPeople(db, plant);
  const codes = seedLocations(db, plant);
  seedAssets(db, plant);
  seedStock(db, plant);
  seedPlans(db, plant);
  seedRequests(db, plant);
  for (const order of plant.orders) db.insert('WORKORDER', orderValues(order, codes));
}
