/** A work order's fields as the hub stores them, typed, and figures that follow from them. */
import type {
  HOLD_REASONS,
  MAINTENANCE_TYPES,
  Priority,
  WorkOrderStatus,
} from '../../domain/entities/vocabulary.ts';
import type { PART_LINE_STATUSES, TASK_STATUSES } from '../../domain/entities/vocabulary.ts';
import type { JsonObject } from '../../domain/json.ts';

export interface OrderStep {
  /** Its place in the order and its identity. */
  sequence: number;
  title: string;
  description?: string;
  status?: (typeof TASK_STATUSES)[number];
  estimatedMinutes?: number;
  actualMinutes?: number;
  completedAt?: string;
  completedBy?: string;
  notes?: string;
}

export interface PartLine {
  line: number;
  partId?: string;
  partNumber: string;
  description?: string;
  quantity: number;
  unitCost?: number;
  status: (typeof PART_LINE_STATUSES)[number];
  issuedAt?: string;
  usedAt?: string;
  by?: string;
}

export interface LabourLine {
  /** Hub id. */
  person: string;
  minutes: number;
  startedAt?: string;
}

export interface OrderFields {
  title: string;
  description?: string;
  status?: WorkOrderStatus;
  holdReason?: (typeof HOLD_REASONS)[number];
  priority?: Priority;
  type?: (typeof MAINTENANCE_TYPES)[number];
  category?: string;
  asset?: string;
  location?: string;
  plan?: string;
  requestedBy?: string;
  assignee?: string;
  assigneeName?: string;
  assignedTeam?: string;
  requestedAt?: string;
  scheduledStart?: string;
  scheduledEnd?: string;
  dueAt?: string;
  startedAt?: string;
  completedAt?: string;
  estimatedMinutes?: number;
  actualMinutes?: number;
  estimatedCost?: number;
  actualCost?: number;
  place?: string;
  notes?: string;
  findings?: string;
  recommendations?: string;
  safetyRequirements?: string;
  specialInstructions?: string;
  tasks?: OrderStep[];
  /** Parts used, one line a part. */
  parts?: { part: string; quantity: number }[];
  plannedParts?: PartLine[];
  labour?: LabourLine[];
  customFields?: JsonObject;
}

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
