import { resumeConnection as resume } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { connection, shownConnection } from './shapes.ts';

export const resumeConnection = route({
  method: 'POST',
  url: '/cmms/connections/:id/resume',
  id: 'resumeConnection',
  tag: 'Connections',
  summary: 'Resume a connection',
  description: 'The next pass continues where the last one stopped.',
  permission: 'connections:update',
  wakes: false,
  params: idParams,
  responses: { 200: envelope({ connection }) },
  example: { params: { id: EXAMPLE.connection } },
  async handle({ deps, person, params }) {
    const row = await resume({ ...person, actions: deps.actions }, params.id);
    return { version: row.version, body: { success: true, connection: shownConnection(row) } };
  },
});
