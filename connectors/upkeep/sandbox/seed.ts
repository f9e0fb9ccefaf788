/**
 * What an account holds when it starts. The pit as a contractor's maintenance team entered it: the same machines by serial number,
 * under that team's own names, two described differently from the owner's books; as `excavators` 611 of the real orders.
 */
import {
  DAY_MS,
  EXCAVATORS,
  plantOfSeed,
  type Plant,
  type PlantMachine,
  type PlantOrder,
} from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import type { Store } from './store.ts';

export const ADMIN = {
  email: 'integration@pitmine.example',
  password: 'pitmine-integration',
  /** A long-lived API token of the admin (contract 1.3). */
  token: 'upk-static-4f1d0c9b7a2e4c61',
} as const;

const START = { createdAt: '2001-06-01T00:00:00.000Z', updatedAt: '2001-06-01T00:00:00.000Z' };
const OPEN_ORDERS = 40;
const PEOPLE = 4;
const PARTS = 5;
const STATUSES = {
  new: 'open',
  released: 'open',
  started: 'inProgress',
  completed: 'complete',
  closed: 'complete',
};
/** Repairs before replacements before the rest. */
const PRIORITIES: Readonly<Record<string, number>> = { PM01: 2, PM02: 1, PM05: 3 };

/** B and D differ from the owner's books in model and description. */
const OWN_WORDS: Readonly<Record<string, { model: string; description: string }>> = {
  B: { model: 'RH-120C', description: 'OLD SHOVEL, rebuilt slew 2003, watch bucket cyl' },
  D: { model: 'RH120E Terex', description: 'Main production digger, south wall' },
};

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function at(ms: number): { createdAt: string; updatedAt: string } {
  return { createdAt: iso(ms), updatedAt: iso(ms) };
}

function seedPeople(store: Store, { people }: Plant): string[] {
  const ids = people.slice(0, PEOPLE).map(({ first, last, mail, trade }, i) => {
    const accountType = i === 0 ? 'LIMITED_ADMIN' : 'TECHNICIAN';
    const fields = { email: mail, accountType, firstName: first, lastName: last, jobTitle: trade };
    return store.add('users', fields, { password: 'pitmine-demo' }, START).id;
  });
  if (ids.length === 0) return ids;
  const grace = { email: 'grace.osei@pitmine.example', firstName: 'Grace', lastName: 'Osei' };
  store.add('users', { ...grace, accountType: 'REQUESTER', jobTitle: 'Pit supervisor' }, {}, START);
  const team = { name: 'Excavator crew', description: 'Fitters and electricians on the RH120s' };
  store.add('teams', team, { members: ids.slice(1) }, START);
  return ids;
}

type Places = Record<'site' | 'north' | 'south' | 'store', string>;

function seedPlaces(store: Store, { kind }: Plant): Places {
  const add = (name: string, hierarchyLevel: number, parentLocation?: string, more = {}): string =>
    store.add('locations', { name, ...more, parentLocation, hierarchyLevel }, {}, START).id;
  if (kind === 'pumps') {
    const site = add('Synthetic plant', 0);
    return { site, north: site, south: site, store: site };
  }
  const address = 'Mine access road, Pilbara, WA, Australia';
  const site = add('Pit Mine', 0, undefined, { address, latitude: -22.6, longitude: 118.6 });
  const [north, south] = [add('North Pit', 1, site), add('South Pit', 1, site)];
  const workshop = add('Heavy Workshop', 1, site);
  return { site, north, south, store: add('Parts store', 2, workshop, { barcode: 'LOC-STORE' }) };
}

function machineFields({ key, number, serial }: PlantMachine, kind: Plant['kind']): object {
  if (kind === 'pumps') return { name: `Pump ${number}`, serialNumber: serial };
  const front = key === 'E' ? 'backhoe front' : 'face shovel front';
  return {
    ...{ name: `Excavator ${key} - O&K RH120`, make: 'O&K', category: 'Excavator', serialNumber: serial },
    ...{ model: 'RH120E', description: `Hydraulic mining shovel, ${front}`, barcode: `UPK-EX-${key}` },
    ...OWN_WORDS[key],
  };
}

function seedMachines(store: Store, { machines, kind }: Plant, places: Places): Map<string, string> {
  const [downtimeStatus] = ['Operational', 'Down - unplanned', 'Down - planned'].map(
    (name, i) => store.add('asset-downtime-statuses', { name, isDowntime: i > 0 }, {}, START).id,
  );
  return new Map(
    machines.map((machine) => {
      const state = { location: places[machine.pit], status: 'active', downtimeStatus };
      return [machine.key, store.add('assets', { ...machineFields(machine, kind), ...state }, {}, START).id];
    }),
  );
}

