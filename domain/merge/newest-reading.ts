/**
 * The rule of readings: of two, the one taken later holds, by its own time; who reported last, or owns the field, does not
 * matter. The older one is no conflict: it stays in the history of readings.
 */
import { jsonEqual, type Json } from '../json.ts';
import type { FieldDecision, Verdict } from './decision.ts';
import { mergeValue, type Merged, type Sides } from './merge-value.ts';
import { isObject } from './value-path.ts';

/**
 * Example: the hub has 120 of 12 o'clock; a vendor begins to show 100 of 11 o'clock. The hub keeps 120, and pushes it where
 * the vendor does not have it yet. Of two readings of one moment the table of the merge decides, by the field's policy.
 */
export function mergeReading(path: string, sides: Sides, verdict: Verdict): Merged {
  const { hub, external, baseHub, baseExternal } = sides;
  if (jsonEqual(external, baseExternal) || jsonEqual(hub, external)) return mergeValue(path, sides, verdict);
  const later = laterOf(hub, external);
  if (later === null) return mergeValue(path, sides, verdict);
  const decision: FieldDecision = { field: path, rule: 'newest_reading', winner: later, hub, external };
  if (later === 'hub') return { hub, baseHub, baseExternal: external, decisions: [decision] };
  if (jsonEqual(hub, baseHub)) return mergeValue(path, sides, verdict);
  return { hub: external, baseHub: external, baseExternal: external, decisions: [decision] };
}

/** Null when both are of one moment, or neither is a reading. Nothing is older than any reading. */
function laterOf(hub: Json, external: Json): 'hub' | 'external' | null {
  const [ours, theirs] = [timeOf(hub), timeOf(external)];
  if (ours === theirs) return null;
  return ours > theirs ? 'hub' : 'external';
}

function timeOf(reading: Json): number {
  const at = isObject(reading) ? reading['at'] : null;
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
