/**
 * `overdue` is an overlay over the stored status of a work order, never a state of its own: a stored one cannot be closed
 * any more once somebody forgets to take it back (maintenance reference, decision 9).
 */
import type { JsonObject } from '../json.ts';
import type { WorkOrderStatus } from '../entities/vocabulary.ts';

const OPEN: readonly WorkOrderStatus[] = ['requested', 'scheduled', 'in_progress', 'on_hold'];

export interface DueState {
  /** What a list shows: `overdue` replaces `scheduled` only, because work under way or on hold keeps its own word. */
  shown: WorkOrderStatus | 'overdue' | null;
  /** True for any open order whose due instant and tolerance are past. */
  isOverdue: boolean;
}

/** Example: a scheduled order due yesterday, tolerance 0, shows as `overdue`; one in progress shows as `in_progress` and is overdue. */
export function dueState(workOrder: JsonObject, nowMs: number, toleranceMs = 0): DueState {
  const status = (workOrder['status'] ?? null) as WorkOrderStatus | null;
  const dueAt = workOrder['dueAt'];
  const isOverdue =
    status !== null &&
    OPEN.includes(status) &&
    typeof dueAt === 'string' &&
    nowMs > Date.parse(dueAt) + toleranceMs;
  return { shown: isOverdue && status === 'scheduled' ? 'overdue' : status, isOverdue };
}
