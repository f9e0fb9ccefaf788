/** The closed word lists of the domain (reference/api 3.1, extended by the maintenance reference 1 and 3). */

/** Stored states of a work order. `overdue` is an overlay computed from the due date, never stored. */
export const WORK_ORDER_STATUSES = [
  'requested',
  'scheduled',
  'in_progress',
  'on_hold',
  'completed',
  'closed',
  'cancelled',
] as const;
export const HOLD_REASONS = ['parts', 'plant', 'schedule', 'labour', 'approval', 'safety', 'other'] as const;
export const PRIORITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;
export const MAINTENANCE_TYPES = [
  'preventive',
  'corrective',
  'predictive',
  'emergency',
  'inspection',
  'calibration',
  'cleaning',
  'lubrication',
  'project',
  'other',
] as const;
export const REQUEST_STATUSES = ['submitted', 'approved', 'rejected', 'resolved', 'cancelled'] as const;
export const ASSET_STATUSES = [
  'operational',
  'standby',
  'maintenance',
  'repair',
  'testing',
  'spare',
  'retired',
  'decommissioned',
] as const;
/** What each asset status means for indicators (maintenance reference, section 3). */
export const ASSET_TIME_CLASS = {
  operational: 'up',
  standby: 'up_not_required',
  maintenance: 'planned_down',
  repair: 'failure_down',
  testing: 'planned_down',
  spare: 'outside',
  retired: 'outside',
  decommissioned: 'outside',
} as const satisfies Record<(typeof ASSET_STATUSES)[number], string>;
export const ASSET_CONDITIONS = ['excellent', 'good', 'fair', 'poor', 'critical'] as const;
export const ASSET_TYPES = [
  'equipment',
  'machinery',
  'vehicle',
  'building',
  'infrastructure',
  'tool',
  'instrument',
  'system',
  'component',
] as const;
export const LOCATION_KINDS = ['site', 'area', 'position', 'store', 'other'] as const;
export const METER_KINDS = ['counter', 'gauge', 'observation'] as const;
export const TASK_STATUSES = ['pending', 'in_progress', 'completed', 'skipped'] as const;
export const PART_LINE_STATUSES = ['required', 'issued', 'used', 'returned'] as const;
export const TRIGGER_TYPES = [
  'time_based',
  'usage_based',
  'condition_based',
  'manual',
  'event_based',
] as const;
export const PLAN_FREQUENCIES = ['hour', 'day', 'week', 'month', 'year'] as const;
/** How a due date follows from the last: from the calendar, from the completion, or part of the delay. */
export const PLAN_BASES = ['fixed', 'floating', 'shifted'] as const;

export type WorkOrderStatus = (typeof WORK_ORDER_STATUSES)[number];
export type Priority = (typeof PRIORITIES)[number];
