/** Work orders, their steps, parts and labour as the API takes and shows them. */
import { z } from 'zod';
import {
  HOLD_REASONS,
  MAINTENANCE_TYPES,
  PART_LINE_STATUSES,
  TASK_STATUSES,
  WORK_ORDER_STATUSES,
} from '../../../../domain/entities/vocabulary.ts';
import { LIMITS } from '../../../../domain/kernel/limits.ts';
import type { OrderInput } from '../../../../plant/work-orders/input.ts';
import {
  lineCost,
  type LabourLine,
  type OrderStep,
  type PartLine,
} from '../../../../plant/work-orders/fields.ts';
import { PUBLIC_STATUSES } from '../../../../plant/work-orders/status.ts';
import type { OrderView } from '../../../../plant/work-orders/view.ts';
import { instantInput, instantOutput, integerInput, numberInput, uuid } from '../../frame/shapes.ts';

export const PRIORITY = ['critical', 'high', 'medium', 'low'] as const;
export const priority = z.enum(PRIORITY);
export const publicStatus = z.enum(PUBLIC_STATUSES);
export const assetId = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .meta({ description: 'Tag of the asset; its hub number or hub id also serve.', example: 'EX-301' });
export const line = z.string().trim().min(1).max(1_000);
export const text = z.string().max(LIMITS.textCharsMax);
/** Sums and durations stay far from where numbers lose their cents. */
const AMOUNT_MAX = 1e9;
export const amount = numberInput.pipe(z.number().min(0).max(AMOUNT_MAX));
export const hours = amount.meta({ description: 'Hours.', example: 4 });
export const minutes = amount.meta({ description: 'Minutes.', example: 45 });
export const money = amount.meta({ description: 'Money.', example: 150 });
const customFields = z
  .record(z.string().min(1).max(200), z.union([z.string().max(10_000), z.number(), z.boolean()]))
  .meta({ description: 'Free fields: name to text, number or flag.' });

export const stepInput = z.strictObject({
  name: line,
  description: text.nullish(),
  estimated_duration: minutes.nullish(),
  sequence_order: integerInput
    .pipe(z.number().min(0).max(1_000_000))
    .nullish()
    .meta({ description: 'Its place and its id; the next number when absent.' }),
});
export const stepsInput = z.array(stepInput).max(1_000);

export function stepFrom(step: z.output<typeof stepInput>) {
  return {
    name: step.name,
    description: step.description,
    estimatedDuration: step.estimated_duration,
    sequenceOrder: step.sequence_order,
  };
}

/** What may be left out, and in a change be null to clear it. */
export const optionalFields = {
  assigned_to: line.nullish().meta({
    description:
      'Hub id, number, code, e-mail address or exact name of a person; other text is kept as written.',
  }),
  assigned_team: line.nullish(),
  scheduled_start: instantInput.nullish(),
  scheduled_end: instantInput.nullish(),
  due_date: instantInput
    .nullish()
    .meta({ description: 'When it becomes overdue; scheduled_end when absent.' }),
  estimated_cost: money.nullish(),
  work_order_type: z.enum(MAINTENANCE_TYPES).nullish(),
  category: text.nullish(),
  location: text.nullish().meta({ description: 'Where it is, in words.' }),
  notes: text.nullish(),
  safety_requirements: text.nullish(),
  special_instructions: text.nullish(),
  custom_fields: customFields.nullish(),
} as const;

type Optional = z.output<z.ZodObject<typeof optionalFields>>;
type Required = {
  asset_id?: string | null | undefined;
  title?: string | undefined;
  description?: string | null | undefined;
  priority?: (typeof PRIORITY)[number] | undefined;
  estimated_hours?: number | null | undefined;
  actual_hours?: number | null | undefined;
  actual_cost?: number | null | undefined;
  findings?: string | null | undefined;
  recommendations?: string | null | undefined;
};

