/**
 * What the company of a seed has, before any generation of ChatterFix writes it into its own columns. The pit as its shift crew keeps
 * it: every sound order, in the pit's own names, serial numbers as on the machines' plates.
 */
import {
  DAY_MS,
  type Plant as PlantTold,
  type PlantMachine,
  type PlantOrder as OrderTold,
} from '../../kit/sandbox/index.ts';

export const OPEN_ORDERS = 60;
const START_MS = Date.UTC(2001, 5, 1, 6);
const PARTS = 6;
const CREW = ['wilson.reed', 'maria.santos', 'tom.baker', 'li.chen', 'sam.okafor'];
const FITTERS = ['msantos', 'tbaker', 'lchen'] as const;
const STATUSES = {
  new: 'open',
  released: 'on_hold',
  started: 'in_progress',
  completed: 'completed',
  closed: 'completed',
};
const PRIORITIES = { 1: 'critical', 2: 'high', 3: 'medium' } as const;

/** C and E are described differently from the owner's books. */
const OWN_WORDS: Readonly<Record<string, { model?: string; description: string }>> = {
  B: { model: 'RH120C', description: 'Face shovel, slew rebuilt 2003' },
  C: { model: 'RH 120-E', description: 'Face shovel, spare bucket at the workshop' },
  D: { description: 'Production digger, south wall' },
  E: { description: 'Backhoe front, on loan' },
};

function peopleOf({ people }: PlantTold) {
  const admin = {
    ...{ username: 'admin', fullName: 'Administrator', email: 'admin@pitmine.example', role: 'admin' },
  };
  const crew = people
    .filter(({ key }) => CREW.includes(key))
    .map(({ key, first, last }) => {
      const username = `${first.charAt(0)}${last}`.toLowerCase();
      const role = key === 'wilson.reed' ? 'manager' : key === 'sam.okafor' ? 'operator' : 'technician';
      return { username, fullName: `${first} ${last}`, email: `${username}@pitmine.example`, role };
    });
  return [admin, ...crew];
}

/** Places are text in ChatterFix: `Pit Mine / North Pit`. */
function assetOf({ key, number, serial, pit }: PlantMachine, kind: PlantTold['kind']) {
  const own = { model: 'RH120E', description: 'Face shovel', ...OWN_WORDS[key] };
  const digger = {
    ...{ tag: `DIG-${key}`, name: `Digger ${key} (RH120)`, type: 'Excavator', manufacturer: 'O&K', ...own },
    location: `Pit Mine / ${pit === 'north' ? 'North' : 'South'} Pit`,
    criticality: key === 'D' ? 'critical' : 'high',
  };
  const pump = {
    ...{ tag: `PU-${key}`, name: `Pump ${key}`, type: 'Pump', manufacturer: 'Synthetic', model: 'P1' },
    ...{ description: 'Feed pump', location: 'Synthetic plant', criticality: 'medium' },
  };
  const told = kind === 'pit' ? digger : pump;
  return {
    ...{ ...told, key, serial, purchased: '2001-01-01', status: 'active' },
    // No generation but three has a column for the serial number; the crew writes it where people can see it.
    ...{ description: `${told.description}. S/N ${serial}`, createdAt: START_MS + number * 60_000 },
  };
}

function partsOf({ parts }: PlantTold) {
  return parts.slice(0, PARTS).map(({ number, name, maker, stock, least, price, bin }, i) => ({
    ...{ number, name, description: `Maker's number ${maker}`, category: i < 3 ? 'Hydraulics' : 'Engine' },
    ...{ quantity: stock + 4 - i, min: least, max: least * 4, cost: price, location: `Parts store / ${bin}` },
    supplier: i < 3 ? 'Pilbara Hydraulics' : 'Coastal Diesel',
    createdAt: START_MS + 3_600_000 + i * 60_000,
  }));
}

function plansOf({ machines }: PlantTold) {
  const createdAt = START_MS + 7_200_000;
  return machines.flatMap(({ key: asset }, i) => [
    {
      ...{ asset, title: `Lube system check, digger ${asset}`, every: 4, unit: 'weeks' },
      description: 'Lines, pump and timer of the central lubrication',
      ...{ lastAt: Date.UTC(2012, 10, 26, 6), nextAt: Date.UTC(2012, 11, 24, 6) },
      ...{ priority: 'medium', hours: 2, createdAt: createdAt + i * 1000 },
    },
    {
      ...{ asset, title: `Slew ring bolts, digger ${asset}`, every: 3, unit: 'months' },
      description: 'Torque sample of 12 bolts',
      ...{ lastAt: null, nextAt: Date.UTC(2013, 0, 7 + i, 6) },
      ...{ priority: 'high', hours: 4, createdAt: createdAt + i * 1000 + 500 },
    },
  ]);
}

function orderOf(order: OrderTold, kind: PlantTold['kind']) {
  const { number, text, about, system, urgency, state, machine, day, open, cost, action } = order;
  const completedAt = open ? null : day + (1 + (number % 3)) * DAY_MS;
  return {
    ...{ title: text, description: about ?? (system === null ? text : `${text} (${system})`) },
    ...{ priority: urgency === null ? 'low' : PRIORITIES[urgency], status: STATUSES[state], asset: machine },
    /** A username. */
    assignee: kind === 'pit' ? (FITTERS[number % FITTERS.length] ?? null) : null,
    ...{ createdAt: day, updatedAt: completedAt ?? day, dueAt: day, completedAt },
    ...{ estimatedHours: 1 + (number % 8) / 2, notes: open ? null : action },
    actualHours: open || cost === 0 ? null : Math.min(Math.round(cost / 10) / 10, 999),
  };
}

/** A fresh installation has one user and nothing else. */
export function plantOf(told: PlantTold | null) {
  const plant: PlantTold = told ?? {
    ...{ kind: 'pumps', people: [], machines: [], parts: [], requests: [], orders: [] },
  };
  return {
    people: peopleOf(plant),
    assets: plant.machines.map((machine) => assetOf(machine, plant.kind)),
    parts: partsOf(plant),
    plans: plant.kind === 'pit' ? plansOf(plant) : [],
    orders: plant.orders.map((order) => orderOf(order, plant.kind)),
  };
}

export type Plant = ReturnType<typeof plantOf>;
export type PlantPerson = Plant['people'][number];
export type PlantAsset = Plant['assets'][number];
export type PlantPart = Plant['parts'][number];
export type PlantPlan = Plant['plans'][number];
export type PlantOrder = Plant['orders'][number];
