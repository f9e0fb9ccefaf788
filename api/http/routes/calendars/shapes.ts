/** Working calendars as the API takes and shows them. Hours are of the day, kept to the minute. */
import { z } from 'zod';
import type { CalendarInput, createCalendar } from '../../../../plant/maintenance/calendars.ts';
import { instantInput, instantOutput, integerInput, numberInput, uuid } from '../../frame/shapes.ts';
import { line, text } from '../work-orders/shapes.ts';

const hourOfDay = numberInput
  .pipe(z.number().min(0).max(24))
  .refine((hour) => Math.abs(hour * 60 - Math.round(hour * 60)) < 1e-6, 'must be a whole number of minutes')
  .meta({ description: 'Hour of the day, with minutes as a fraction: 7.5 is half past seven.' });

/** A date; of an instant the date as it is written. */
const day = instantInput.transform((instant) => instant.slice(0, 10));

export const calendarFields = {
  name: line,
  description: text.nullish(),
  timezone: line.optional().meta({ description: 'IANA zone; UTC when absent.', example: 'Australia/Perth' }),
  working_hours_start: hourOfDay.optional(),
  working_hours_end: hourOfDay.optional(),
  working_days: z
    .array(integerInput.pipe(z.number().min(0).max(6)))
    .min(1)
    .max(7)
    .optional()
    .meta({ description: '0 is Monday; Monday to Friday when absent.' }),
  holidays: z.array(day).max(5_000).optional().meta({ description: 'Dates without work.' }),
} as const;

type Fields = z.output<z.ZodObject<typeof calendarFields>>;
type Body = { [K in keyof Fields]?: Fields[K] | undefined };

export function calendarInput(body: Body): CalendarInput {
  const toMinutes = (hour: number | undefined): number | undefined =>
    hour === undefined ? undefined : Math.round(hour * 60);
  return {
    name: body.name,
    description: body.description,
    timezone: body.timezone,
    workingStartMinutes: toMinutes(body.working_hours_start),
    workingEndMinutes: toMinutes(body.working_hours_end),
    workingDays: body.working_days,
    holidays: body.holidays,
  };
}

export const calendar = z.object({
  id: uuid,
  version: z.number().int(),
  name: z.string(),
  description: z.string().nullable(),
  timezone: z.string(),
  working_hours_start: z.number(),
  working_hours_end: z.number(),
  working_minutes: z.number().int().meta({ description: 'Minutes of a working day.' }),
  working_days: z.array(z.number().int()),
  holidays: z.array(z.string().meta({ format: 'date', example: '2026-12-25' })),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function shownCalendar(row: Awaited<ReturnType<typeof createCalendar>>): z.output<typeof calendar> {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    description: row.description,
    timezone: row.timezone,
    working_hours_start: row.workingStartMinutes / 60,
    working_hours_end: row.workingEndMinutes / 60,
    working_minutes: row.workingEndMinutes - row.workingStartMinutes,
    working_days: row.workingDays,
    holidays: row.holidays,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
