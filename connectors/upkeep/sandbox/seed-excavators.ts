/**
 * The plant of the five excavators as a contractor's maintenance team entered it in UpKeep: the same machines by serial
 * number, under that team's own names; two described differently from the owner's books; 611 of the real orders. As the owner
 * of a site (`site:<letters>`) it holds the machines of that site with all their orders.
 */
import {
  EXCAVATORS,
  ordersOfSite,
  type Excavator,
  type ExcavatorOrder,
  type ExcavatorSite,
} from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';

const LIVE_ORDERS = 40;
const DAY_MS = 86_400_000;
const START = { createdAt: '2001-06-01T00:00:00.000Z', updatedAt: '2001-06-01T00:00:00.000Z' };

/** B and D differ from the owner's books in model and description. */
const MACHINES = [
  {
    letter: 'A',
    model: 'RH120E',
    description: 'Hydraulic mining shovel, face shovel front',
    pit: 'North Pit',
  },
  {
    letter: 'B',
    model: 'RH-120C',
    description: 'OLD SHOVEL, rebuilt slew 2003, watch bucket cyl',
    pit: 'North Pit',
  },
  {
    letter: 'C',
    model: 'RH120E',
    description: 'Hydraulic mining shovel, face shovel front',
    pit: 'North Pit',
  },
  { letter: 'D', model: 'RH120E Terex', description: 'Main production digger, south wall', pit: 'South Pit' },
  { letter: 'E', model: 'RH120E', description: 'Hydraulic mining shovel, backhoe front', pit: 'South Pit' },
] as const;

const PEOPLE = [
  ['wilson.reed', 'Wilson', 'Reed', 'LIMITED_ADMIN', 'Maintenance superintendent'],
  ['maria.santos', 'Maria', 'Santos', 'TECHNICIAN', 'Fitter'],
  ['tom.baker', 'Tom', 'Baker', 'TECHNICIAN', 'Auto electrician'],
  ['li.chen', 'Li', 'Chen', 'TECHNICIAN', 'Boilermaker'],
  ['grace.osei', 'Grace', 'Osei', 'REQUESTER', 'Pit supervisor'],
] as const;

const PARTS = [
  ['Bucket tooth', 'GET-120-T', 48, 12, 310, 'G1-04'],
  ['Bucket cylinder seal kit', 'CYL-SK-77', 6, 2, 845.5, 'H2-01'],
  ['Hydraulic hose 1 1/4 in', 'HH-125-4SP', 35, 10, 128.9, 'H1-07'],
  ['O-ring assortment', 'OR-BOX-9', 11, 4, 64, 'H1-02'],
  ['Engine oil filter', 'EF-3555', 22, 8, 41.75, 'E1-01'],
] as const;

/** SAP order type to UpKeep priority: repairs before replacements before the rest. */
const PRIORITY_BY_TYPE: Readonly<Record<string, number>> = { PM01: 2, PM02: 1, PM05: 3 };

function seedPeople({ store }: Account): string[] {
  const ids = PEOPLE.map(([mail, firstName, lastName, accountType, jobTitle]) => {
    const fields = { email: `${mail}@pitmine.example`, accountType, firstName, lastName, jobTitle };
    return store.add('users', fields, { password: 'pitmine-demo' }, START).id;
  });
  const team = { name: 'Excavator crew', description: 'Fitters and electricians on the RH120s' };
  store.add('teams', team, { members: ids.slice(1, 4) }, START);
  return ids;
}

function seedPlaces({ store }: Account): Map<string, string> {
  const places = new Map<string, string>();
  const add = (
    name: string,
    hierarchyLevel: number,
    parentLocation: string | null,
    more: object = {},
  ): string => {
    const { id } = store.add('locations', { name, ...more, parentLocation, hierarchyLevel }, {}, START);
    places.set(name, id);
    return id;
  };
  const site = add('Pit Mine', 0, null, {
    address: 'Mine access road, Pilbara, WA, Australia',
    latitude: -22.6,
    longitude: 118.6,
  });
  add('North Pit', 1, site);
  add('South Pit', 1, site);
  const workshop = add('Heavy Workshop', 1, site);
  add('Parts store', 2, workshop, { barcode: 'LOC-STORE' });
  return places;
}

function seedMachines(
  { store }: Account,
  places: Map<string, string>,
  letters: readonly Excavator[],
): Map<string, string> {
  for (const [name, isDowntime] of [
    ['Operational', false],
    ['Down - unplanned', true],
    ['Down - planned', true],
  ] as const) {
    store.add('asset-downtime-statuses', { name, isDowntime }, {}, START);
  }
  const [operational] = store.tables.rows('asset-downtime-statuses');
  const assets = new Map<string, string>();
  for (const [i, { letter, model, description, pit }] of MACHINES.entries()) {
    if (!letters.includes(letter)) continue;
    const fields = {
      name: `Excavator ${letter} - O&K RH120`,
      description,
      model,
      make: 'O&K',
      category: 'Excavator',
      serialNumber: `RH120-${letter}-000${i + 1}`,
      barcode: `UPK-EX-${letter}`,
      location: places.get(pit),
      status: 'active',
      downtimeStatus: operational?.id,
    };
    assets.set(letter, store.add('assets', fields, {}, START).id);
  }
  return assets;
}

