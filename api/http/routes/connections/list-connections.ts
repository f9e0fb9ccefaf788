import { z } from 'zod';
import { listAllConnections } from '../../../../plant/connections/connections.ts';
import { orderBy, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { connection, shownConnection } from './shapes.ts';

const BY_NAME = orderBy(z.string(), (row: { name: string }) => row.name);

export const listConnections = route({
  method: 'GET',
  url: '/cmms/connections',
  id: 'listConnections',
  tag: 'Connections',
  summary: 'List connections',
  description: 'Sorted by name. Credentials are never shown.',
  permission: 'connections:read',
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('connections', connection) },
  example: { query: { limit: '20' } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_NAME, (afterName, limit) =>
      listAllConnections(person, { afterName, limit }),
    );
    return pageAnswer('connections', page, shownConnection);
  },
});
