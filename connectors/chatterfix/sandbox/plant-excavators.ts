/**
 * `excavators`: the pit of the five hydraulic excavators and their real work orders (data/README.md), as the shift crew of the
 * pit keeps them in ChatterFix: every sound order, in the pit's own names, serial numbers as on the machines' plates.
 */
import {
  EXCAVATORS,
  ordersOfSite,
  type Excavator,
  type ExcavatorOrder,
  type ExcavatorSite,
} from '../../kit/sandbox/index.ts';
import {
  EMPTY_PLANT,
  type Plant,
  type PlantAsset,
  type PlantOrder,
  type PlantPart,
  type PlantPlan,
} from './plant.ts';

const OPEN_ORDERS = 60;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2001, 5, 1, 6);

/** C and E are described differently from the owner's books. */
const MACHINES: Readonly<Record<Excavator, Pick<PlantAsset, 'name' | 'model' | 'description' | 'location'>>> =
  {
    A: {
      name: 'Digger A (RH120)',
      model: 'RH120E',
      description: 'Face shovel',
      location: 'Pit Mine / North Pit',
    },
    B: {
      name: 'Digger B (RH120)',
      model: 'RH120C',
      description: 'Face shovel, slew rebuilt 2003',
      location: 'Pit Mine / North Pit',
    },
    C: {
      name: 'Digger C (RH120)',
      model: 'RH 120-E',
      description: 'Face shovel, spare bucket at the workshop',
      location: 'Pit Mine / North Pit',
    },
    D: {
      name: 'Digger D (RH120)',
      model: 'RH120E',
      description: 'Production digger, south wall',
      location: 'Pit Mine / South Pit',
    },
    E: {
      name: 'Digger E (RH120)',
      model: 'RH120E',
      description: 'Backhoe front, on loan',
      location: 'Pit Mine / South Pit',
    },
  };

const PEOPLE = [
  ['wreed', 'Wilson Reed', 'manager'],
  ['msantos', 'Maria Santos', 'technician'],
  ['tbaker', 'Tom Baker', 'technician'],
  ['lchen', 'Li Chen', 'technician'],
  ['sokafor', 'Sam Okafor', 'operator'],
] as const;
const FITTERS = ['msantos', 'tbaker', 'lchen'] as const;

const PARTS = [
  ['GET-120-T', 'Bucket tooth', 'Ground engaging tool, RH120', 'Bucket', 40, 12, 60, 310, 'G1-04'],
  [
    'CYL-SK-77',
    'Seal kit bucket cylinder',
    'Full kit, rod and piston',
    'Hydraulics',
    5,
    2,
    8,
    845.5,
    'H2-01',
  ],
  ['HH-125-4SP', 'Hydraulic hose 1 1/4 in', '4SP, per metre', 'Hydraulics', 30, 10, 80, 128.9, 'H1-07'],
  ['EF-3555', 'Engine oil filter', 'Spin-on', 'Engine', 20, 8, 40, 41.75, 'E1-01'],
  ['AF-9020', 'Air filter element', 'Primary', 'Engine', 12, 6, 24, 88, 'E1-03'],
  ['BAT-12-200', 'Battery 12 V', '200 Ah', 'Electrical', 4, 2, 8, 295, 'L1-02'],
] as const;

function assetOf(letter: Excavator): PlantAsset {
  const number = EXCAVATORS.indexOf(letter) + 1;
  const { description, ...machine } = MACHINES[letter];
  const serial = `RH120-${letter}-000${number}`;
  return {
    key: letter,
    tag: `DIG-${letter}`,
    ...machine,
    // No generation but three has a column for the serial number; the crew writes it where people can see it.
    description: `${description}. S/N ${serial}`,
    type: 'Excavator',
    manufacturer: 'O&K',
    serial,
    purchased: '2001-01-01',
    status: 'active',
    criticality: letter === 'D' ? 'critical' : 'high',
    createdAt: START_MS + number * 60_000,
  };
}

function parts(): PlantPart[] {
  return PARTS.map(([number, name, description, category, quantity, min, max, cost, bin], i) => ({
    number,
    name,
    description,
    category,
    quantity,
    min,
    max,
    cost,
    supplier: i < 3 ? 'Pilbara Hydraulics' : 'Coastal Diesel',
    location: `Parts store / ${bin}`,
    createdAt: START_MS + 3_600_000 + i * 60_000,
  }));
}

function plans(letters: readonly Excavator[]): PlantPlan[] {
  const createdAt = START_MS + 7_200_000;
  return letters.flatMap((letter, i) => [
    {
      asset: letter,
      title: `Lube system check, digger ${letter}`,
      description: 'Lines, pump and timer of the central lubrication',
      every: 4,
      unit: 'weeks' as const,
      lastAt: Date.UTC(2012, 10, 26, 6),
      nextAt: Date.UTC(2012, 11, 24, 6),
      priority: 'medium',
      hours: 2,
      createdAt: createdAt + i * 1000,
    },
    {
      asset: letter,
      title: `Slew ring bolts, digger ${letter}`,
      description: 'Torque sample of 12 bolts',
      every: 3,
      unit: 'months' as const,
      lastAt: null,
      nextAt: Date.UTC(2013, 0, 7 + i, 6),
      priority: 'high',
      hours: 4,
      createdAt: createdAt + i * 1000 + 500,
    },
  ]);
}

function priorityOf({ failureMode, pmType }: ExcavatorOrder): string {
  if (failureMode !== null && /Fail to|Smoke|Over Temp/.test(failureMode)) return 'critical';
  if (pmType === 'PM01') return failureMode === null ? 'medium' : 'high';
  return 'low';
}

function orderOf(order: ExcavatorOrder, fromNewest: number): PlantOrder {
  const day = Date.parse(`${order.date}T00:00:00Z`);
  const open = fromNewest < OPEN_ORDERS;
  const status = open ? (['open', 'in_progress', 'on_hold'] as const)[fromNewest % 3] : 'completed';
  const completedAt = open ? null : day + (1 + (order.line % 3)) * DAY_MS;
  const system = order.majorSystem?.split('_')[0];
  const hours = order.cost === null || order.cost === 0 ? null : Math.round(order.cost / 10) / 10;
  return {
    title: order.text,
    description: system === undefined ? order.text : `${order.text} (${system})`,
    priority: priorityOf(order),
    status: status ?? 'open',
    assignee: FITTERS[order.line % FITTERS.length] ?? null,
    asset: order.asset,
    createdAt: day,
    updatedAt: completedAt ?? day,
    dueAt: day,
    completedAt,
    estimatedHours: 1 + (order.line % 8) / 2,
    actualHours: open ? null : hours === null ? null : Math.min(hours, 999),
    notes: open ? null : (order.action ?? null),
  };
}

export function excavatorPlant(orders: readonly ExcavatorOrder[], site: ExcavatorSite): Plant {
  const own = ordersOfSite(orders, site)
    .filter(({ broken }) => broken === null)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.line - b.line));
  const people = PEOPLE.map(([username, fullName, role]) => ({
    username,
    fullName,
    email: `${username}@pitmine.example`,
    role,
  }));
  return {
    people: [...EMPTY_PLANT.people, ...people],
    assets: site.machines.map(assetOf),
    parts: parts(),
    plans: plans(site.machines),
    orders: own.map((order, i) => orderOf(order, own.length - 1 - i)),
  };
}
