import { z } from 'zod';
import { readSchema } from '../../../../plant/schemas/schemas.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams, instantOutput } from '../../frame/shapes.ts';
import { discoveredEntity, shownEntity } from './shapes.ts';

export const getSchema = route({
  method: 'GET',
  url: '/cmms/connections/:id/schema',
  id: 'getConnectionSchema',
  tag: 'Mappings',
  summary: 'Get the schema of a connected system',
  description:
    'What the system says its records look like, by entity, as last seen. Passes look again once an hour, and before they read everything.',
  permission: 'mappings:read',
  params: idParams,
  responses: {
    200: envelope({
      looked_at: instantOutput.nullable(),
      failure: z
        .object({ kind: z.string(), message: z.string() })
        .nullable()
        .meta({ description: 'Why the last look saw nothing.' }),
      entities: z.array(discoveredEntity),
    }),
  },
  example: { params: { id: EXAMPLE.schemaConnection } },
  async handle({ person, params }) {
    const { look, entities } = await readSchema(person, params.id);
    return {
      body: {
        success: true,
        looked_at: look?.lookedAt.toISOString() ?? null,
        failure: look?.failure ?? null,
        entities: entities.map(shownEntity),
      },
    };
  },
});
