/**
 * How an answer is compared with what a vector expects: instants as instants, numbers within 1e-4, lists in order, null
 * only with null, everything else exactly.
 */
import { parseInstant } from '../time/instants.ts';

export interface Difference {
  /** Such as `occurrences[2].due`; empty for the whole answer. */
  path: string;
  expected: unknown;
  got: unknown;
}

const NUMBER_TOLERANCE = 1e-4;
/** What decimal fractions lose in binary; a difference of exactly the tolerance is none. */
const BINARY_NOISE = 1e-9;

export function differences(expected: unknown, got: unknown, mayHoldMore = false, path = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(got)) {
    if (expected.length !== got.length) return [{ path, expected, got }];
    return expected.flatMap((item, index) =>
      differences(item, got[index], mayHoldMore, `${path}[${String(index)}]`),
    );
  }
  if (isRecord(expected) && isRecord(got)) {
    const names = new Set([...Object.keys(expected), ...(mayHoldMore ? [] : Object.keys(got))]);
    return [...names].flatMap((name) =>
      differences(expected[name], got[name], mayHoldMore, path === '' ? name : `${path}.${name}`),
    );
  }
  return isSame(expected, got) ? [] : [{ path, expected, got }];
}

function isSame(expected: unknown, got: unknown): boolean {
  if (typeof expected === 'number' && typeof got === 'number')
    return Math.abs(expected - got) <= NUMBER_TOLERANCE + BINARY_NOISE;
  if (typeof expected === 'string' && typeof got === 'string') {
    if (expected === got) return true;
    const instant = parseInstant(expected);
    return instant !== null && instant === parseInstant(got);
  }
  return expected === got;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
