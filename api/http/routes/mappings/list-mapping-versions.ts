import { inSnakeCase } from '../../../../domain/case.ts';
import { z } from 'zod';
import { listVersions } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { mappingParams, mappingVersion } from './shapes.ts';

export const listMappingVersions = route({
  method: 'GET',
  url: '/cmms/connections/:id/mappings/:entity/versions',
  id: 'listMappingVersions',
  tag: 'Mappings',
  summary: 'List the versions of a mapping',
  description: 'Every set of rules the connection had, newest first.',
  permission: 'mappings:read',
  params: mappingParams,
  responses: { 200: envelope({ versions: z.array(mappingVersion), count: z.number().int() }) },
  example: { params: { id: EXAMPLE.connection, entity: 'asset' } },
  async handle({ person, params }) {
    const rows = await listVersions(person, params.id, params.entity);
    return {
      body: {
        success: true,
        versions: rows.map(({ document, entity: _entity, createdAt, ...row }) => ({
          ...inSnakeCase(row),
          override: document,
          created_at: createdAt.toISOString(),
        })),
        count: rows.length,
      },
    };
  },
});
