import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listLinks as list } from '../../../operations/links.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { link, shownLink } from './shapes.ts';

export const listLinks = route({
  method: 'GET',
  url: '/links',
  id: 'listLinks',
  tag: 'Links',
  summary: 'Lists the links of a connection and entity, by external id',
  permission: 'links:read',
  query: z.strictObject({ ...pageQuery, connection_id: uuid, entity: z.enum(ENTITIES) }),
  responses: { 200: listEnvelope('links', link) },
  example: { query: { connection_id: EXAMPLE.connection, entity: 'asset' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.string()]));
    const found = await list(
      person,
      { connectionId: query.connection_id, entity: query.entity },
      { after: position?.[0] ?? null, limit: query.limit + 1 },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        links: page.map(shownLink),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.external_id]),
      },
    };
  },
});
