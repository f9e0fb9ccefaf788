import { z } from 'zod';
import { listAllConnections } from '../../../operations/connections.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { connection, shownConnection } from './shapes.ts';

export const listConnections = route({
  method: 'GET',
  url: '/cmms/connections',
  id: 'listConnections',
  tag: 'Connections',
  summary: 'Lists connections by name',
  permission: 'connections:read',
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('connections', connection) },
  example: { query: { limit: '20' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.string()]));
    const found = await listAllConnections(person, {
      afterName: position?.[0] ?? null,
      limit: query.limit + 1,
    });
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        connections: page.map(shownConnection),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.name]),
      },
    };
  },
});
