import { z } from 'zod';
import { maintenanceHistory } from '../../../operations/maintenance-history.ts';
import type { OrderView } from '../../../operations/work-orders-view.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import {
  decodeCursor,
  encodeCursor,
  instantOutput,
  listEnvelope,
  pageQuery,
  uuid,
} from '../../frame/shapes.ts';
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

export const listMaintenanceHistory = route({
  method: 'GET',
  url: '/maintenance/history',
  id: 'listMaintenanceHistory',
  tag: 'Maintenance',
  summary: 'Lists completed work, newest completion first',
  description: 'Work with and without a schedule, also what was completed in connected systems.',
  permission: 'maintenance:read',
  query: z
    .strictObject({
      ...pageQuery,
      ...rangeQuery,
      asset_id: assetId.optional(),
      schedule_id: uuid.optional(),
      maintenance_type: maintenanceType.optional(),
    })
    .refine(inOrder, OUT_OF_ORDER),
  responses: { 200: listEnvelope('history', historyEntry) },
  example: { query: { asset_id: EXAMPLE.assetTag, limit: '10' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]));
    const before = position === null ? null : { at: position[0], id: position[1] };
    const found = await maintenanceHistory(
      person,
      {
        assetId: query.asset_id,
        scheduleId: query.schedule_id,
        type: query.maintenance_type,
        from: query.start_date,
        to: query.end_date,
      },
      { before, limit: query.limit + 1 },
    );
    const history = found.slice(0, query.limit).map((one) => shownHistory(one));
    const last = found.length > query.limit ? history.at(-1) : undefined;
    return {
      body: {
        success: true,
        history,
        count: history.length,
        next_cursor: last === undefined ? null : encodeCursor([last.actual_end, last.id]),
      },
    };
  },
});
