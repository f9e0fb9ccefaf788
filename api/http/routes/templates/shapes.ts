/** Templates of work orders as the API takes and shows them. */
import { z } from 'zod';
import { ASSET_TYPES, MAINTENANCE_TYPES } from '../../../../domain/entities/vocabulary.ts';
import type { TemplateInput, createTemplate } from '../../../../plant/work-orders/templates.ts';
import { booleanInput, instantOutput, uuid } from '../../frame/shapes.ts';
import {
  hours,
  line,
  money,
  priority,
  shownPriority,
  shownStep,
  step,
  stepFrom,
  stepsInput,
  text,
  toHours,
} from '../work-orders/shapes.ts';

export const templateFields = {
  name: line,
  description: text.nullish(),
  work_order_type: z.enum(MAINTENANCE_TYPES).optional().meta({ description: 'preventive when absent.' }),
  asset_type: z.enum(ASSET_TYPES).nullish(),
  priority: priority.optional().meta({ description: 'medium when absent.' }),
  steps: stepsInput.optional(),
  estimated_hours: hours.nullish().meta({ description: 'Hours; the sum of the steps when absent.' }),
  estimated_cost: money.nullish(),
  safety_requirements: text.nullish(),
  special_instructions: text.nullish(),
  is_active: booleanInput.optional(),
} as const;

type Fields = z.output<z.ZodObject<typeof templateFields>>;
type Body = { [K in keyof Fields]?: Fields[K] | undefined };

export function templateInput(body: Body): TemplateInput {
  const { estimated_hours: estimated } = body;
  return {
    name: body.name,
    description: body.description,
    workOrderType: body.work_order_type,
    assetType: body.asset_type,
    priority: body.priority,
    steps: body.steps?.map((one) => stepFrom(one)),
    estimatedMinutes: typeof estimated === 'number' ? estimated * 60 : estimated,
    estimatedCost: body.estimated_cost,
    safetyRequirements: body.safety_requirements,
    specialInstructions: body.special_instructions,
    isActive: body.is_active,
  };
}

export const template = z.object({
  id: uuid,
  version: z.number().int(),
  name: z.string(),
  description: z.string().nullable(),
  work_order_type: z.enum(MAINTENANCE_TYPES),
  asset_type: z.enum(ASSET_TYPES).nullable(),
  priority: priority.nullable(),
  steps: z.array(step),
  estimated_hours: z.number().nullable(),
  estimated_cost: z.number().nullable(),
  safety_requirements: z.string().nullable(),
  special_instructions: z.string().nullable(),
  is_active: z.boolean(),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function shownTemplate(row: Awaited<ReturnType<typeof createTemplate>>): z.output<typeof template> {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    description: row.description,
    work_order_type: row.workOrderType,
    asset_type: row.assetType,
    priority: shownPriority(row.priority),
    steps: row.steps.map(({ status: _status, ...one }) => shownStep(one)),
    estimated_hours: toHours(row.estimatedMinutes ?? undefined),
    estimated_cost: row.estimatedCost,
    safety_requirements: row.safetyRequirements,
    special_instructions: row.specialInstructions,
    is_active: row.isActive,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
