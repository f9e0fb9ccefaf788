/** Maintenance schedules and tasks as the API takes and shows them. Durations are minutes here. */
import { z } from 'zod';
import { plainInput } from '../../../../domain/entities/public-fields.ts';
import { MAINTENANCE_TYPES, PLAN_BASES, TRIGGER_TYPES } from '../../../../domain/entities/vocabulary.ts';
import type { JsonObject } from '../../../../domain/json.ts';
import { FREQUENCIES } from '../../../../plant/maintenance/fields.ts';
import type { ScheduleInput, ScheduleView } from '../../../../plant/maintenance/schedules.ts';
import type { OrderView } from '../../../../plant/work-orders/view.ts';
import { booleanInput, instantInput, instantOutput, integerInput, uuid } from '../../frame/shapes.ts';
import { shownFields, shownShape } from '../plain-records/field-shapes.ts';
import {
  assetId,
  line,
  money,
  priority,
  publicStatus,
  shownPriority,
  shownStep,
  step,
  stepFrom,
  stepsInput,
  text,
} from '../work-orders/shapes.ts';

const MINUTES_MAX = 10_000_000;
export const wholeMinutes = integerInput
  .pipe(z.number().min(0).max(MINUTES_MAX))
  .meta({ description: 'Minutes.', example: 120 });

/** The public types; the hub also knows project and other work. */
export const maintenanceType = z.enum(MAINTENANCE_TYPES);
const needs = z.array(line).max(1_000);

export const scheduleNeeded = {
  name: line,
  description: text,
  maintenance_type: maintenanceType,
  priority,
  frequency: z.enum(FREQUENCIES).meta({ description: 'custom: every trigger_value days.' }),
  trigger_type: z.enum(TRIGGER_TYPES).meta({ description: 'Only time_based schedules have due dates here.' }),
  trigger_value: z.union([z.number(), line]),
  estimated_duration: wholeMinutes,
  estimated_cost: money,
} as const;

export const scheduleOptional = {
  code: line.nullish(),
  required_skills: needs.nullish(),
  required_tools: needs.nullish(),
  required_parts: needs.nullish(),
  steps: stepsInput.optional(),
  asset_ids: z
    .array(assetId)
    .max(1_000)
    .optional()
    .meta({ description: 'The assets it is carried out on; without one nothing is generated.' }),
  assigned_to: line
    .nullish()
    .meta({ description: 'A person of the hub: id, number, code, e-mail address or name.' }),
  is_active: booleanInput.optional(),
  basis: z.enum(PLAN_BASES).optional().meta({
    description: 'floating (the default): counted from the last completion; fixed: from the calendar.',
  }),
  timezone: line.nullish().meta({ description: 'IANA zone of its dates; UTC when absent.' }),
  next_scheduled: instantInput.nullish().meta({
    description: 'First due date, also where the series is counted from; one period from now when absent.',
  }),
  ends_at: instantInput.nullish().meta({ description: 'No dates after this.' }),
} as const;

type Body = {
  [K in keyof typeof scheduleNeeded]?: z.output<(typeof scheduleNeeded)[K]> | undefined;
} & z.output<z.ZodObject<typeof scheduleOptional>>;

export function scheduleInput(body: Body): ScheduleInput {
  return {
    ...(plainInput('plan', body) as ScheduleInput),
    frequency: body.frequency,
    steps: body.steps?.map((one) => stepFrom(one)),
    assetIds: body.asset_ids,
    assignedTo: body.assigned_to,
    nextScheduled: body.next_scheduled,
  };
}

