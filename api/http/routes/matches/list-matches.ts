import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listReviews } from '../../../operations/reviews.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { match, shownMatch } from './shapes.ts';

export const listMatches = route({
  method: 'GET',
  url: '/matches',
  id: 'listMatches',
  tag: 'Match review',
  summary: 'Lists first-link candidates that wait for a person',
  permission: 'matches:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    entity: z.enum(ENTITIES).optional(),
  }),
  responses: { 200: listEnvelope('matches', match) },
  example: { query: { entity: 'asset' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid(), z.string(), z.string()]));
    const found = await listReviews(
      person,
      {
        ...(query.connection_id === undefined ? {} : { connection: query.connection_id }),
        ...(query.entity === undefined ? {} : { entity: query.entity }),
      },
      { limit: query.limit + 1, ...(position === null ? {} : { after: position }) },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        matches: page.map(shownMatch),
        count: page.length,
        next_cursor:
          last === undefined ? null : encodeCursor([last.connection_id, last.entity, last.external_id]),
      },
    };
  },
});
