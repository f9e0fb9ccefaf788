import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listQuarantine as list } from '../../../operations/quarantine.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { quarantined, shownQuarantined } from './shapes.ts';

export const listQuarantine = route({
  method: 'GET',
  url: '/quarantine',
  id: 'listQuarantine',
  tag: 'Quarantine',
  summary: 'Lists quarantined records, oldest first',
  permission: 'quarantine:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    entity: z.enum(ENTITIES).optional(),
  }),
  responses: { 200: listEnvelope('quarantine', quarantined) },
  example: { query: { limit: '20' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const found = await list(
      person,
      {
        ...(query.connection_id === undefined ? {} : { connection: query.connection_id }),
        ...(query.entity === undefined ? {} : { entity: query.entity }),
      },
      { limit: query.limit + 1, ...(position === null ? {} : { after: position[0] }) },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        quarantine: page.map(shownQuarantined),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