export function orderInput(body: Optional & Required): OrderInput {
  return {
    assetId: body.asset_id,
    title: body.title,
    description: body.description,
    priority: body.priority,
    type: body.work_order_type,
    category: body.category,
    estimatedHours: body.estimated_hours,
    estimatedCost: body.estimated_cost,
    actualHours: body.actual_hours,
    actualCost: body.actual_cost,
    assignedTo: body.assigned_to,
    assignedTeam: body.assigned_team,
    scheduledStart: body.scheduled_start,
    scheduledEnd: body.scheduled_end,
    dueAt: body.due_date,
    place: body.location,
    notes: body.notes,
    findings: body.findings,
    recommendations: body.recommendations,
    safetyRequirements: body.safety_requirements,
    specialInstructions: body.special_instructions,
    customFields: body.custom_fields,
  };
}

export const step = z.object({
  id: z.string().meta({ description: 'The sequence number as text.' }),
  sequence_order: z.number().int(),
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(TASK_STATUSES),
  estimated_duration: z.number().nullable().meta({ description: 'Minutes.' }),
  actual_duration: z.number().nullable().meta({ description: 'Minutes.' }),
  completed_by: z.string().nullable(),
  completed_at: instantOutput.nullable(),
  notes: z.string().nullable(),
});

export function shownStep(one: OrderStep): z.output<typeof step> {
  return {
    id: String(one.sequence),
    sequence_order: one.sequence,
    name: one.title,
    description: one.description ?? null,
    status: one.status ?? 'pending',
    estimated_duration: one.estimatedMinutes ?? null,
    actual_duration: one.actualMinutes ?? null,
    completed_by: one.completedBy ?? null,
    completed_at: one.completedAt ?? null,
    notes: one.notes ?? null,
  };
}

export const part = z.object({
  id: z.string().meta({ description: 'The line number as text.' }),
  line: z.number().int(),
  part_id: z.string().nullable().meta({ description: 'Hub id of the part, where it is one of the hub.' }),
  part_number: z.string(),
  description: z.string().nullable(),
  quantity: z.number(),
  unit_cost: z.number().nullable(),
  total_cost: z.number().meta({ description: 'Quantity times unit cost.' }),
  status: z.enum(PART_LINE_STATUSES),
  issued_at: instantOutput.nullable(),
  used_at: instantOutput.nullable(),
  by: z.string().nullable().meta({ description: 'Who issued, used or returned it last.' }),
});

export function shownPart(one: PartLine): z.output<typeof part> {
  return {
    id: String(one.line),
    line: one.line,
    part_id: one.partId ?? null,
    part_number: one.partNumber,
    description: one.description ?? null,
    quantity: one.quantity,
    unit_cost: one.unitCost ?? null,
    total_cost: lineCost(one),
    status: one.status,
    issued_at: one.issuedAt ?? null,
    used_at: one.usedAt ?? null,
    by: one.by ?? null,
  };
}

export const labour = z.object({
  person_id: z.string(),
  person: z.string().nullable().meta({ description: 'Code or name.' }),
  minutes: z.number(),
  started_at: instantOutput.nullable(),
});

export function shownLabour(one: LabourLine, names: ReadonlyMap<string, string>): z.output<typeof labour> {
  return {
    person_id: one.person,
    person: names.get(one.person) ?? null,
    minutes: one.minutes,
    started_at: one.startedAt ?? null,
  };
}

