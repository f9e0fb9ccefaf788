import { z } from 'zod';
import { readDrift } from '../../../operations/schemas.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, idParams, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { drift, shownDrift } from './shapes.ts';

export const listConnectionDrift = route({
  method: 'GET',
  url: '/cmms/connections/:id/drift',
  id: 'listConnectionDrift',
  tag: 'Mappings',
  summary: "Where the system's schema drifted away from under mapping rules, oldest first",
  permission: 'mappings:read',
  params: idParams,
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['open', 'all']).default('open').meta({ description: 'all: also those that are over.' }),
  }),
  responses: { 200: listEnvelope('drift', drift) },
  example: { params: { id: EXAMPLE.schemaConnection }, query: {} },
  async handle({ person, params, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const found = await readDrift(person, params.id, {
      open: query.status === 'open',
      after: position?.[0] ?? null,
      limit: query.limit + 1,
    });
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        drift: page.map(shownDrift),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
