/** Makes the plant that the name of a seed means: whose machines, which of the real orders, how many of them still open. */
import { EXCAVATORS, ordersOfSite, type ExcavatorSite } from './excavator-site.ts';
import { loadExcavatorOrders, type ExcavatorOrder } from './excavators.ts';
import {
  DAY_MS,
  machineOf,
  PARTS,
  PEOPLE,
  REQUESTS,
  urgencyOf,
  type Plant,
  type PlantOrder,
  type PlantState,
} from './plant.ts';
import { readSeedName } from './seed-name.ts';

export interface PlantWish {
  /** So many of the newest orders are still open. */
  open: number;
  /** Counted for each machine instead of all together. */
  openPerMachine?: true;
  /** Which of the real orders are kept; all sound ones when absent. */
  keeps?: (order: ExcavatorOrder) => boolean;
  /** The row that a comma broke is kept, too. */
  broken?: true;
  /** Synthetic orders stand in every state instead of being new. */
  mixed?: true;
  /** Whose machines they are under the name `excavators`; all the owner's when absent. */
  whole?: ExcavatorSite;
}

const OPEN: readonly PlantState[] = ['new', 'released', 'started'];
/** What was done before was closed. */
const CLOSED_BEFORE = '2011';

/** Null for the seed `empty`. Throws one sentence when there is no such seed. */
export async function plantOfSeed(seed: string, wish: PlantWish): Promise<Plant | null> {
  const name = readSeedName(seed);
  if (name.kind === 'empty') return null;
  if (name.kind === 'orders') return pumps(name.count, wish.mixed === true);
  const site = name.whole ? (wish.whole ?? name.site) : name.site;
  return pit(await loadExcavatorOrders(), site, wish);
}

function pit(all: readonly ExcavatorOrder[], site: ExcavatorSite, wish: PlantWish): Plant {
  const { keeps = (): boolean => true, broken = false } = wish;
  const held = ordersOfSite(all, site)
    .filter((order) => (broken || order.broken === null) && keeps(order))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.line - b.line));
  const left = new Map<string, number>();
  const ranks = held.toReversed().map(({ asset }) => {
    const key = wish.openPerMachine === true ? asset : '';
    const rank = left.get(key) ?? 0;
    left.set(key, rank + 1);
    return rank;
  });
  return {
    ...{ kind: 'pit', people: PEOPLE, parts: PARTS },
    machines: site.machines.map((letter) => machineOf(letter, EXCAVATORS.indexOf(letter) + 1)),
    requests: REQUESTS.filter(({ machine }) => site.machines.some((letter) => letter === machine)),
    orders: held.map((order, i) => orderOf(order, ranks[held.length - 1 - i] ?? 0, wish.open)),
  };
}

/** `rank` counts from the newest. */
function orderOf(order: ExcavatorOrder, rank: number, openMax: number): PlantOrder {
  const { line, date, asset, text, pmType, broken } = order;
  const day = Date.parse(`${date}T00:00:00Z`);
  const open = rank < openMax;
  const state = open ? OPEN[rank % OPEN.length] : date < CLOSED_BEFORE ? 'closed' : 'completed';
  const sound = broken === null;
  const cost = sound ? (order.cost ?? 0) : 0;
  const material = Math.round(cost * 40) / 100;
  return {
    ...{
      number: line,
      text,
      about: null,
      machine: asset,
      day,
      open,
      state: state ?? 'new',
      kind: pmType,
      broken,
    },
    ...{ changed: day + 8 * 3_600_000 + line, urgency: sound ? urgencyOf(order) : null },
    ...{ cost, material, hours: Math.round((cost - material) / 8) / 10 },
    ...{ system: sound ? (order.majorSystem?.split('_')[0] ?? null) : null, part: order.part },
    ...{ action: order.action, place: sound ? order.functionalLocation : null },
    cells: `${date},${asset},${text},${pmType}`,
  };
}

const PUMPS = 50;
const FIRST_MS = Date.UTC(2025, 0, 1);
const KINDS = ['PM13', 'PM02', 'PM01', 'PM05'] as const;
const STATES: readonly PlantState[] = ['new', 'released', 'started', 'completed', 'closed'];

/** N orders, seven minutes apart, for measuring. */
function pumps(count: number, mixed: boolean): Plant {
  const machines = Array.from({ length: PUMPS }, (_, i) => ({
    ...machineOf(String(i + 1), i + 1),
    serial: `SYN-${i + 1}`,
  }));
  return {
    ...{ kind: 'pumps', people: [], parts: [], requests: [], machines },
    orders: Array.from({ length: count }, (_, i) => pumpOrder(i, mixed)),
  };
}

function pumpOrder(i: number, mixed: boolean): PlantOrder {
  const day = FIRST_MS + i * 420_000;
  const state = (mixed ? STATES[i % STATES.length] : undefined) ?? 'new';
  const open = state !== 'completed' && state !== 'closed';
  const pump = (i % PUMPS) + 1;
  return {
    ...{ number: i + 1, machine: String(pump), day, changed: day + (open ? 0 : 2 * DAY_MS), state, open },
    ...{ text: `Synthetic order ${i + 1}`, about: 'Check, tighten and report. Made for measuring.' },
    ...{ urgency: ([1, 2, 3] as const)[i % 3] ?? null, kind: KINDS[i % KINDS.length] ?? 'PM01' },
    ...{ cost: (i * 37) % 4000, material: (i * 13) % 1500, hours: 1 + (i % 8) / 2 },
    ...{ system: null, part: null, action: null, place: null, broken: null, cells: '' },
  };
}
