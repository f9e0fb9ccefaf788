/** The occurrences of a schedule as lists: the next so many, or those of a range. */
import { Failure } from '../kernel/failure.ts';
import type { Schedule } from './schedule.ts';
import { seriesAfter, type Occurrence } from './series.ts';

/** What one question may bring; an hourly plan has 8,766 a year. */
export const OCCURRENCES_MAX = 100_000;

/** The first `count` occurrences due strictly after an instant, or from the start when it is null. Fewer when the series ends. */
export function occurrencesAfter(schedule: Schedule, afterMs: number | null, count: number): Occurrence[] {
  if (count > OCCURRENCES_MAX) throw tooMany();
  const series = seriesAfter(schedule, afterMs);
  const found: Occurrence[] = [];
  while (found.length < count) {
    const next = series.next();
    if (next === null) break;
    found.push(next);
  }
  return found;
}

/** The occurrences due after `fromMs` and up to `toMs`, inclusive. */
export function occurrencesBetween(schedule: Schedule, fromMs: number, toMs: number): Occurrence[] {
  const series = seriesAfter(schedule, fromMs);
  const found: Occurrence[] = [];
  for (let next = series.next(); next !== null && next.dueMs <= toMs; next = series.next()) {
    if (found.length >= OCCURRENCES_MAX) throw tooMany();
    found.push(next);
  }
  return found;
}

function tooMany(): Failure {
  return new Failure(
    'invalid_request',
    `More than ${String(OCCURRENCES_MAX)} dates were asked for at once; ask for a shorter range.`,
    { path: 'count' },
  );
}
