import { z } from 'zod';
import { rotateSecret } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { connection, jsonObject, shownConnection } from './shapes.ts';

export const rotateConnectionSecret = route({
  method: 'PUT',
  url: '/cmms/connections/:id/secret',
  id: 'rotateConnectionSecret',
  tag: 'Connections',
  summary: 'Replace the credentials of a connection',
  description: 'The new credentials take the place of the stored ones and are never shown.',
  permission: 'connections:update',
  wakes: false,
  params: idParams,
  body: z.strictObject({ secret: jsonObject }),
  responses: { 200: envelope({ connection }) },
  example: {
    params: { id: EXAMPLE.connection },
    body: { secret: { email: 'planner@pitmine.example', password: 'not-a-real-password' } },
  },
  async handle({ deps, person, params, body }) {
    const row = await rotateSecret({ ...person, actions: deps.actions }, params.id, body.secret);
    return { version: row.version, body: { success: true, connection: shownConnection(row) } };
  },
});
