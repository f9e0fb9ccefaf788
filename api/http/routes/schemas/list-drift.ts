import { z } from 'zod';
import { readDrift } from '../../../../plant/schemas/schemas.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { idParams, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { drift, shownDrift } from './shapes.ts';

export const listConnectionDrift = route({
  method: 'GET',
  url: '/cmms/connections/:id/drift',
  id: 'listConnectionDrift',
  tag: 'Mappings',
  summary: 'List schema drift',
  description: "Where the system's schema no longer fits the mapping rules, oldest first.",
  permission: 'mappings:read',
  params: idParams,
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['open', 'all']).default('open').meta({ description: 'all: also those that are over.' }),
  }),
  responses: { 200: listEnvelope('drift', drift) },
  example: { params: { id: EXAMPLE.schemaConnection }, query: {} },
  async handle({ person, params, query }) {
    const page = await readPage(query, BY_ID, (after, limit) =>
      readDrift(person, params.id, { open: query.status === 'open', after, limit }),
    );
    return pageAnswer('drift', page, shownDrift);
  },
});
