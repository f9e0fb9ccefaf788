/**
 * The rules of a maintenance plan beside what all systems know of it: how its dates follow calendar and season, when its work
 * is made, and what becomes of dates that passed or meet an open order. As they are written down; the schedule's own parts are
 * judged by `schedule-problems.ts`.
 */
import { z } from 'zod';
import { WEEKDAYS } from '../time/days.ts';
import type { Interval } from '../time/intervals.ts';
import { cycleDays } from '../time/intervals.ts';
import {
  CATCH_UP_POLICIES,
  IF_OPEN,
  LEAD_UNITS,
  type CatchUp,
  type IfOpen,
  type Lead,
} from './generation.ts';
import { MISSING_DAY } from './periods.ts';
import { GAPS, OVERLAPS, type Basis } from './schedule.ts';
import { NON_WORKING } from './working-calendar.ts';

const LEAD_MAX = 3_660;
const WINDOW_HOURS_MAX = 100_000;
const EXCEPTIONS_MAX = 10_000;
const date = z.string().max(10);
const monthDay = z.string().max(5);
const weekday = z.enum(WEEKDAYS);
const percentage = z.number().min(0).max(1_000);

/** Parts of a schedule as docs/schedules.md has them. */
export const SCHEDULE_RULES = {
  on: z
    .union([
      z.strictObject({ weekdays: z.array(weekday).min(1).max(7) }),
      z.strictObject({ month_day: z.int().min(-1).max(31) }),
      z.strictObject({ nth_weekday: z.strictObject({ n: z.int().min(-1).max(5), weekday }) }),
      z.strictObject({ iso_week: z.int().min(1).max(53), weekday }),
    ])
    .optional(),
  week_start: weekday.optional(),
  missing_day: z.enum(MISSING_DAY).optional(),
  dst: z.strictObject({ gap: z.enum(GAPS).optional(), overlap: z.enum(OVERLAPS).optional() }).optional(),
  non_working: z.enum(NON_WORKING).optional(),
  season: z
    .strictObject({
      ranges: z.array(z.strictObject({ from: monthDay, to: monthDay })).max(60),
      outside: z.enum(['next_active', 'skip']).optional(),
    })
    .optional(),
  except: z.array(date).max(EXCEPTIONS_MAX).optional(),
  extension: z.strictObject({ for: date, to: date, adjust: z.boolean().optional() }).optional(),
  shift: z
    .strictObject({
      late_pct: percentage.optional(),
      early_pct: percentage.optional(),
      tolerance_pct: percentage.optional(),
    })
    .optional(),
} as const;

export const planRules = z.strictObject({
  ...SCHEDULE_RULES,
  lead: z.strictObject({ n: z.int().min(0).max(LEAD_MAX), unit: z.enum(LEAD_UNITS) }).optional(),
  catch_up: z
    .strictObject({ policy: z.enum(CATCH_UP_POLICIES), window_h: z.number().min(0).max(WINDOW_HOURS_MAX) })
    .optional(),
  if_open: z.enum(IF_OPEN).optional(),
});
export type PlanRules = z.infer<typeof planRules>;

/** One order after an outage, and none for what is older than a week. */
const CATCH_UP: CatchUp = { policy: 'latest', windowHours: 7 * 24 };

export function leadOf({ lead }: PlanRules): Lead {
  return lead ?? { n: 0, unit: 'day' };
}

export function catchUpOf({ catch_up: given }: PlanRules): CatchUp {
  return given === undefined ? CATCH_UP : { policy: given.policy, windowHours: given.window_h };
}

/** Work that is short of its completion is not asked for twice, unless the next is long after it. */
export function ifOpenOf({ if_open: given }: PlanRules, basis: Basis, every: Interval): IfOpen {
  return given ?? (basis === 'floating' || cycleDays(every) <= 31 ? 'skip' : 'allow');
}