export const workOrder = z.object({
  id: uuid,
  work_order_number: z.string(),
  version: z.number().int(),
  asset_id: z.string().nullable(),
  title: z.string(),
  description: z.string().nullable(),
  status: publicStatus,
  is_overdue: z.boolean().meta({ description: 'Past its due date, whatever its status.' }),
  hub_status: z.enum(WORK_ORDER_STATUSES).nullable().meta({
    description: 'As stored: also knows requested (shown as scheduled) and closed (shown as completed).',
  }),
  hold_reason: z.enum(HOLD_REASONS).nullable(),
  priority: priority.nullable(),
  work_order_type: z.enum(MAINTENANCE_TYPES).nullable(),
  category: z.string().nullable(),
  schedule_id: z.string().nullable().meta({ description: 'The maintenance schedule it comes from.' }),
  estimated_hours: z.number().nullable(),
  actual_hours: z.number().nullable(),
  estimated_cost: z.number().nullable(),
  actual_cost: z.number().nullable(),
  assigned_to: z
    .string()
    .nullable()
    .meta({ description: 'Code or name of the person, or what was written.' }),
  assignee_id: z
    .string()
    .nullable()
    .meta({ description: 'Hub id of the person, where it is one of the hub.' }),
  assigned_team: z.string().nullable(),
  requested_by: z.string().nullable(),
  requested_at: instantOutput.nullable(),
  location: z.string().nullable(),
  location_id: z.string().nullable().meta({ description: 'Hub id of the location record.' }),
  scheduled_start: instantOutput.nullable(),
  scheduled_end: instantOutput.nullable(),
  due_date: instantOutput.nullable(),
  actual_start: instantOutput.nullable(),
  actual_end: instantOutput.nullable(),
  notes: z.string().nullable(),
  findings: z.string().nullable(),
  recommendations: z.string().nullable(),
  safety_requirements: z.string().nullable(),
  special_instructions: z.string().nullable(),
  custom_fields: z.record(z.string(), z.any()),
  steps: z.array(step),
  parts: z.array(part),
  parts_used: z
    .array(z.object({ part_id: z.string(), part_number: z.string().nullable(), quantity: z.number() }))
    .meta({ description: 'Totals of the parts of the hub that were used, also as other systems tell them.' }),
  labour: z.array(labour),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function toHours(value: number | undefined): number | null {
  return value === undefined ? null : Math.round((value / 60) * 1e4) / 1e4;
}

export function shownPriority(value: string | undefined): (typeof PRIORITY)[number] | null {
  return PRIORITY.find((one) => one === value) ?? null;
}

export function shownOrder(view: OrderView): z.output<typeof workOrder> {
  const { fields, names } = view;
  return {
    id: view.id,
    work_order_number: view.number,
    version: view.version,
    asset_id: view.assetId,
    title: fields.title,
    description: fields.description ?? null,
    status: view.status,
    is_overdue: view.isOverdue,
    hub_status: fields.status ?? null,
    hold_reason: fields.holdReason ?? null,
    priority: shownPriority(fields.priority),
    work_order_type: fields.type ?? null,
    category: fields.category ?? null,
    schedule_id: fields.plan ?? null,
    estimated_hours: toHours(fields.estimatedMinutes),
    actual_hours: toHours(fields.actualMinutes),
    estimated_cost: fields.estimatedCost ?? null,
    actual_cost: fields.actualCost ?? null,
    assigned_to: view.assignedTo,
    assignee_id: fields.assignee ?? null,
    assigned_team: fields.assignedTeam ?? null,
    requested_by: view.requestedBy,
    requested_at: fields.requestedAt ?? null,
    location: fields.place ?? null,
    location_id: fields.location ?? null,
    scheduled_start: fields.scheduledStart ?? null,
    scheduled_end: fields.scheduledEnd ?? null,
    due_date: fields.dueAt ?? null,
    actual_start: fields.startedAt ?? null,
    actual_end: fields.completedAt ?? null,
    notes: fields.notes ?? null,
    findings: fields.findings ?? null,
    recommendations: fields.recommendations ?? null,
    safety_requirements: fields.safetyRequirements ?? null,
    special_instructions: fields.specialInstructions ?? null,
    custom_fields: fields.customFields ?? {},
    steps: (fields.tasks ?? []).map((one) => shownStep(one)),
    parts: (fields.plannedParts ?? []).map((one) => shownPart(one)),
    parts_used: (fields.parts ?? []).map((one) => ({
      part_id: one.part,
      part_number: names.get(one.part) ?? null,
      quantity: one.quantity,
    })),
    labour: (fields.labour ?? []).map((one) => shownLabour(one, names)),
    created_at: view.createdAt,
    updated_at: view.updatedAt,
  };
}
