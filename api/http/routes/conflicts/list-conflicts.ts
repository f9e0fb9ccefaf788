import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listConflicts as list } from '../../../../plant/exceptions/conflicts.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { conflict, shownConflict } from './shapes.ts';

export const listConflicts = route({
  method: 'GET',
  url: '/conflicts',
  id: 'listConflicts',
  tag: 'Conflicts',
  summary: 'List open conflicts',
  description: 'Oldest first.',
  permission: 'conflicts:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    entity: z.enum(ENTITIES).optional(),
    field: z.string().max(200).optional(),
  }),
  responses: { 200: listEnvelope('conflicts', conflict) },
  example: { query: { entity: 'asset' } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_ID, (after, limit) =>
      list(
        person,
        {
          ...(query.connection_id === undefined ? {} : { connection: query.connection_id }),
          ...(query.entity === undefined ? {} : { entity: query.entity }),
          ...(query.field === undefined ? {} : { field: query.field }),
        },
        { limit, ...(after === null ? {} : { after }) },
      ),
    );
    return pageAnswer('conflicts', page, shownConflict);
  },
});
