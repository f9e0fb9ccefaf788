/**
 * The schedule object: its fields as they are written down (snake_case texts, stored and sent as they are), each judged with
 * path and reason, and how they become a schedule of the engine. Whether a planner can have meant the whole is judged by
 * `schedule-problems.ts`.
 */
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import { civilDate, DAY_MS, parseDate, WEEKDAYS } from '../time/days.ts';
import { dateField, wallField } from '../time/fields.ts';
import { intervalField } from '../time/intervals.ts';
import type { Interval } from '../time/intervals.ts';
import type { Zones } from '../time/zones.ts';
import { MISSING_DAY, type Selector } from './periods.ts';
import { BASES, GAPS, OVERLAPS, type Schedule, type Shift } from './schedule.ts';
import { createSeason } from './season.ts';
import { createWorkingCalendar, NON_WORKING } from './working-calendar.ts';

/** The names for intervals that people use. */
export const FREQUENCIES = {
  daily: { n: 1, unit: 'day' },
  weekly: { n: 1, unit: 'week' },
  monthly: { n: 1, unit: 'month' },
  quarterly: { n: 3, unit: 'month' },
  semi_annual: { n: 6, unit: 'month' },
  annual: { n: 1, unit: 'year' },
} as const satisfies Record<string, Interval>;
export type Frequency = keyof typeof FREQUENCIES;

/** Holidays of a site for a century, and more exceptions than anybody enters. */
const HOLIDAYS_MAX = 20_000;
const EXCEPTIONS_MAX = 10_000;
const RANGES_MAX = 60;
/** A schedule that starts outside these years is a typing error. */
const ANCHOR_YEARS = [1900, 2999] as const;

const weekday = z.enum(WEEKDAYS, `must be a weekday: ${WEEKDAYS.join(', ')}`);
const percentage = z
  .number('must be a number of percent')
  .min(0, 'must not be negative')
  .max(1_000)
  .optional();

/** From 1 to a maximum, or -1 for the last. */
function place(max: number) {
  return z
    .int('must be a whole number')
    .refine(
      (value) => value === -1 || (value >= 1 && value <= max),
      `must be 1 to ${String(max)}, or -1 for the last`,
    );
}

const selector = z.union(
  [
    z.strictObject({ weekdays: z.array(weekday).min(1, 'needs at least one weekday').max(7) }),
    z.strictObject({ month_day: place(31) }),
    z.strictObject({ nth_weekday: z.strictObject({ n: place(5), weekday }) }),
    z.strictObject({ iso_week: z.int().min(1, 'must be 1 to 53').max(53, 'must be 1 to 53'), weekday }),
  ],
  'must be one of {weekdays: [MO, ...]}, {month_day: 1 to 31 or -1}, {nth_weekday: {n: 1 to 5 or -1, weekday}}, {iso_week: 1 to 53, weekday}',
);

/** Month and day as one number; the year 2024 is a leap year, so 29 February exists. */
const monthDay = z.string('must be a month and day such as 04-15').transform((text, context) => {
  if (/^\d{2}-\d{2}$/.test(text) && parseDate(`2024-${text}`) !== null) return Number(text.replace('-', ''));
  context.addIssue({ code: 'custom', message: 'must be a month and day that exist, such as 04-15' });
  return z.NEVER;
});

const season = z.strictObject({
  ranges: z.array(z.strictObject({ from: monthDay, to: monthDay })).max(RANGES_MAX),
  outside: z.enum(['next_active', 'skip'], 'must be next_active or skip').default('next_active'),
});

const calendar = z.strictObject({
  working_days: z
    .array(weekday)
    .min(1, 'needs at least one weekday: a calendar that never opens has no dates')
    .default([...WEEKDAYS]),
  holidays: z
    .array(dateField)
    .max(HOLIDAYS_MAX, `at most ${String(HOLIDAYS_MAX)} holidays`)
    .default([]),
});

const anchorField = wallField.refine(
  (wallMs) => {
    const { year } = civilDate(Math.floor(wallMs / DAY_MS));
    return year >= ANCHOR_YEARS[0] && year <= ANCHOR_YEARS[1];
  },
  `must be in the years ${ANCHOR_YEARS.join(' to ')}`,
);

const shift = z.strictObject({
  late_pct: percentage,
  early_pct: percentage,
  /** For both directions, unless one has its own. */
  tolerance_pct: percentage,
  late_tolerance_pct: percentage,
  early_tolerance_pct: percentage,
});

