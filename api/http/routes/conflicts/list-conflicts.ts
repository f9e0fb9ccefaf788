import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listConflicts as list } from '../../../operations/conflicts.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { conflict, shownConflict } from './shapes.ts';

export const listConflicts = route({
  method: 'GET',
  url: '/conflicts',
  id: 'listConflicts',
  tag: 'Conflicts',
  summary: 'Lists open conflicts, oldest first',
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
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const found = await list(
      person,
      {
        ...(query.connection_id === undefined ? {} : { connection: query.connection_id }),
        ...(query.entity === undefined ? {} : { entity: query.entity }),
        ...(query.field === undefined ? {} : { field: query.field }),
      },
      { limit: query.limit + 1, ...(position === null ? {} : { after: position[0] }) },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        conflicts: page.map(shownConflict),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
