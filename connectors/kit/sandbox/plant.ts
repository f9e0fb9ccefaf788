/**
 * The plant of a seed as data, told once: the pit of the five excavators around their real orders (data/README.md), or a house of
 * synthetic pumps. Every vendor writes it down in its own language and under its own names; what is invented here is the same for all.
 */
import type { ExcavatorOrder } from './excavators.ts';

export interface PlantPerson {
  /** `wilson.reed`. */
  key: string;
  first: string;
  last: string;
  trade: string;
  mail: string;
}

export interface PlantMachine {
  /** A to E, or the number of a pump. */
  key: string;
  /** From 1. */
  number: number;
  /** On the maker's plate, the same in every system. */
  serial: string;
  pit: 'north' | 'south';
  /** Its counter on 1 December 2012. */
  hours: number;
}

export interface PlantPart {
  number: string;
  /** How another store numbers it. */
  code: string;
  name: string;
  unit: 'EA' | 'M' | 'L';
  stock: number;
  least: number;
  price: number;
  bin: string;
  /** The maker's number. */
  maker: string;
}

export type PlantState = 'new' | 'released' | 'started' | 'completed' | 'closed';

export interface PlantRequest {
  text: string;
  machine: string;
  /** A person's key. */
  by: string;
  state: 'new' | 'started' | 'done' | 'rejected';
  /** 1 is highest. */
  urgency: 1 | 2 | 3 | 4;
  at: number;
}

export interface PlantOrder {
  /** Different in every order. */
  number: number;
  text: string;
  about: string | null;
  machine: string;
  /** Midnight of its day, epoch milliseconds. */
  day: number;
  /** Whole milliseconds after which it was touched last. */
  changed: number;
  state: PlantState;
  open: boolean;
  /** 1 is highest; null where nobody judged. */
  urgency: 1 | 2 | 3 | null;
  /** `PM01` repair, `PM02` replacement, others. */
  kind: string;
  cost: number;
  /** Two fifths of the cost; the rest is labour at 80 an hour. */
  material: number;
  hours: number;
  system: string | null;
  part: string | null;
  action: string | null;
  /** A functional location. */
  place: string | null;
  /** Why the row of the data cannot be trusted; null for a sound one. */
  broken: string | null;
  /** The cells of such a row as they stand. */
  cells: string;
}

export interface Plant {
  /** What the site is called: a plant's people do not name it alike. */
  kind: 'pit' | 'pumps';
  people: readonly PlantPerson[];
  machines: readonly PlantMachine[];
  parts: readonly PlantPart[];
  requests: readonly PlantRequest[];
  /** Oldest first. */
  orders: readonly PlantOrder[];
}

export const DAY_MS = 86_400_000;

const CREW = [
  ['Wilson', 'Reed', 'Maintenance planner'],
  ['Maria', 'Santos', 'Mechanic'],
  ['Tom', 'Baker', 'Mechanic'],
  ['Li', 'Chen', 'Electrician'],
  ['Anna', 'Novak', 'Supervisor'],
  ['Sam', 'Okafor', 'Operator'],
  ['Joe', 'Murphy', 'Boilermaker'],
  ['Priya', 'Nair', 'Reliability engineer'],
] as const;

/** The people of the pit; every system knows the first ones, some more of them. */
export const PEOPLE: readonly PlantPerson[] = CREW.map(([first, last, trade]) => {
  const key = `${first}.${last}`.toLowerCase();
  return { key, first, last, trade, mail: `${key}@pitmine.example` };
});

type PartRow = readonly [
  number: string,
  code: string,
  name: string,
  unit: PlantPart['unit'],
  stock: number,
  least: number,
  price: number,
  bin: string,
  maker: string,
];

const SHELF: readonly PartRow[] = [
  ['GET-120-T', 'TOOTH-RH120', 'Bucket tooth RH120', 'EA', 36, 12, 310, 'G1-04', 'V69SD2'],
  ['CYL-SK-77', 'SEAL-KIT-CYL', 'Seal kit bucket cylinder', 'EA', 6, 2, 845.5, 'H2-01', '2447891'],
  ['HH-125-4SP', 'HOSE-HYD-19', 'Hydraulic hose 1 1/4 in', 'M', 35, 10, 128.9, 'H1-07', '4SP-20'],
  ['EF-3555', 'FILTER-OIL', 'Engine oil filter', 'EA', 22, 8, 41.75, 'E1-01', 'LF3555'],
  ['GR-EP2', 'GREASE-EP2', 'Grease EP2, cartridge', 'EA', 96, 40, 9.8, 'L1-01', 'EP2'],
  ['BAT-12-200', 'BATTERY-12V', 'Battery 12 V 200 Ah', 'EA', 6, 4, 295, 'E3-02', 'N200'],
  ['OR-BOX-9', 'O-RING-BOX', 'O-ring assortment', 'EA', 11, 4, 64, 'H1-02', 'OR-9'],
  ['AF-2512', 'FILTER-AIR', 'Air filter element', 'EA', 14, 6, 88, 'E1-02', 'AF25126'],
  ['OIL-15W40', 'OIL-15W40', 'Engine oil 15W40', 'L', 800, 400, 4.1, 'L2-01', '15W40'],
  ['TP-740', 'TRACK-PAD', 'Track pad', 'EA', 9, 6, 740, 'U1-01', 'TP740'],
  ['SM-24', 'STARTER-24V', 'Starter motor 24 V', 'EA', 2, 1, 1350, 'E3-05', '39MT'],
  ['LMP-H4', 'LAMP-H4', 'Work lamp H4', 'EA', 30, 10, 14.5, 'E2-03', 'H4-24'],
];

/** Of what is on the shelf; every system keeps books of the first ones, some of more, each by its own last count. */
export const PARTS: readonly PlantPart[] = SHELF.map(
  ([number, code, name, unit, stock, least, price, bin, maker]) => ({
    ...{ number, code, name, unit, stock, least, price, bin, maker },
  }),
);

const WISHES = [
  ['Cabin air conditioning blows warm air', 'D', 'sam.okafor', 'new', 3],
  ['Oil on the ground under the slew ring', 'B', 'tom.baker', 'new', 2],
  ['Horn does not work', 'A', 'sam.okafor', 'started', 2],
  ['Fire suppression light stays on', 'C', 'li.chen', 'started', 1],
  ['Door handle loose', 'E', 'sam.okafor', 'done', 4],
  ['Wants a second mirror', 'E', 'sam.okafor', 'rejected', 4],
] as const;

/** What people of the pit asked for, one a day. */
export const REQUESTS: readonly PlantRequest[] = WISHES.map(([text, machine, by, state, urgency], i) => ({
  ...{ text, machine, by, state, urgency, at: Date.UTC(2012, 11, 1 + i, 6, 30) },
}));

export function machineOf(key: string, number: number): PlantMachine {
  const pit = key === 'D' || key === 'E' ? 'south' : 'north';
  return { key, number, serial: `RH120-${key}-000${number}`, pit, hours: 18_000 + 2_350 * number };
}

/** Repairs that stop a machine before leaks and cracks before the rest. */
export function urgencyOf({ failureMode }: ExcavatorOrder): PlantOrder['urgency'] {
  if (failureMode === null) return null;
  if (/Fail to|Smoke|Over Temp/.test(failureMode)) return 1;
  return /Leak|Structural/.test(failureMode) ? 2 : 3;
}