function seedParts(store: Store, { parts }: Plant, places: Places): void {
  parts.slice(0, PARTS).forEach(({ number, name, stock, least, price, bin }, i) => {
    const amounts = { quantity: stock + i, minimumQuantity: least, cost: price };
    const fields = { name, partNumber: number, ...amounts, area: bin, category: 'Excavator' };
    store.add('parts', { ...fields, location: places.store }, {}, START);
  });
}

function seedMeters(store: Store, { machines }: Plant, assets: ReadonlyMap<string, string>): void {
  const [week, last] = [Date.UTC(2012, 10, 24, 6), Date.UTC(2012, 11, 1, 6)];
  for (const { key, hours } of machines) {
    const fields = { name: `Engine hours ${key}`, units: 'hours', frequency: 7, asset: assets.get(key) };
    const meter = store.add('meters', fields, {}, { ...START, updatedAt: iso(last) }).id;
    for (const [date, value] of [
      [week, hours],
      [last, hours + 131],
    ] as const) {
      store.add('readings', { meter, value, date: iso(date) }, {}, at(date));
    }
  }
}

function seedPlans(store: Store, assets: ReadonlyMap<string, string>, assignee: string | undefined): void {
  const plan = (name: string, note: string, hours: number): string => {
    const words = { name, mainDescription: name, note, category: 'Preventative', priority: 1 };
    const template = { ...words, estimatedTime: hours, tasks: [], partInventories: [] };
    return store.add('pm', template, {}, START).id;
  };
  const dates = { startDate: '2012-01-09T22:00:00.000Z', nextDueDate: '2013-01-07T22:00:00.000Z' };
  const common = { timeZone: 'Australia/Perth', ...dates };
  const grease = plan(
    'Grease system inspection',
    'Check lines, pump and timers of the central lubrication.',
    2,
  );
  for (const asset of assets.values()) {
    const rhythm = { repeatFrequency: 'DAILY', repeatInterval: 28, scheduleType: 'EVERY_N_DAYS' };
    const schedule = { asset, assignee, ...common, ...rhythm, isBasedOnCompletion: false };
    store.add('pm-schedules', { ...schedule, pmTemplate: grease }, {}, START);
  }
  const asset = assets.get('D');
  if (asset === undefined) return;
  const bolts = plan('Slew ring bolt check', 'Torque sample of 12 bolts, report movement.', 4);
  const rhythm = { repeatFrequency: 'MONTHLY', repeatInterval: 3, scheduleType: 'EVERY_N_MONTHS' };
  const schedule = { asset, ...common, ...rhythm, isBasedOnCompletion: true };
  store.add('pm-schedules', { ...schedule, pmTemplate: bolts }, {}, START);
}

interface OrderLinks {
  asset: string | undefined;
  location: string;
  fitter: string | undefined;
}

function seedOrder(store: Store, order: PlantOrder, { asset, location, fitter }: OrderLinks): void {
  const { text, about, state, kind, system, day, cost, open, number } = order;
  const ended = open ? null : iso(day + (1 + (number % 3)) * DAY_MS);
  const fields = {
    ...{ workOrderNo: store.nextWorkOrderNo(), title: text, description: about, status: STATUSES[state] },
    ...{ priority: PRIORITIES[kind] ?? 0, category: system, dueDate: iso(day), asset, location },
    ...{ objectLocationForWorkOrder: location, cost: cost === 0 ? null : cost, dateCompleted: ended },
    completedByUser: open ? null : fitter,
  };
  store.add('work-orders', fields, {}, { createdAt: iso(day), updatedAt: ended ?? iso(day) });
}

function seedPlant(store: Store, plant: Plant): void {
  const people = seedPeople(store, plant);
  const places = seedPlaces(store, plant);
  const assets = seedMachines(store, plant, places);
  seedParts(store, plant, places);
  if (plant.kind === 'pit') {
    seedMeters(store, plant, assets);
    seedPlans(store, assets, people[1]);
  }
  const pits = new Map(plant.machines.map(({ key, pit }) => [key, places[pit]]));
  for (const order of plant.orders) {
    const fitter = people[1 + (order.number % 3)];
    const location = pits.get(order.machine) ?? places.site;
    seedOrder(store, order, { asset: assets.get(order.machine), location, fitter });
  }
}

/** Fills the account and returns the admin's user id. */
export async function seedAccount({ store }: Account, seed: string): Promise<string> {
  // The contractor visits every machine.
  const whole = { machines: [...EXCAVATORS], visiting: [...EXCAVATORS] };
  const plant = await plantOfSeed(seed, { open: OPEN_ORDERS, whole });
  const fields = { email: ADMIN.email, accountType: 'ADMIN', firstName: 'Integration', lastName: 'Admin' };
  const admin = store.add('users', fields, { password: ADMIN.password }, at(Date.UTC(2001, 0, 1))).id;
  if (plant !== null) seedPlant(store, plant);
  return admin;
}
