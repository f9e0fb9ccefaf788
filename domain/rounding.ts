/** Rounding half up, as the rules of maintenance mean it: 2.5 becomes 3 and -2.5 becomes -2. */

/** What a decimal such as 1.005 lacks in binary; without it, exact halves would be rounded down now and then. */
const BINARY_NOISE = 1e-9;

export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5 + BINARY_NOISE);
}

export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return roundHalfUp(value * scale) / scale;
}
