import { z } from 'zod';
import { acknowledgeAssetAlert } from '../../../../plant/assets/alerts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { line } from '../plain-records/shapes.ts';
import { alert, alertParams } from './shapes.ts';

export const acknowledgeAlert = route({
  method: 'POST',
  url: '/assets/:asset_id/alerts/:alert_id/acknowledge',
  id: 'acknowledgeAlert',
  tag: 'Alerts',
  summary: 'Acknowledge an alert',
  description: 'Records that somebody has seen it. The first person is kept: a second call changes nothing.',
  permission: 'alerts:update',
  wakes: false,
  params: alertParams,
  queryAsBody: true,
  body: z.strictObject({ acknowledged_by: line.nullish().meta({ description: 'The caller when absent.' }) }),
  responses: { 200: envelope({ alert }) },
  example: {
    params: { asset_id: EXAMPLE.assetTag, alert_id: EXAMPLE.alert },
    body: { acknowledged_by: 'supervisor_1' },
  },
  async handle({ person, params, body }) {
    const { asset_id: assetId, alert_id: alertId } = params;
    const changed = await acknowledgeAssetAlert(person, assetId, alertId, body.acknowledged_by ?? null);
    return { body: { success: true, alert: changed, message: 'The alert is acknowledged.' } };
  },
});
