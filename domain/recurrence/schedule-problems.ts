/**
 * Judges a schedule before it is saved: what cannot be computed, and what can be but cannot be meant, such as a season that
 * never opens or a rule without any effect. Each problem has its path and its reason; nothing is repaired silently.
 */
import { problemsOf, type Problem } from '../read-input.ts';
import { civilDate } from '../time/days.ts';
import type { Zones } from '../time/zones.ts';
import { scheduleFields, scheduleOf } from './read-schedule.ts';
import { type Schedule } from './schedule.ts';
import { seriesAfter } from './series.ts';

/** Empty when the schedule can be saved. */
export function scheduleProblems(input: unknown, zones: Zones): Problem[] {
  const parsed = scheduleFields.safeParse(input);
  if (!parsed.success) return problemsOf(parsed.error);
  const { zone } = parsed.data;
  if (!zones.has(zone))
    return [
      {
        path: 'zone',
        reason: `"${zone}" is not in the tz database ${zones.tzdb}; use an IANA name such as Europe/Berlin`,
      },
    ];
  const schedule = scheduleOf(parsed.data, zones);
  const given = Object.keys(parsed.data).filter((field) => isGiven(field, input));
  const found = [
    ...neverOpens(parsed.data.season?.ranges),
    ...leapDayOnly(schedule),
    ...withoutEffect(schedule, given),
    ...deadEnds(schedule),
  ];
  return found.length > 0 ? found : withoutDates(schedule);
}

function isGiven(field: string, input: unknown): boolean {
  const value = (input as Readonly<Record<string, unknown>>)[field];
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function neverOpens(ranges: readonly unknown[] | undefined): Problem[] {
  return ranges?.length === 0
    ? [
        {
          path: 'season.ranges',
          reason: 'a season without ranges never opens: add one, or leave the season out',
        },
      ]
    : [];
}

/** Monthly and yearly rules that always meet a February: with `skip` they have a date in leap years only. */
function leapDayOnly({ anchorDay, every, on, missingDay }: Schedule): Problem[] {
  const months = every.unit === 'year' ? 12 : every.unit === 'month' ? every.n : 0;
  const { month, day } = civilDate(anchorDay);
  const wanted = on === null ? day : on.by === 'month_day' ? on.monthDay : 0;
  if (months === 0 || months % 12 !== 0 || month !== 2 || wanted !== 29 || missingDay !== 'skip') return [];
  const reason =
    '29 February is there in leap years only, so skip leaves years without work: use clamp or overflow';
  return [{ path: 'missing_day', reason }];
}

/** Fields that step 1 alone, in hours, or a completion, in floating plans, leaves without effect. */
const UNUSED_BY_HOURS = ['on', 'non_working', 'season', 'except', 'until', 'extension', 'missing_day'];
const UNUSED_BY_FLOATING = ['on', 'season', 'except', 'until', 'extension'];

function withoutEffect({ every, basis }: Schedule, given: readonly string[]): Problem[] {
  const say = (fields: readonly string[], why: string): Problem[] =>
    given
      .filter((field) => fields.includes(field))
      .map((path) => ({ path, reason: `has no effect ${why}: leave it out` }));
  const problems =
    every.unit === 'hour' ? say(UNUSED_BY_HOURS, 'on an interval in hours, which counts elapsed time') : [];
  if (basis === 'floating')
    problems.push(...say(UNUSED_BY_FLOATING, 'on floating dates, which count from the completion'));
  if (basis !== 'shifted') problems.push(...say(['shift'], 'unless the basis is shifted'));
  if (basis === 'shifted' && !given.includes('shift'))
    problems.push({ path: 'shift', reason: 'is missing: a shifted basis needs late_pct and early_pct' });
  if (basis === 'shifted' && every.unit === 'hour')
    problems.push({
      path: 'basis',
      reason: 'shifted moves by days, which an interval in hours does not have',
    });
  return problems;
}

/** A date counted from a completion is the only next one there is; a rule that drops it would end the plan silently. */
function deadEnds({ basis, every, missingDay, nonWorking, dst }: Schedule): Problem[] {
  if (basis === 'fixed' || every.unit === 'hour') return [];
  const problems: Problem[] = [];
  const say = (path: string, instead: string): number =>
    problems.push({
      path,
      reason: `skip would leave the plan without a next date after a completion: use ${instead}`,
    });
  if (basis === 'floating' && missingDay === 'skip' && (every.unit === 'month' || every.unit === 'year'))
    say('missing_day', 'clamp or overflow');
  if (nonWorking === 'skip') say('non_working', 'next, previous, nearest or modified_next');
  if (dst.gap === 'skip') say('dst.gap', 'shift_forward');
  return problems;
}

function withoutDates(schedule: Schedule): Problem[] {
  return seriesAfter(schedule, null).next() === null
    ? [
        {
          path: '',
          reason:
            'these rules together have no date at all: look at season, calendar, until, except and missing_day',
        },
      ]
    : [];
}
