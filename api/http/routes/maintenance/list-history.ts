import { z } from 'zod';
import { maintenanceHistory, type AssetChoice } from '../../../../plant/maintenance/history.ts';
import type { PersonDeps } from '../../../../plant/person.ts';
import type { OrderView } from '../../../../plant/work-orders/view.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer, readPage, timeAndId } from '../../frame/pages.ts';
import { route, type Answer } from '../../frame/route.ts';
import { instantOutput, listEnvelope, pageQuery, recordId, uuid } from '../../frame/shapes.ts';
import { assetParams } from '../assets/shapes.ts';
import { assetId } from '../work-orders/shapes.ts';
import { inOrder, maintenanceType, OUT_OF_ORDER, rangeQuery } from './shapes.ts';

export const historyEntry = z.object({
  id: uuid.meta({ description: 'Id of the work order.' }),
  task_id: uuid,
  work_order_number: z.string(),
  schedule_id: z.string().nullable(),
  asset_id: z.string().nullable(),
  title: z.string(),
  maintenance_type: maintenanceType.nullable(),
  status: z.literal('completed'),
  scheduled_start: instantOutput.nullable(),
  actual_start: instantOutput.nullable(),
  actual_end: instantOutput,
  duration: z.number().nullable().meta({ description: 'Minutes.' }),
  cost: z.number().nullable(),
  performed_by: z.string().nullable(),
  notes: z.string().nullable(),
  findings: z.string().nullable(),
  recommendations: z.string().nullable(),
  parts_used: z.array(z.string()).meta({ description: 'Part numbers.' }),
});

export function shownHistory(view: OrderView): z.output<typeof historyEntry> {
  const { fields, names } = view;
  const lines = (fields.plannedParts ?? []).filter(({ status }) => status === 'used');
  const numbers = [
    ...lines.map(({ partNumber }) => partNumber),
    ...(fields.parts ?? []).flatMap(({ part }) => names.get(part) ?? []),
  ];
  return {
    id: view.id,
    task_id: view.id,
    work_order_number: view.number,
    schedule_id: fields.plan ?? null,
    asset_id: view.assetId,
    title: fields.title,
    maintenance_type: fields.type ?? null,
    status: 'completed',
    scheduled_start: fields.scheduledStart ?? null,
    actual_start: fields.startedAt ?? null,
    actual_end: fields.completedAt ?? '',
    duration: fields.actualMinutes ?? null,
    cost: fields.actualCost ?? null,
    performed_by: view.assignedTo,
    notes: fields.notes ?? null,
    findings: fields.findings ?? null,
    recommendations: fields.recommendations ?? null,
    parts_used: [...new Set(numbers)],
  };
}

const historyQuery = {
  ...pageQuery,
  ...rangeQuery,
  schedule_id: recordId.optional(),
  maintenance_type: maintenanceType.optional(),
} as const;

type HistoryInput = z.output<z.ZodObject<typeof historyQuery>>;

const BY_COMPLETION = {
  position: timeAndId,
  cells: ({ fields, id }: OrderView) => [fields.completedAt ?? '', id],
};

async function historyAnswer(person: PersonDeps, query: HistoryInput, asset: AssetChoice): Promise<Answer> {
  const filter = {
    ...asset,
    scheduleId: query.schedule_id,
    type: query.maintenance_type,
    from: query.start_date,
    to: query.end_date,
  };
  const page = await readPage(query, BY_COMPLETION, (before, limit) =>
    maintenanceHistory(person, filter, { before, limit }),
  );
  return pageAnswer('history', page, shownHistory);
}

export const listMaintenanceHistory = route({
  method: 'GET',
  url: '/maintenance/history',
  id: 'listMaintenanceHistory',
  tag: 'Maintenance',
  summary: 'List completed work',
  description:
    'Newest completion first. Covers work with and without a schedule, and work completed in connected systems.',
  permission: 'maintenance:read',
  query: z.strictObject({ ...historyQuery, asset_id: assetId.optional() }).refine(inOrder, OUT_OF_ORDER),
  responses: { 200: listEnvelope('history', historyEntry) },
  example: { query: { asset_id: EXAMPLE.assetTag, limit: '10' } },
  handle: ({ person, query }) => historyAnswer(person, query, { assetId: query.asset_id }),
});

/** The same of one asset, below the asset's own address. */
export const listAssetMaintenanceHistory = route({
  method: 'GET',
  url: '/assets/:asset_id/maintenance-history',
  id: 'listAssetMaintenanceHistory',
  tag: 'Assets',
  summary: 'List the completed work at an asset',
  description:
    'Newest completion first. Covers work with and without a schedule, and work completed in connected systems.',
  permission: 'maintenance:read',
  params: assetParams,
  query: z.strictObject(historyQuery).refine(inOrder, OUT_OF_ORDER),
  responses: { 200: listEnvelope('history', historyEntry) },
  example: { params: { asset_id: EXAMPLE.assetTag }, query: { limit: '10' } },
  handle: ({ person, params, query }) => historyAnswer(person, query, { atAsset: params.asset_id }),
});
