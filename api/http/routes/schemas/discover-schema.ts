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
  summary: "Looks at the system's schema now",
  description: 'What is wrong is the result, not an error of this request.',
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
