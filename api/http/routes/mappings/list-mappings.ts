import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';

export const listMappings = route({
  method: 'GET',
  url: '/mappings',
  id: 'listMappings',
  tag: 'Mappings',
  summary: 'List the shipped mappings',
  description: 'By system and entity.',
  permission: 'mappings:read',
  query: z.strictObject({ system: z.string().max(100).optional() }),
  responses: {
    200: envelope({
      mappings: z.array(
        z.object({
          system: z.string(),
          entity: z.enum(ENTITIES),
          file: z.string(),
          object: z.string(),
          version: z.string(),
        }),
      ),
      count: z.number().int(),
    }),
  },
  example: { query: { system: 'upkeep' } },
  async handle({ deps, query }) {
    const all = deps.mappings.list();
    const mappings = all.filter(({ system }) => query.system === undefined || system === query.system);
    return { body: { success: true, mappings, count: mappings.length } };
  },
});