const fields = z
  .strictObject({
    zone: z.string('must be the IANA name of a zone, such as Europe/Berlin').max(60),
    anchor: anchorField,
    frequency: z
      .enum(
        Object.keys(FREQUENCIES) as [Frequency, ...Frequency[]],
        `must be one of ${Object.keys(FREQUENCIES).join(', ')}`,
      )
      .optional(),
    every: intervalField.optional(),
    on: selector.optional(),
    week_start: weekday.default('MO'),
    missing_day: z.enum(MISSING_DAY, `must be one of ${MISSING_DAY.join(', ')}`).default('clamp'),
    dst: z
      .strictObject({
        gap: z.enum(GAPS, `must be one of ${GAPS.join(', ')}`).default('shift_forward'),
        overlap: z.enum(OVERLAPS, `must be one of ${OVERLAPS.join(', ')}`).default('first'),
      })
      .default({ gap: 'shift_forward', overlap: 'first' }),
    calendar: calendar.default({ working_days: [...WEEKDAYS], holidays: [] }),
    non_working: z.enum(NON_WORKING, `must be one of ${NON_WORKING.join(', ')}`).default('keep'),
    season: season.optional(),
    except: z
      .array(dateField)
      .max(EXCEPTIONS_MAX, `at most ${String(EXCEPTIONS_MAX)} exceptions`)
      .default([]),
    until: dateField.optional(),
    extension: z
      .strictObject({ for: dateField, to: dateField, adjust: z.boolean().default(false) })
      .optional(),
    basis: z.enum(BASES, `must be one of ${BASES.join(', ')}`).default('fixed'),
    shift: shift.optional(),
  })
  .superRefine((fields, context) => {
    const wrong = intervalProblem(fields) ?? selectorProblem(fields);
    if (wrong !== null) context.addIssue({ code: 'custom', path: [wrong.field], message: wrong.reason });
  });

/** The fields of a schedule as they are written down. One that is null is one that is not given. */
export const scheduleFields = z.preprocess(
  (input) =>
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
      : input,
  fields,
);

/** A schedule as it is stored and sent. */
export type ScheduleText = z.input<typeof fields>;
type ScheduleFields = z.output<typeof scheduleFields>;
interface FieldProblem {
  field: string;
  reason: string;
}

function intervalProblem({
  frequency,
  every,
}: Pick<ScheduleFields, 'frequency' | 'every'>): FieldProblem | null {
  if (frequency === undefined && every === undefined)
    return { field: 'frequency', reason: 'is missing: give a frequency, or every with n and unit' };
  if (frequency !== undefined && every !== undefined)
    return { field: 'every', reason: 'and frequency exclude each other: leave one out' };
  return null;
}

/** The units in which the periods of a selector may be counted. */
const SELECTOR_UNITS: Record<Selector['by'], readonly Interval['unit'][]> = {
  weekdays: ['week'],
  month_day: ['month', 'year'],
  nth_weekday: ['month', 'year'],
  iso_week: ['year'],
};

function selectorProblem({
  on,
  ...fields
}: Pick<ScheduleFields, 'on' | 'frequency' | 'every'>): FieldProblem | null {
  if (on === undefined) return null;
  const read = selectorOf(on);
  const { unit } = everyOf(fields);
  const units = SELECTOR_UNITS[read.by];
  if (!units.includes(unit))
    return { field: 'on', reason: `${read.by} needs an interval in ${units.join(' or ')}s, not in ${unit}s` };
  return null;
}

/** Reads a schedule; what cannot be computed with is an `invalid_request` with path and reason. */
export function readSchedule(input: unknown, zones: Zones): Schedule {
  return scheduleOf(readInput(scheduleFields, input), zones);
}

/** As `readSchedule`, for fields that were judged before. */
export function scheduleOf(fields: ScheduleFields, zones: Zones): Schedule {
  const anchorDay = Math.floor(fields.anchor / DAY_MS);
  const { calendar: site, season: active, extension } = fields;
  return {
    zone: zones.zone(fields.zone),
    anchorDay,
    timeMs: fields.anchor - anchorDay * DAY_MS,
    every: everyOf(fields),
    on: fields.on === undefined ? null : selectorOf(fields.on),
    weekStart: WEEKDAYS.indexOf(fields.week_start),
    missingDay: fields.missing_day,
    dst: fields.dst,
    calendar: createWorkingCalendar(
      WEEKDAYS.map((name) => site.working_days.includes(name)),
      site.holidays,
    ),
    nonWorking: fields.non_working,
    season: active === undefined ? null : { dates: createSeason(active.ranges), outside: active.outside },
    except: new Set(fields.except),
    until: fields.until ?? null,
    extension:
      extension === undefined
        ? null
        : { forDay: extension.for, toDay: extension.to, adjust: extension.adjust },
    basis: fields.basis,
    shift: shiftOf(fields.shift),
  };
}

function everyOf({ frequency, every }: Pick<ScheduleFields, 'frequency' | 'every'>): Interval {
  if (every !== undefined) return every;
  return FREQUENCIES[frequency ?? 'daily'];
}

function selectorOf(on: NonNullable<ScheduleFields['on']>): Selector {
  if ('weekdays' in on)
    return { by: 'weekdays', weekdays: [...new Set(on.weekdays)].map((name) => WEEKDAYS.indexOf(name)) };
  if ('month_day' in on) return { by: 'month_day', monthDay: on.month_day };
  if ('nth_weekday' in on)
    return { by: 'nth_weekday', n: on.nth_weekday.n, weekday: WEEKDAYS.indexOf(on.nth_weekday.weekday) };
  return { by: 'iso_week', isoWeek: on.iso_week, weekday: WEEKDAYS.indexOf(on.weekday) };
}

function shiftOf(fields: ScheduleFields['shift']): Shift {
  const tolerance = fields?.tolerance_pct ?? 0;
  return {
    latePct: fields?.late_pct ?? 0,
    earlyPct: fields?.early_pct ?? 0,
    lateTolerancePct: fields?.late_tolerance_pct ?? tolerance,
    earlyTolerancePct: fields?.early_tolerance_pct ?? tolerance,
  };
}
