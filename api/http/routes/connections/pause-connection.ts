import { z } from 'zod';
import { pauseConnection as pause } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { connection, shownConnection } from './shapes.ts';

export const pauseConnection = route({
  method: 'POST',
  url: '/cmms/connections/:id/pause',
  id: 'pauseConnection',
  tag: 'Connections',
  summary: 'Pause a connection',
  description: 'A pass under way stops at its next page.',
  permission: 'connections:update',
  wakes: false,
  params: idParams,
  body: z.strictObject({ reason: z.string().trim().min(1).max(500).default('paused by hand') }),
  responses: { 200: envelope({ connection }) },
  example: { params: { id: EXAMPLE.connection }, body: { reason: 'Upgrade of UpKeep this weekend' } },
  async handle({ deps, person, params, body }) {
    const row = await pause({ ...person, actions: deps.actions }, params.id, body.reason);
    return { version: row.version, body: { success: true, connection: shownConnection(row) } };
  },
});
