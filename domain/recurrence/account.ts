/**
 * What becomes of every nominal occurrence by the rules: due, merged into another, or skipped with its reason. The ledger
 * takes its outcomes from here, so that each nominal time of a plan is accounted for, also those that make no work.
 */
import { Failure } from '../kernel/failure.ts';
import { DAY_MS } from '../time/days.ts';
import { wallOf } from '../time/instants.ts';
import { OCCURRENCES_MAX, occurrencesBetween } from './occurrences.ts';
import { instantsOn, nominalOn, type Schedule } from './schedule.ts';
import { calendarDay, nominalDays, partsOf, seasonDay } from './series.ts';

export const SKIP_REASONS = ['exception', 'season', 'calendar', 'gap'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type Fate =
  | { kind: 'due'; dueMs: number }
  /** Due at the same instant as an earlier nominal time, which keeps it. */
  | { kind: 'merged'; dueMs: number; intoNominalMs: number }
  | { kind: 'skipped'; reason: SkipReason };

export type Accounted = { nominalMs: number } & Fate;

/** Every nominal occurrence from one nominal date to another, both included, in order. A repeated wall time with `both` is there twice. */
export function accountFor(schedule: Schedule, fromDay: number, toDay: number): Accounted[] {
  if (toDay - fromDay > OCCURRENCES_MAX)
    throw new Failure('invalid_request', 'The range is too long to account for; ask for a shorter one.', {
      path: 'to',
    });
  if (schedule.every.unit === 'hour') return hours(schedule, fromDay, toDay);
  const fates = nominalDays(schedule, fromDay, toDay).map((day) => ({ day, due: datesFor(schedule, day) }));
  const instants = fates.flatMap(({ due }) => (typeof due === 'string' ? [] : due));
  const keepers = keepersOf(schedule, instants);
  return fates.flatMap(({ day, due }): Accounted[] => {
    const nominalMs = nominalOn(day, schedule);
    if (typeof due === 'string') return [{ nominalMs, kind: 'skipped', reason: due }];
    return due.map((dueMs) => {
      const intoNominalMs = keepers.get(dueMs) ?? nominalMs;
      return intoNominalMs === nominalMs
        ? { nominalMs, kind: 'due', dueMs }
        : { nominalMs, kind: 'merged', dueMs, intoNominalMs };
    });
  });
}

/** The instants of a nominal date before any merge, or why it has none. */
export function datesFor(schedule: Schedule, nominalDay: number): readonly number[] | SkipReason {
  if (schedule.except.has(nominalDay)) return 'exception';
  const extended = partsOf(schedule).find((part) => part.extended?.forDay === nominalDay)?.extended;
  const active = extended?.toDay ?? seasonDay(schedule, nominalDay);
  if (active === null) return 'season';
  const worked = calendarDay(schedule, active);
  if (worked === null) return 'calendar';
  const instants = instantsOn(worked, schedule);
  return instants.length === 0 ? 'gap' : instants;
}

/** For each due instant the nominal time that keeps it. */
function keepersOf(schedule: Schedule, instants: readonly number[]): Map<number, number> {
  if (instants.length === 0) return new Map();
  const [first, last] = instants.reduce(
    ([low, high], ms) => [Math.min(low, ms), Math.max(high, ms)],
    [Infinity, -Infinity],
  );
  return new Map(
    occurrencesBetween(schedule, first - 1, last).map(({ dueMs, nominalMs }) => [dueMs, nominalMs]),
  );
}

function hours(schedule: Schedule, fromDay: number, toDay: number): Accounted[] {
  const { zone } = schedule;
  // Two days to spare on each side cover every offset; what is outside by its wall time falls away.
  return occurrencesBetween(schedule, (fromDay - 2) * DAY_MS, (toDay + 3) * DAY_MS)
    .map(({ dueMs }): Accounted => ({ nominalMs: wallOf(dueMs, zone), kind: 'due', dueMs }))
    .filter(({ nominalMs }) => nominalMs >= fromDay * DAY_MS && nominalMs < (toDay + 1) * DAY_MS);
}
