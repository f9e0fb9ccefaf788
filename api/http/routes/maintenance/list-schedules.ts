import { z } from 'zod';
import { listSchedules as list } from '../../../../plant/maintenance/schedules.ts';
import { pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { booleanInput, instantInput, listEnvelope } from '../../frame/shapes.ts';
import { bySort, sortedPageQuery } from '../work-orders/pages.ts';
import { maintenanceType, schedule, shownSchedule } from './shapes.ts';

export const listSchedules = route({
  method: 'GET',
  url: '/maintenance/schedules',
  id: 'listMaintenanceSchedules',
  tag: 'Maintenance',
  summary: 'List maintenance schedules',
  description: 'A schedule is listed when it matches every filter exactly.',
  permission: 'maintenance:read',
  query: z.strictObject({
    ...sortedPageQuery,
    is_active: booleanInput.optional(),
    maintenance_type: maintenanceType.optional(),
    due_before: instantInput.optional().meta({ description: 'next_scheduled before this instant.' }),
    updated_since: instantInput.optional(),
  }),
  responses: { 200: listEnvelope('schedules', schedule) },
  example: { query: { is_active: 'true', limit: '10' } },
  async handle({ person, query }) {
    const filter = {
      isActive: query.is_active,
      type: query.maintenance_type,
      dueBefore: query.due_before,
      updatedSince: query.updated_since,
    };
    const { sort } = query;
    const page = await readPage(query, bySort(sort), (after, limit) =>
      list(person, filter, { sort, after, limit }),
    );
    return pageAnswer('schedules', page, shownSchedule);
  },
});
