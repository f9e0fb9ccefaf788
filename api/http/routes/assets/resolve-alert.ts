import { z } from 'zod';
import { resolveAssetAlert } from '../../../../plant/assets/alerts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { line, text } from '../plain-records/shapes.ts';
import { alert, alertParams } from './shapes.ts';

export const resolveAlert = route({
  method: 'POST',
  url: '/assets/:asset_id/alerts/:alert_id/resolve',
  id: 'resolveAlert',
  tag: 'Alerts',
  summary: 'Resolve an alert',
  description:
    'Records that its cause is over; no acknowledgement is needed. The first person is kept: a second call changes nothing. The next finding of this kind raises a new alert.',
  permission: 'alerts:update',
  wakes: false,
  params: alertParams,
  queryAsBody: true,
  body: z.strictObject({
    resolved_by: line.nullish().meta({ description: 'The caller when absent.' }),
    resolution_notes: text.nullish(),
  }),
  responses: { 200: envelope({ alert }) },
  example: {
    params: { asset_id: EXAMPLE.assetTag, alert_id: EXAMPLE.alert },
    body: { resolved_by: 'technician_1', resolution_notes: 'Cooler cleaned.' },
  },
  async handle({ person, params, body }) {
    const changed = await resolveAssetAlert(person, params.asset_id, params.alert_id, {
      by: body.resolved_by ?? null,
      notes: body.resolution_notes ?? null,
    });
    return { body: { success: true, alert: changed, message: 'The alert is resolved.' } };
  },
});
