import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listReviews } from '../../../../plant/exceptions/reviews.ts';
import { pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { match, shownMatch } from './shapes.ts';

const BY_EXTERNAL_RECORD = {
  position: z.tuple([z.uuid(), z.string(), z.string()]),
  cells: (row: { connectionId: string; entity: string; externalId: string }) => [
    row.connectionId,
    row.entity,
    row.externalId,
  ],
};

export const listMatches = route({
  method: 'GET',
  url: '/matches',
  id: 'listMatches',
  tag: 'Match review',
  summary: 'List matches that wait for a decision',
  description: 'Vendor records that may be one of several hub records, with the candidates.',
  permission: 'matches:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    entity: z.enum(ENTITIES).optional(),
  }),
  responses: { 200: listEnvelope('matches', match) },
  example: { query: { entity: 'asset' } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_EXTERNAL_RECORD, (after, limit) =>
      listReviews(
        person,
        {
          ...(query.connection_id === undefined ? {} : { connection: query.connection_id }),
          ...(query.entity === undefined ? {} : { entity: query.entity }),
        },
        { limit, ...(after === null ? {} : { after }) },
      ),
    );
    return pageAnswer('matches', page, shownMatch);
  },
});
