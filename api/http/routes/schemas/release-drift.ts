import { z } from 'zod';
import { releaseDrift } from '../../../../plant/schemas/schemas.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { driftIds } from './shapes.ts';

export const releaseConnectionDrift = route({
  method: 'POST',
  url: '/cmms/connections/:id/drift/release',
  id: 'releaseConnectionDrift',
  tag: 'Mappings',
  summary: 'Release held mapping rules',
  description:
    "The rules apply again to the system's schema as it is now. A field that is still missing there is empty, and the hub takes that for its value.",
  permission: 'mappings:update',
  params: idParams,
  body: driftIds,
  responses: { 200: envelope({ count: z.number().int() }) },
  example: { params: { id: EXAMPLE.schemaConnection }, body: { drift: [EXAMPLE.drift] } },
  async handle({ deps, person, params, body }) {
    const rows = await releaseDrift({ ...person, schemas: deps.schemas }, params.id, body.drift);
    return { body: { success: true, count: rows.length } };
  },
});
