import { retryConnection as retry } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { connection, shownConnection } from './shapes.ts';

export const retryConnection = route({
  method: 'POST',
  url: '/cmms/connections/:id/retry',
  id: 'retryConnection',
  tag: 'Connections',
  summary: 'Retry a connection now',
  description:
    'Lifts everything it waits for: a time named by the system, pauses after failed writes, a step due to be repeated later. Refused while the connection is paused.',
  permission: 'connections:update',
  wakes: false,
  params: idParams,
  responses: { 200: envelope({ connection }) },
  example: { params: { id: EXAMPLE.connection } },
  async handle({ deps, person, params }) {
    const row = await retry({ ...person, actions: deps.actions }, params.id);
    return { version: row.version, body: { success: true, connection: shownConnection(row) } };
  },
});
