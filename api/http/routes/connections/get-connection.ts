import { readConnection } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { connection, shownConnection } from './shapes.ts';

export const getConnection = route({
  method: 'GET',
  url: '/cmms/connections/:id',
  id: 'getConnection',
  tag: 'Connections',
  summary: 'Get a connection',
  description: 'Includes its state, its last run and its settings. Credentials are never shown.',
  permission: 'connections:read',
  params: idParams,
  responses: { 200: envelope({ connection }) },
  example: { params: { id: EXAMPLE.connection } },
  async handle({ person, params }) {
    const row = await readConnection(person, params.id);
    return { version: row.version, body: { success: true, connection: shownConnection(row) } };
  },
});
