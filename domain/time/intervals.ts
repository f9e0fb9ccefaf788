/** Intervals of maintenance: their units, and how many days a cycle counts as where a share of it is taken. */
import { z } from 'zod';

export const UNITS = ['hour', 'day', 'working_day', 'week', 'month', 'year'] as const;
export type Unit = (typeof UNITS)[number];

export interface Interval {
  n: number;
  unit: Unit;
}

/** The longest interval in its unit: a thousand years, or as many hours. Longer ones have no second date before the year 9999. */
const INTERVAL_MAX: Record<Unit, number> = {
  hour: 8_765_820,
  day: 365_242,
  working_day: 365_242,
  week: 52_177,
  month: 12_000,
  year: 1_000,
};

export const intervalField = z
  .strictObject({
    n: z
      .int('must be a whole number of at least 1')
      .min(1, 'must be at least 1: an interval of 0 never ends'),
    unit: z.enum(UNITS, `must be one of ${UNITS.join(', ')}`),
  })
  .superRefine(({ n, unit }, context) => {
    if (n > INTERVAL_MAX[unit])
      context.addIssue({
        code: 'custom',
        path: ['n'],
        message: `must be at most ${String(INTERVAL_MAX[unit])} for ${unit}`,
      });
  });

/** The convention of tolerances: 30 days a month and 365 a year (a quarter is 90), whatever the calendar says. */
const CYCLE_DAYS: Record<Unit, number> = {
  hour: 1 / 24,
  day: 1,
  working_day: 1,
  week: 7,
  month: 30,
  year: 365,
};

export function cycleDays({ n, unit }: Interval): number {
  return n * CYCLE_DAYS[unit];
}
