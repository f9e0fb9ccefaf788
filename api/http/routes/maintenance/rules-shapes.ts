/** The rules of a schedule, its dates to come and what became of others, as the API takes and shows them. */
import { z } from 'zod';
import { planRules } from '../../../../domain/recurrence/plan-rules.ts';
import { parseDate } from '../../../../domain/time/days.ts';
import type { JsonObject } from '../../../../domain/json.ts';
import type { RulesView } from '../../../../plant/maintenance/plan-rules.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const rulesBody = z.strictObject({
  rules: planRules.meta({
    description:
      'How dates follow calendar and season, when work is made, and what becomes of dates that passed; docs/schedules.md has each field.',
  }),
  calendar_id: uuid
    .nullish()
    .meta({ description: 'Working days and holidays of the site; all days without one.' }),
});

export const shownRules = z.object({
  rules: z.record(z.string(), z.unknown()),
  calendar_id: z.string().nullable(),
  version: z.number().int().meta({ description: '0 while the schedule has no rules.' }),
});

export function showRules({ rules, calendarId, version }: RulesView): JsonObject {
  return { rules: rules as JsonObject, calendar_id: calendarId, version };
}

/** A calendar day; refused where it does not exist. */
export const dayInput = z
  .string()
  .refine((text) => parseDate(text) !== null, 'must be a date that exists, such as 2026-03-29')
  .meta({ format: 'date', example: '2026-03-29' });

export function dayOf(text: string): number {
  return parseDate(text) ?? 0;
}

const wall = z
  .string()
  .meta({ description: "Wall time in the schedule's zone.", example: '2026-03-29T06:00:00.000' });

export const plannedDate = z.object({
  nominal: wall,
  due_at: instantOutput.nullable(),
  outcome: z
    .enum(['generated', 'merged', 'absorbed', 'skipped', 'missed', 'planned'])
    .meta({ description: 'planned: still to come, for all assets of the schedule.' }),
  reason: z.string().nullable(),
  asset_id: z.string().nullable(),
  work_order_id: z.string().nullable(),
  tzdb: z.string().meta({ description: 'Version of the zone data that the instant was computed with.' }),
});

export const comparedDate = z.object({
  nominal: wall,
  change: z.enum(['same', 'moved', 'added', 'removed']),
  before: instantOutput.nullable(),
  after: instantOutput.nullable(),
});

export const affectedOrder = z.object({
  work_order_id: z.string(),
  planned: instantOutput,
  would_be: instantOutput.nullable().meta({ description: 'null: the date would be no more.' }),
});
