/**
 * Holds readings back for a while, so that those which overtook each other on their way are worked through by event time.
 * A rule that asks for no lateness holds nothing back: then a reading older than the newest counts as late. What is held is
 * plain JSON and bounded.
 */
import { orderReadings, type Reading } from './input-order.ts';

export interface ReorderWindow {
  held: readonly Reading[];
  /** Everything up to here was released; what arrives with an older event time is late. Null before the first reading. */
  releasedTo: number | null;
}

export const EMPTY_WINDOW: ReorderWindow = { held: [], releasedTo: null };

/** A window holds this many readings of one asset; the oldest leave early when more come. */
export const HELD_READINGS_MAX = 1_000;

export interface Released {
  window: ReorderWindow;
  /** In the order of event time. */
  ready: Reading[];
  late: Reading[];
}

/**
 * Takes readings in and releases what is older than the newest by `latenessMs` or more. `now`, if given, is how far the
 * caller's clock is: a series that ends is released by it.
 */
export function passThrough(
  window: ReorderWindow,
  arriving: readonly Reading[],
  { latenessMs, now }: { latenessMs: number; now?: number },
): Released {
  const { releasedTo } = window;
  const isLate = (reading: Reading): boolean => releasedTo !== null && reading.at < releasedTo;
  const { readings: pending } = orderReadings([
    ...window.held,
    ...arriving.filter((reading) => !isLate(reading)),
  ]);
  const newest = Math.max(now ?? -Infinity, pending.at(-1)?.at ?? -Infinity);
  const upTo = newest - latenessMs;
  const firstHeld = pending.findIndex(({ at }) => at > upTo);
  const due = firstHeld === -1 ? pending.length : firstHeld;
  const releasedCount = Math.max(due, pending.length - HELD_READINGS_MAX);
  const ready = pending.slice(0, releasedCount);
  const last = ready.at(-1)?.at ?? null;
  return {
    window: {
      held: pending.slice(releasedCount),
      releasedTo: last === null ? releasedTo : Math.max(last, releasedTo ?? -Infinity),
    },
    ready,
    late: arriving.filter(isLate),
  };
}
