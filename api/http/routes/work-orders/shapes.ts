/** Work orders, their steps, parts and labour as the API takes and shows them. */
import { z } from 'zod';
import { plainInput } from '../../../../domain/entities/public-fields.ts';
import {
  PART_LINE_STATUSES,
  TASK_STATUSES,
  WORK_ORDER_STATUSES,
} from '../../../../domain/entities/vocabulary.ts';
import type { JsonObject } from '../../../../domain/json.ts';
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
import { instantOutput, integerInput, numberInput, uuid } from '../../frame/shapes.ts';
import { inputShape, shownFields, shownShape } from '../plain-records/field-shapes.ts';

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

const {
  description: _text,
  priority: _priority,
  estimated_hours: _estimated,
  actual_hours: _hours,
  actual_cost: _cost,
  findings: _findings,
  recommendations: _recommendations,
  ...plain
} = inputShape('work_order', {
  estimatedCost: money,
  assignedTeam: line,
});
/** What may be left out, and in a change be null to clear it. */
export const optionalFields = {
  assigned_to: line.nullish().meta({
    description:
      'Hub id, number, code, e-mail address or exact name of a person; other text is kept as written.',
  }),
  ...plain,
};

/** What the body says of the order's own fields; steps and templates are apart. */
export function orderInput(body: Readonly<Record<string, unknown>>): OrderInput {
  return {
    ...(plainInput('work_order', body) as OrderInput),
    assetId: body['asset_id'] as string | null | undefined,
    assignedTo: body['assigned_to'] as string | null | undefined,
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
  ...shownShape('work_order', {
    asset: { asset_id: z.string().nullable() },
    status: {
      status: publicStatus,
      is_overdue: z.boolean().meta({ description: 'Past its due date, whatever its status.' }),
      hub_status: z.enum(WORK_ORDER_STATUSES).nullable().meta({
        description: 'As stored: also knows requested (shown as scheduled) and closed (shown as completed).',
      }),
    },
    plan: {
      schedule_id: z.string().nullable().meta({ description: 'The maintenance schedule it comes from.' }),
    },
    assignee: {
      assigned_to: z
        .string()
        .nullable()
        .meta({ description: 'Code or name of the person, or what was written.' }),
      assignee_id: z
        .string()
        .nullable()
        .meta({ description: 'Hub id of the person, where it is one of the hub.' }),
    },
    requestedBy: { requested_by: z.string().nullable() },
    tasks: { steps: z.array(step) },
    plannedParts: { parts: z.array(part) },
    parts: {
      parts_used: z
        .array(z.object({ part_id: z.string(), part_number: z.string().nullable(), quantity: z.number() }))
        .meta({
          description: 'Totals of the parts of the hub that were used, also as other systems tell them.',
        }),
    },
    labour: { labour: z.array(labour) },
  }),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function toHours(value: number | undefined): number | null {
  return value === undefined ? null : Math.round((value / 60) * 1e4) / 1e4;
}

export function shownPriority(value: string | undefined): (typeof PRIORITY)[number] | null {
  return PRIORITY.find((one) => one === value) ?? null;
}

export function shownOrder(view: OrderView): JsonObject {
  const { fields, names } = view;
  return {
    id: view.id,
    work_order_number: view.number,
    version: view.version,
    ...shownFields('work_order', fields, {
      asset: { asset_id: view.assetId },
      status: { status: view.status, is_overdue: view.isOverdue, hub_status: fields.status ?? null },
      assignee: { assigned_to: view.assignedTo, assignee_id: fields.assignee ?? null },
      requestedBy: { requested_by: view.requestedBy },
      tasks: { steps: (fields.tasks ?? []).map((one) => shownStep(one)) },
      plannedParts: { parts: (fields.plannedParts ?? []).map((one) => shownPart(one)) },
      parts: {
        parts_used: (fields.parts ?? []).map((one) => ({
          part_id: one.part,
          part_number: names.get(one.part) ?? null,
          quantity: one.quantity,
        })),
      },
      labour: { labour: (fields.labour ?? []).map((one) => shownLabour(one, names)) },
    }),
    created_at: view.createdAt,
    updated_at: view.updatedAt,
  };
}
