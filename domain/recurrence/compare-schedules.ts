/**
 * What a change would do before it is made: the occurrences of two schedules beside each other, matched by nominal time. The
 * change may be one of the plan, of a calendar, or of the zone data that the schedules were read with.
 */
import { occurrencesAfter, occurrencesBetween } from './occurrences.ts';
import type { Schedule } from './schedule.ts';
import type { Occurrence } from './series.ts';

export interface ComparedOccurrence {
  nominalMs: number;
  /** `removed` is also what a merge takes in: its work is then under another nominal time. */
  change: 'same' | 'moved' | 'added' | 'removed';
  /** Null where the schedule has no such occurrence of its own. */
  beforeMs: number | null;
  afterMs: number | null;
}

/**
 * The next `count` occurrences of the new schedule due after an instant, and every one of the old schedule that is due up to
 * the last of them, in the order of their new due instants (their old ones where they are removed).
 */
export function compareSchedules(
  { before, after }: { before: Schedule; after: Schedule },
  fromMs: number,
  count: number,
): ComparedOccurrence[] {
  const planned = occurrencesAfter(after, fromMs, count);
  const lastMs = planned.length < count ? Infinity : (planned.at(-1)?.dueMs ?? fromMs);
  const old =
    lastMs === Infinity
      ? occurrencesAfter(before, fromMs, count)
      : occurrencesBetween(before, fromMs, lastMs);
  // What only moved across an end of the range is looked up there, so that it does not look added or removed.
  const oldDue = dueByNominal([...old, ...around(before, planned)]);
  const newDue = dueByNominal([...planned, ...around(after, old)]);
  const nominals = new Set([...planned, ...old].map(({ nominalMs }) => nominalMs));
  return [...nominals]
    .map((nominalMs) => compared(nominalMs, oldDue.get(nominalMs) ?? null, newDue.get(nominalMs) ?? null))
    .sort(
      (a, b) => (a.afterMs ?? a.beforeMs ?? 0) - (b.afterMs ?? b.beforeMs ?? 0) || a.nominalMs - b.nominalMs,
    );
}

function compared(nominalMs: number, beforeMs: number | null, afterMs: number | null): ComparedOccurrence {
  const change =
    beforeMs === null ? 'added' : afterMs === null ? 'removed' : beforeMs === afterMs ? 'same' : 'moved';
  return { nominalMs, change, beforeMs, afterMs };
}

/** How far a due instant may lie from its nominal time: a closed season and a long shutdown. */
const AWAY_MS = 400 * 86_400_000;

/** The occurrences of a schedule whose nominal time can be one of those. */
function around(schedule: Schedule, others: readonly Occurrence[]): Occurrence[] {
  const [first, last] = others.reduce(
    ([low, high], { nominalMs }) => [Math.min(low, nominalMs), Math.max(high, nominalMs)],
    [Infinity, -Infinity],
  );
  return first > last ? [] : occurrencesBetween(schedule, first - AWAY_MS, last + AWAY_MS);
}

/** By nominal time the earliest due instant: a repeated wall time with `both` counts as one. */
function dueByNominal(occurrences: readonly Occurrence[]): Map<number, number> {
  const due = new Map<number, number>();
  for (const { nominalMs, dueMs } of occurrences)
    due.set(nominalMs, Math.min(due.get(nominalMs) ?? Infinity, dueMs));
  return due;
}