export const schedule = z.object({
  id: uuid,
  schedule_number: z.string(),
  version: z.number().int(),
  ...shownShape('plan', {
    every: {
      frequency: z.enum(FREQUENCIES).nullable(),
      interval: z
        .object({ n: z.number(), unit: z.string() })
        .nullable()
        .meta({ description: 'The frequency as a number of units.' }),
    },
    triggerType: { trigger_type: z.enum(TRIGGER_TYPES) },
    steps: { steps: z.array(step) },
    asset: { asset_ids: z.array(z.string()) },
    assignee: { assigned_to: z.string().nullable() },
    active: { is_active: z.boolean() },
    basis: { basis: z.enum(PLAN_BASES) },
    timeZone: { timezone: z.string() },
  }),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function shownSchedule(view: ScheduleView): JsonObject {
  const { fields } = view;
  return {
    id: view.id,
    schedule_number: view.number,
    version: view.version,
    ...shownFields('plan', fields, {
      every: { frequency: view.frequency, interval: fields.every ?? null },
      triggerType: { trigger_type: view.triggerType },
      steps: { steps: (fields.steps ?? []).map((one) => shownStep(one)) },
      asset: { asset_ids: view.assetIds },
      assignee: { assigned_to: view.assignedTo },
      active: { is_active: fields.active ?? true },
      basis: { basis: fields.basis ?? 'floating' },
      timeZone: { timezone: fields.timeZone ?? 'UTC' },
    }),
    created_at: view.createdAt,
    updated_at: view.updatedAt,
  };
}

export const task = z.object({
  id: uuid,
  work_order_number: z.string(),
  version: z.number().int(),
  schedule_id: z.string(),
  asset_id: z.string().nullable(),
  title: z.string(),
  description: z.string().nullable(),
  maintenance_type: maintenanceType.nullable(),
  status: publicStatus,
  is_overdue: z.boolean(),
  priority: priority.nullable(),
  scheduled_start: instantOutput.nullable(),
  scheduled_end: instantOutput.nullable(),
  actual_start: instantOutput.nullable(),
  actual_end: instantOutput.nullable(),
  estimated_duration: z.number().nullable().meta({ description: 'Minutes.' }),
  actual_duration: z.number().nullable().meta({ description: 'Minutes.' }),
  estimated_cost: z.number().nullable(),
  actual_cost: z.number().nullable(),
  assigned_to: z.string().nullable(),
  assignee_id: z.string().nullable(),
  assigned_team: z.string().nullable(),
  location: z.string().nullable(),
  notes: z.string().nullable(),
  findings: z.string().nullable(),
  recommendations: z.string().nullable(),
  completed_steps: z.array(step),
  remaining_steps: z.array(step),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function shownTask(view: OrderView): z.output<typeof task> {
  const { fields } = view;
  const steps = (fields.tasks ?? []).map((one) => shownStep(one));
  const isOver = (one: z.output<typeof step>): boolean =>
    one.status === 'completed' || one.status === 'skipped';
  return {
    id: view.id,
    work_order_number: view.number,
    version: view.version,
    schedule_id: fields.plan ?? '',
    asset_id: view.assetId,
    title: fields.title,
    description: fields.description ?? null,
    maintenance_type: fields.type ?? null,
    status: view.status,
    is_overdue: view.isOverdue,
    priority: shownPriority(fields.priority),
    scheduled_start: fields.scheduledStart ?? null,
    scheduled_end: fields.scheduledEnd ?? null,
    actual_start: fields.startedAt ?? null,
    actual_end: fields.completedAt ?? null,
    estimated_duration: fields.estimatedMinutes ?? null,
    actual_duration: fields.actualMinutes ?? null,
    estimated_cost: fields.estimatedCost ?? null,
    actual_cost: fields.actualCost ?? null,
    assigned_to: view.assignedTo,
    assignee_id: fields.assignee ?? null,
    assigned_team: fields.assignedTeam ?? null,
    location: fields.place ?? null,
    notes: fields.notes ?? null,
    findings: fields.findings ?? null,
    recommendations: fields.recommendations ?? null,
    completed_steps: steps.filter((one) => isOver(one)),
    remaining_steps: steps.filter((one) => !isOver(one)),
    created_at: view.createdAt,
    updated_at: view.updatedAt,
  };
}

/** Both bounds of a range of time, inclusive. */
export const rangeQuery = {
  start_date: instantInput.optional(),
  end_date: instantInput.optional(),
} as const;

export function inOrder(range: { start_date?: string | undefined; end_date?: string | undefined }): boolean {
  return range.start_date === undefined || range.end_date === undefined || range.start_date <= range.end_date;
}

export const OUT_OF_ORDER = { path: ['end_date'], message: 'must not be before start_date' };
