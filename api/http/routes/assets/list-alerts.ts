import { z } from 'zod';
import { listAssetAlerts as list } from '../../../../plant/assets/alerts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { booleanInput, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { alert, alertSeverity, alertType, assetParams, rowCursor, rowPosition } from './shapes.ts';

export const alertQuery = {
  ...pageQuery,
  alert_type: alertType.optional(),
  severity: alertSeverity.optional(),
  is_acknowledged: booleanInput.optional(),
  is_resolved: booleanInput.optional(),
} as const;

export type AlertQuery = z.output<z.ZodObject<typeof alertQuery>>;

export function alertFilter(query: AlertQuery) {
  return {
    alertType: query.alert_type,
    severity: query.severity,
    isAcknowledged: query.is_acknowledged,
    isResolved: query.is_resolved,
  };
}

export const listAssetAlerts = route({
  method: 'GET',
  url: '/assets/:asset_id/alerts',
  id: 'listAssetAlerts',
  tag: 'Alerts',
  summary: 'List the alerts of an asset',
  description: 'Newest first.',
  permission: 'alerts:read',
  params: assetParams,
  query: z.strictObject(alertQuery),
  responses: { 200: listEnvelope('alerts', alert) },
  example: { params: { asset_id: EXAMPLE.assetTag }, query: { is_resolved: 'false' } },
  async handle({ person, params, query }) {
    const { alerts, next } = await list(person, params.asset_id, alertFilter(query), {
      before: rowPosition(query.cursor),
      limit: query.limit,
    });
    return pageAnswer('alerts', { rows: alerts, next: rowCursor(next) });
  },
});
