/** Robust statistics: what is usual, and how far a value is from it, untouched by the few readings that are not usual. */

/** The scale that makes the median absolute deviation of normally distributed readings their standard deviation. */
export const MAD_TO_SIGMA = 1.4826;

/** The middle value, of an even number the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[middle - 1];
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

export interface Usual {
  median: number;
  /** 1.4826 x the median of |value - median|, never below the floor. */
  spread: number;
}

/** Null of no values. `spreadMin` keeps a series that stood still from turning the smallest change into an alarm. */
export function usualOf(values: readonly number[], spreadMin: number): Usual | null {
  const middle = median(values);
  if (middle === null) return null;
  const deviation = median(values.map((value) => Math.abs(value - middle))) ?? 0;
  return { median: middle, spread: Math.max(MAD_TO_SIGMA * deviation, spreadMin) };
}

/** How many spreads a value lies above (positive) or below (negative) the median: (value - median) / spread. */
export function robustScore(value: number, usual: Usual): number {
  return (value - usual.median) / usual.spread;
}
