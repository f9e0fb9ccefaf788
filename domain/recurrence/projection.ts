/** When a counter will reach a value, from its readings: a straight line from the first to the last, never from today. */
import { roundHalfUp } from '../rounding.ts';
import { DAY_MS } from '../time/days.ts';

export interface CounterPoint {
  atMs: number;
  lifetime: number;
}

/** Units a day between the first and the last point; null with fewer than two, or no time between them. */
export function dailyRate(points: readonly CounterPoint[]): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const days = (last.atMs - first.atMs) / DAY_MS;
  return points.length < 2 || days <= 0 ? null : (last.lifetime - first.lifetime) / days;
}

/** The instant, to the second, when so many more units are reached; null when the rate does not lead there. */
export function projectedMs(lastAtMs: number, unitsToGo: number, rate: number | null): number | null {
  if (rate === null || rate <= 0) return null;
  if (unitsToGo <= 0) return lastAtMs;
  const seconds = roundHalfUp((lastAtMs + (unitsToGo / rate) * DAY_MS) / 1000);
  // Past what a date can hold, it is as good as never.
  return seconds * 1000 > LAST_MS ? null : seconds * 1000;
}

const LAST_MS = Date.UTC(9999, 11, 31);
