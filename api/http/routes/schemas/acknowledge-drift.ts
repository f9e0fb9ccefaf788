import { z } from 'zod';
import { acknowledgeDrift } from '../../../../plant/schemas/schemas.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { driftIds } from './shapes.ts';

export const acknowledgeConnectionDrift = route({
  method: 'POST',
  url: '/cmms/connections/:id/drift/acknowledge',
  id: 'acknowledgeConnectionDrift',
  tag: 'Mappings',

  summary: 'Acknowledge a schema change',
  description: 'Records that somebody knows about it. Rules that are held stay held.',
  permission: 'mappings:update',
  wakes: false,
  params: idParams,
  body: driftIds,
  responses: { 200: envelope({ count: z.number().int() }) },
  example: { params: { id: EXAMPLE.schemaConnection }, body: { drift: [EXAMPLE.drift] } },
  async handle({ person, params, body }) {
    const rows = await acknowledgeDrift(person, params.id, body.drift);
    return { body: { success: true, count: rows.length } };
  },
});
