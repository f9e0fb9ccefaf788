import { z } from 'zod';
import { lookNow } from '../../../../plant/schemas/schemas.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const discoverSchema = route({
  method: 'POST',
  url: '/cmms/connections/:id/discover',
  id: 'discoverConnectionSchema',
  tag: 'Mappings',
  summary: 'Discover the schema of a connected system',
  description: 'Asks the system now. If it cannot be asked, the result says so; the request itself succeeds.',
  permission: 'connections:test',
  params: idParams,
  responses: {
    200: envelope({
      result: z.object({
        failure: z.object({ kind: z.string(), message: z.string() }).nullable(),
        found: z.number().int().meta({ description: 'Drifts that were not known before.' }),
        ended: z.number().int().meta({ description: 'Drifts that are over.' }),
      }),
    }),
  },
  example: { params: { id: EXAMPLE.schemaConnection } },
  async handle({ deps, person, params }) {
    const result = await lookNow({ ...person, schemas: deps.schemas }, params.id);
    return { body: { success: true, result } };
  },
});
