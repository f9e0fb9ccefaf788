/**
 * What a rule makes of the readings of one metric: the value itself, its rate of change, or its deviation from the asset's own
 * history. Memory in, reading in; memory and number out. Memory is plain JSON and bounded, because it is stored per asset.
 */
import type { Quantity } from './compiled-rule.ts';
import { robustScore, usualOf, type Usual } from './robust.ts';

/** Readings kept, oldest first, as `[event time in ms, value]`. */
type Kept = readonly (readonly [number, number])[];

export interface QuantityMemory {
  kept: Kept;
  /** Of a deviation: what is usual, as of the last reading that was kept. */
  usual: Usual | null;
}

export const NO_MEMORY: QuantityMemory = { kept: [], usual: null };

export interface Observed {
  /** Null while too little is known: the tests over it stay as they were. */
  value: number | null;
  memory: QuantityMemory;
}

/** Readings of one quantity arrive here in the order of their event times. */
export function observe(quantity: Quantity, memory: QuantityMemory, at: number, value: number): Observed {
  switch (quantity.kind) {
    case 'value':
      return { value, memory };
    case 'rate':
      return observeRate(quantity, memory, at, value);
    case 'deviation':
      return observeDeviation(quantity, memory, at, value);
  }
}

/** Points kept of a window. A rate over 128 points differs from one over all by less than a hundredth of the window. */
const RATE_POINTS_MAX = 128;

/**
 * (value - reference value) / (elapsed / per). The reference is the newest reading at least one window old; while there is none,
 * the oldest that is at least half a window old, so that two readings close together are never blown up to a rate.
 */
function observeRate(
  { windowMs, perMs }: Extract<Quantity, { kind: 'rate' }>,
  { kept }: QuantityMemory,
  at: number,
  value: number,
): Observed {
  const lastOutside = kept.findLastIndex(([keptAt]) => keptAt <= at - windowMs);
  const inside = lastOutside > 0 ? kept.slice(lastOutside) : kept;
  const reference = inside[0];
  const known = reference !== undefined && at - reference[0] >= windowMs / 2;
  const rate = known ? (value - reference[1]) / ((at - reference[0]) / perMs) : null;
  const last = inside.at(-1);
  const keep = last === undefined || at - last[0] >= windowMs / RATE_POINTS_MAX;
  return { value: rate, memory: { kept: keep ? [...inside, [at, value]] : inside, usual: null } };
}

/**
 * Score = (value - median) / max(1.4826 x MAD, spreadMin), of the history from `lagMs` ago back to `historyMs` before that. One
 * reading per slice of `everyMs` enters the history, the first of its slice; median and MAD are taken again only then. The lag
 * keeps a slow fault from becoming its own yardstick.
 */
function observeDeviation(
  quantity: Extract<Quantity, { kind: 'deviation' }>,
  memory: QuantityMemory,
  at: number,
  value: number,
): Observed {
  const { historyMs, everyMs, lagMs, readingsMin, spreadMin } = quantity;
  const last = memory.kept.at(-1);
  if (last !== undefined && Math.floor(last[0] / everyMs) === Math.floor(at / everyMs)) {
    return { value: scoreOf(value, memory.usual), memory };
  }
  const known = memory.kept.filter(([keptAt]) => keptAt >= at - lagMs - historyMs);
  const history = known.filter(([keptAt]) => keptAt <= at - lagMs).map(([, one]) => one);
  const usual = history.length < readingsMin ? null : usualOf(history, spreadMin);
  return { value: scoreOf(value, usual), memory: { kept: [...known, [at, value]], usual } };
}

function scoreOf(value: number, usual: Usual | null): number | null {
  return usual === null ? null : robustScore(value, usual);
}
