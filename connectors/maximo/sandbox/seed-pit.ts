/** People, stock, plans and requests of the pit: invented, around the real machines and orders. */
import { EXCAVATORS, type ExcavatorSite } from '../../kit/sandbox/index.ts';
import type { Database } from './database.ts';
import type { Value } from './model.ts';
import { ORG, seedPerson, stampedRow, type PersonSeed } from './seed-basics.ts';
import { ITEM_SET } from './world.ts';

const PEOPLE: readonly (readonly [string, string, string, string])[] = [
  ['Wilson', 'Reed', 'WREED', 'Maintenance planner'],
  ['Maria', 'Santos', 'MSANTOS', 'Mechanic'],
  ['Tom', 'Baker', 'TBAKER', 'Mechanic'],
  ['Li', 'Chen', 'LCHEN', 'Electrician'],
  ['Anna', 'Novak', 'ANOVAK', 'Supervisor'],
  ['Joe', 'Murphy', 'JMURPHY', 'Boilermaker'],
  ['Priya', 'Nair', 'PNAIR', 'Reliability engineer'],
  ['Sam', 'Okafor', 'SOKAFOR', 'Operator'],
];

export function seedPitPeople(db: Database, site: string, at: number): void {
  for (const [firstname, lastname, laborcode, title] of PEOPLE) {
    const name = `${firstname}.${lastname}`;
    const person: PersonSeed = {
      personid: name.toUpperCase(),
      firstname,
      lastname,
      email: `${name.toLowerCase()}@pitmine.example`,
      title,
      laborcode,
    };
    seedPerson(db, person, site, at);
  }
}

const ITEMS: readonly (readonly [string, string, string, number, number, number])[] = [
  ['TOOTH-RH120', 'Bucket tooth RH120', 'EACH', 24, 12, 310.5],
  ['GREASE-EP2', 'Grease EP2, cartridge', 'EACH', 96, 40, 9.8],
  ['HOSE-HYD-19', 'Hydraulic hose 19 mm', 'M', 60, 20, 22.4],
  ['SEAL-KIT-CYL', 'Seal kit, tilt cylinder', 'EACH', 5, 2, 480],
  ['FILTER-OIL', 'Engine oil filter', 'EACH', 18, 10, 36.2],
  ['FILTER-AIR', 'Air filter element', 'EACH', 14, 8, 88],
  ['BATTERY-12V', 'Battery 12 V 200 Ah', 'EACH', 6, 4, 295],
  ['LAMP-H4', 'Work lamp H4', 'EACH', 30, 10, 14.5],
  ['BELT-FAN', 'Fan belt', 'EACH', 7, 3, 61],
  ['OIL-15W40', 'Engine oil 15W40', 'L', 800, 400, 4.1],
  ['TRACK-PAD', 'Track pad', 'EACH', 9, 6, 740],
  ['STARTER-24V', 'Starter motor 24 V', 'EACH', 2, 1, 1350],
];

export function seedPitStock(db: Database, site: string, at: number): void {
  for (const [itemnum, description, issueunit, curbal, minlevel, cost] of ITEMS) {
    const key = { itemnum, itemsetid: ITEM_SET };
    const base = {
      description,
      itemtype: 'ITEM',
      status: 'ACTIVE',
      statusdate: at,
      rotating: false,
      lottype: 'NOLOT',
    };
    db.insert('ITEM', { ...key, ...base, issueunit, orderunit: issueunit });
    const line = { ...key, location: 'CENTRAL', siteid: site, orgid: ORG };
    db.insert('INVENTORY', {
      ...line,
      issueunit,
      orderunit: issueunit,
      category: 'STK',
      costtype: 'AVERAGE',
      minlevel,
      maxlevel: minlevel * 4,
      orderqty: minlevel * 2,
      sstock: Math.floor(minlevel / 2),
      reorder: true,
      binnum: 'A-1',
      status: 'ACTIVE',
      statusdate: at,
    });
    db.insert('INVBALANCES', { ...line, binnum: 'A-1', curbal, physcnt: curbal, physcntdate: at });
    db.insert('INVCOST', { ...line, avgcost: cost, stdcost: cost, lastcost: cost });
  }
}

