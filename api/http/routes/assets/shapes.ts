/** Assets, their histories and alerts as the API takes and shows them. */
import { z } from 'zod';
import { ASSET_CONDITIONS, ASSET_STATUSES, ASSET_TYPES } from '../../../../domain/entities/vocabulary.ts';
import { ALERT_TYPES } from '../../../../plant/assets/alert-rules.ts';
import { timeAndId } from '../../frame/pages.ts';
import {
  decodeCursor,
  encodeCursor,
  instantInput,
  instantOutput,
  pageQuery,
  uuid,
} from '../../frame/shapes.ts';
import { inputShape, shownShape } from '../plain-records/field-shapes.ts';
import { recordShape } from '../plain-records/shapes.ts';

/** Addresses hold at most 300 characters of it. */
export const assetId = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: 'Tag of the asset; its hub number or hub id also serve.', example: 'EX-301' });
export const assetParams = z.strictObject({ asset_id: z.string().min(1).max(300) });
export const alertParams = z.strictObject({ asset_id: z.string().min(1).max(300), alert_id: uuid });

export const assetType = z.enum(ASSET_TYPES);
export const assetStatus = z.enum(ASSET_STATUSES);
export const assetCondition = z.enum(ASSET_CONDITIONS);
export const alertType = z.enum(ALERT_TYPES);
export const alertSeverity = z.enum(['low', 'medium', 'high', 'critical']);

const { asset_id: _id, asset_type: _type, ...optional } = inputShape('asset');
/** What may be left out at registration, and be null in a change to clear it. */
export const optionalFields = optional;

export const assetLocation = z.object({
  id: uuid.nullable().meta({ description: 'Null: nobody reported it; the record of the asset says so.' }),
  asset_id: z.string(),
  location_name: z.string(),
  location_id: uuid.nullable().meta({ description: 'Hub id of the location with this name.' }),
  building: z.string().nullable(),
  floor: z.string().nullable(),
  room: z.string().nullable(),
  coordinates: z.array(z.number()).length(2).nullable().meta({ description: 'Latitude and longitude.' }),
  address: z.string().nullable(),
  zone: z.string().nullable(),
  department: z.string().nullable(),
  timestamp: instantOutput,
  updated_by: z.string().nullable(),
});

export const assessment = z.object({
  id: uuid.nullable().meta({ description: 'Null: nobody assessed it; the record of the asset says so.' }),
  asset_id: z.string(),
  condition: assetCondition,
  assessment_date: instantOutput,
  assessed_by: z.string().nullable(),
  notes: z.string().nullable(),
  visual_inspection: z.string().nullable(),
  functional_test: z.string().nullable(),
  performance_metrics: z.record(z.string(), z.union([z.number(), z.string()])),
  recommendations: z.string().nullable(),
  next_assessment_date: instantOutput.nullable(),
});

export const asset = z.object({
  ...recordShape,
  id: z.string().meta({ description: 'The same as asset_id.' }),
  hub_id: uuid,
  ...shownShape('asset', {
    tag: { asset_id: z.string() },
    condition: { current_condition: assessment.nullable() },
  }),
  current_location: assetLocation.nullable(),
  last_maintenance: instantOutput.nullable(),
  next_maintenance: instantOutput
    .nullable()
    .meta({ description: 'Of the schedules and open tasks it is in.' }),
  total_operating_hours: z.number().nullable(),
  total_cost: z.number().nullable().meta({ description: 'Of its maintenance.' }),
});

const figure = z.number().nullable();
export const performance = z.object({
  id: uuid,
  asset_id: z.string(),
  timestamp: instantOutput,
  uptime_percentage: z.number(),
  efficiency_rating: z.number(),
  throughput: figure,
  energy_consumption: figure,
  temperature: figure,
  vibration: figure,
  pressure: figure,
  speed: figure,
  load_percentage: figure,
  operating_hours: figure,
  maintenance_hours: figure,
  cost_per_hour: figure,
  error_count: z.number().int(),
  warning_count: z.number().int(),
});

export const alert = z.object({
  id: uuid,
  asset_id: z.string(),
  alert_type: alertType,
  severity: alertSeverity,
  message: z.string(),
  timestamp: instantOutput,
  last_seen: instantOutput.meta({ description: 'When the condition was last met while the alert was open.' }),
  seen_count: z.number().int(),
  is_acknowledged: z.boolean(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: instantOutput.nullable(),
  is_resolved: z.boolean(),
  resolved_by: z.string().nullable(),
  resolved_at: instantOutput.nullable(),
  resolution_notes: z.string().nullable(),
});

export const rangeQuery = {
  start_date: instantInput.optional().meta({ description: 'Inclusive.' }),
  end_date: instantInput.optional().meta({ description: 'Inclusive.' }),
} as const;

export const historyQuery = z.strictObject({ ...pageQuery, ...rangeQuery });

/** Where a page of rows in order of time starts. */
export function rowPosition(cursor: string | undefined): { at: string; id: string } | null {
  return decodeCursor(cursor, timeAndId);
}

export function rowCursor(next: { at: string; id: string } | null): string | null {
  return next === null ? null : encodeCursor([next.at, next.id]);
}

export function historyPage(query: z.output<typeof historyQuery>) {
  const { start_date: from = null, end_date: to = null, cursor, limit } = query;
  return { from, to, after: rowPosition(cursor), limit };
}
