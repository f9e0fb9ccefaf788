/** A work order's fields as the hub stores them, typed, and figures that follow from them. */
import type { z } from 'zod';
import type { Exact, FieldsOf } from '../../domain/entities/field-table.ts';
import type { labourLine, orderStep, partLine, WORK_ORDER_FIELDS } from '../../domain/entities/work-order.ts';
import type { JsonObject } from '../../domain/json.ts';

export type OrderFields = FieldsOf<typeof WORK_ORDER_FIELDS>;
/** Its sequence is its place in the order and its identity. */
export type OrderStep = Exact<z.infer<typeof orderStep>>;
export type PartLine = Exact<z.infer<typeof partLine>>;
/** `person` is a hub id. */
export type LabourLine = Exact<z.infer<typeof labourLine>>;

/** The store checked them when they were written. */
export function orderFields(record: { fields: JsonObject }): OrderFields {
  return record.fields as unknown as OrderFields;
}

/** Cents and seconds are what figures are kept to; sums of decimals would show their binary rest. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

export function lineCost({ quantity, unitCost }: Pick<PartLine, 'quantity' | 'unitCost'>): number {
  return rounded(quantity * (unitCost ?? 0));
}

/**
 * Minutes that completed steps and booked labour tell of. Both describe the same work, so the larger counts and not the sum;
 * null when nothing was recorded.
 */
export function recordedMinutes({ tasks = [], labour = [] }: OrderFields): number | null {
  const steps = tasks
    .filter(({ status }) => status === 'completed')
    .reduce((sum, step) => sum + (step.actualMinutes ?? 0), 0);
  const booked = labour.reduce((sum, entry) => sum + entry.minutes, 0);
  const minutes = rounded(Math.max(steps, booked));
  return minutes > 0 ? minutes : null;
}
