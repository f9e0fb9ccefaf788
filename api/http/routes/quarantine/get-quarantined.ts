import { showQuarantined } from '../../../../plant/exceptions/quarantine.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { quarantined, shownQuarantined } from './shapes.ts';

export const getQuarantined = route({
  method: 'GET',
  url: '/quarantine/:id',
  id: 'getQuarantined',
  tag: 'Quarantine',
  summary: 'Get a quarantined record',
  description: 'Includes its data and the reasons it is in quarantine.',
  permission: 'quarantine:read',
  params: idParams,
  responses: { 200: envelope({ quarantined }) },
  example: { params: { id: EXAMPLE.quarantined } },
  async handle({ person, params }) {
    const row = await showQuarantined(person, params.id);
    return { body: { success: true, quarantined: shownQuarantined(row) } };
  },
});