function plan(db: Database, site: string, at: number, values: Record<string, Value>): void {
  db.insert('PM', {
    siteid: site,
    orgid: ORG,
    status: 'ACTIVE',
    statusdate: at,
    worktype: 'PM',
    priority: 3,
    usetargetdate: true,
    wostatus: 'WSCH',
    pmcounter: 0,
    lead: 'MARIA.SANTOS',
    ...values,
    ...stampedRow(at),
  });
}

/** Greasing by the day and an oil sample by the month from the calendar; the 250 h service from the meter. */
export function seedPitPlans(db: Database, site: string, { machines }: ExcavatorSite): void {
  const start = Date.UTC(2012, 0, 2);
  EXCAVATORS.forEach((letter, at) => {
    if (!machines.includes(letter)) return;
    const assetnum = `EXC-${letter}`;
    const daily = { frequency: 1, frequnit: 'DAYS', nextdate: '2012-07-02', lastcompdate: '2012-07-01' };
    plan(db, site, start + at, {
      pmnum: `GREASE-${letter}`,
      description: `Daily grease, excavator ${letter}`,
      assetnum,
      ...daily,
    });
    const service = { frequency: 0, frequnit: 'DAYS', nextdate: '2012-07-16' };
    plan(db, site, start + 10 + at, {
      pmnum: `S250-${letter}`,
      description: `250 h service, excavator ${letter}`,
      assetnum,
      ...service,
    });
    const meter = { pmnum: `S250-${letter}`, siteid: site, orgid: ORG, metername: 'RUNHOURS' };
    db.insert('PMMETER', {
      ...meter,
      frequency: 250,
      tolerance: 25,
      alertlead: 20,
      readingatnextwo: String(20_250 + at * 1500),
    });
  });
  if (!machines.includes('D')) return;
  const monthly = {
    frequency: 1,
    frequnit: 'MONTHS',
    nextdate: '2012-08-01',
    usetargetdate: false,
    leadtime: 7,
  };
  plan(db, site, start + 20, {
    pmnum: 'OIL-D',
    description: 'Oil sample, excavator D',
    assetnum: 'EXC-D',
    ...monthly,
  });
}

const REQUESTS: readonly (readonly [string, string, string, number, string])[] = [
  ['Cabin air conditioning blows warm air', 'EXC-D', 'NEW', 3, 'SAM.OKAFOR'],
  ['Oil on the ground under the slew ring', 'EXC-B', 'NEW', 2, 'TOM.BAKER'],
  ['Horn does not work', 'EXC-A', 'QUEUED', 2, 'SAM.OKAFOR'],
  ['Fire suppression light stays on', 'EXC-C', 'INPROG', 1, 'LI.CHEN'],
  ['Door handle loose', 'EXC-E', 'RESOLVED', 4, 'SAM.OKAFOR'],
  ['Wants a second mirror', 'EXC-E', 'REJECTED', 4, 'SAM.OKAFOR'],
];

export function seedPitRequests(db: Database, site: string, { machines }: ExcavatorSite): void {
  REQUESTS.forEach(([description, assetnum, status, reportedpriority, reportedby], at) => {
    if (!machines.some((letter) => assetnum.endsWith(letter))) return;
    const reported = Date.UTC(2012, 6, 1 + at, 6, 30);
    db.insert('SR', {
      ticketid: String(1001 + at),
      class: 'SR',
      description,
      status,
      statusdate: reported,
      siteid: site,
      orgid: ORG,
      assetnum,
      assetsiteid: site,
      assetorgid: ORG,
      location: 'PIT',
      reportedby,
      reportdate: reported,
      affectedperson: reportedby,
      reportedpriority,
      historyflag: status === 'REJECTED',
      ...stampedRow(reported + 123),
    });
  });
}
