import { z } from 'zod';
import { discardQuarantined as discard, showQuarantined } from '../../../../plant/exceptions/quarantine.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { quarantined, shownQuarantined } from './shapes.ts';

export const discardQuarantined = route({
  method: 'POST',
  url: '/quarantine/:id/discard',
  id: 'discardQuarantined',
  tag: 'Quarantine',
  summary: 'Discard a quarantined record',
  description:
    'Gives the record up, for a reason. The same content does not return to quarantine; changed content is tried as usual.',
  permission: 'quarantine:resolve',
  wakes: false,
  params: idParams,
  body: z.strictObject({ reason: z.string().trim().min(1).max(2_000) }),
  responses: { 200: envelope({ quarantined }) },
  example: { params: { id: EXAMPLE.quarantined }, body: { reason: 'A test record of the contractor' } },
  async handle({ person, params, body }) {
    await discard(person, { id: params.id, reason: body.reason });
    const row = await showQuarantined(person, params.id);
    return { body: { success: true, quarantined: shownQuarantined(row) } };
  },
});
