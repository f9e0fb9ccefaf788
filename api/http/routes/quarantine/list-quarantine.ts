import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listQuarantine as list } from '../../../../plant/exceptions/quarantine.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { quarantined, shownQuarantined } from './shapes.ts';

export const listQuarantine = route({
  method: 'GET',
  url: '/quarantine',
  id: 'listQuarantine',
  tag: 'Quarantine',
  summary: 'List quarantined records',
  description: 'Oldest first.',
  permission: 'quarantine:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    entity: z.enum(ENTITIES).optional(),
  }),
  responses: { 200: listEnvelope('quarantine', quarantined) },
  example: { query: { limit: '20' } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_ID, (after, limit) =>
      list(
        person,
        {
          ...(query.connection_id === undefined ? {} : { connection: query.connection_id }),
          ...(query.entity === undefined ? {} : { entity: query.entity }),
        },
        { limit, ...(after === null ? {} : { after }) },
      ),
    );
    return pageAnswer('quarantine', page, shownQuarantined);
  },
});