function seedStore({ store }: Account, places: Map<string, string>): void {
  for (const [name, partNumber, quantity, minimumQuantity, cost, area] of PARTS) {
    const location = places.get('Parts store');
    const fields = {
      name,
      partNumber,
      quantity,
      minimumQuantity,
      cost,
      area,
      category: 'Excavator',
      location,
    };
    store.add('parts', fields, {}, START);
  }
}

function seedMeters({ store }: Account, assets: Map<string, string>): void {
  let hours = 18_000;
  for (const [letter, asset] of assets) {
    hours += 2_350;
    const last = '2012-12-01T06:00:00.000Z';
    const fields = { name: `Engine hours ${letter}`, units: 'hours', frequency: 7, asset };
    const meter = store.add('meters', fields, {}, { createdAt: START.createdAt, updatedAt: last }).id;
    for (const [date, value] of [
      ['2012-11-24T06:00:00.000Z', hours],
      [last, hours + 131],
    ] as const) {
      store.add('readings', { meter, value, date }, {}, { createdAt: date, updatedAt: date });
    }
  }
}

function seedPlans({ store }: Account, assets: Map<string, string>, assignee: string | undefined): void {
  const plan = (name: string, note: string, hours: number, schedules: object[]): void => {
    const template = {
      name,
      mainDescription: name,
      note,
      category: 'Preventative',
      priority: 1,
      estimatedTime: hours,
    };
    const pmTemplate = store.add('pm', { ...template, tasks: [], partInventories: [] }, {}, START).id;
    for (const schedule of schedules) store.add('pm-schedules', { ...schedule, pmTemplate }, {}, START);
  };
  const dates = { startDate: '2012-01-09T22:00:00.000Z', nextDueDate: '2013-01-07T22:00:00.000Z' };
  const rhythm = {
    repeatFrequency: 'DAILY',
    repeatInterval: 28,
    scheduleType: 'EVERY_N_DAYS',
    isBasedOnCompletion: false,
  };
  plan(
    'Grease system inspection',
    'Check lines, pump and timers of the central lubrication.',
    2,
    [...assets.values()].map((asset) => ({
      asset,
      assignee,
      timeZone: 'Australia/Perth',
      ...dates,
      ...rhythm,
    })),
  );
  const quarterly = {
    repeatFrequency: 'MONTHLY',
    repeatInterval: 3,
    scheduleType: 'EVERY_N_MONTHS',
    isBasedOnCompletion: true,
  };
  const bolted = assets.get('D');
  if (bolted === undefined) return;
  plan('Slew ring bolt check', 'Torque sample of 12 bolts, report movement.', 4, [
    { asset: bolted, timeZone: 'Australia/Perth', ...dates, ...quarterly },
  ]);
}

/** Sound rows in date order; the contractor visits every machine. */
function chooseOrders(orders: readonly ExcavatorOrder[], site: ExcavatorSite): ExcavatorOrder[] {
  const chosen = ordersOfSite(orders, site).filter((order) => order.broken === null);
  return chosen.sort((a, b) => a.date.localeCompare(b.date) || a.line - b.line);
}

function iso(date: string, addMs = 0): string {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) + addMs).toISOString();
}

export function seedExcavators(
  account: Account,
  orders: readonly ExcavatorOrder[],
  owned: ExcavatorSite | null,
): void {
  const site = owned ?? { machines: [...EXCAVATORS], visiting: [...EXCAVATORS] };
  const { store } = account;
  const people = seedPeople(account);
  const places = seedPlaces(account);
  const assets = seedMachines(account, places, site.machines);
  seedStore(account, places);
  seedMeters(account, assets);
  seedPlans(account, assets, people[1]);
  const chosen = chooseOrders(orders, site);
  for (const [i, order] of chosen.entries()) {
    const live = i >= chosen.length - LIVE_ORDERS;
    const category = order.majorSystem?.split('_')[0];
    const machine = MACHINES.find(({ letter }) => letter === order.asset);
    const location = places.get(machine?.pit ?? '');
    const dateCompleted = live ? null : iso(order.date, (1 + (i % 3)) * DAY_MS);
    const fields = {
      workOrderNo: store.nextWorkOrderNo(),
      title: order.text,
      status: live ? (i % 3 === 0 ? 'inProgress' : 'open') : 'complete',
      priority: PRIORITY_BY_TYPE[order.pmType] ?? 0,
      category,
      dueDate: iso(order.date),
      asset: assets.get(order.asset),
      location,
      objectLocationForWorkOrder: location,
      cost: order.cost === 0 ? null : order.cost,
      dateCompleted,
      completedByUser: live ? null : people[1 + (i % 3)],
    };
    const at = { createdAt: iso(order.date), updatedAt: dateCompleted ?? iso(order.date) };
    store.add('work-orders', fields, {}, at);
  }
}
