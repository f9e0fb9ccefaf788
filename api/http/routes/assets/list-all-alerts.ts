import { z } from 'zod';
import { listAssetAlerts as list } from '../../../../plant/assets/alerts.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope } from '../../frame/shapes.ts';
import { alertFilter, alertQuery } from './list-alerts.ts';
import { alert, rowCursor, rowPosition } from './shapes.ts';

export const listAlerts = route({
  method: 'GET',
  url: '/alerts',
  id: 'listAlerts',
  tag: 'Alerts',
  summary: 'List the alerts of all assets',
  description: 'Newest first.',
  permission: 'alerts:read',
  query: z.strictObject(alertQuery),
  responses: { 200: listEnvelope('alerts', alert) },
  example: { query: { is_resolved: 'false', severity: 'high' } },
  async handle({ person, query }) {
    const { alerts, next } = await list(person, null, alertFilter(query), {
      before: rowPosition(query.cursor),
      limit: query.limit,
    });
    return pageAnswer('alerts', { rows: alerts, next: rowCursor(next) });
  },
});
