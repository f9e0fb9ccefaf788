import { z } from 'zod';
import { changeConnection as change } from '../../../../plant/connections/connections.ts';
import { assertVersion } from '../../frame/register.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import {
  connection,
  deletePolicy,
  jsonObject,
  pollSeconds,
  requestsPerSecond,
  shownConnection,
} from './shapes.ts';

export const changeConnection = route({
  method: 'PATCH',
  url: '/cmms/connections/:id',
  id: 'changeConnection',
  tag: 'Connections',
  summary: 'Change a connection',
  description:
    'Changes its settings; config is merged field by field. Refused when the address changes and the credentials for it are not sent along.',
  permission: 'connections:update',
  wakes: false,
  params: idParams,
  body: z
    .strictObject({
      connection_name: z.string().trim().min(1).max(200).optional(),
      config: jsonObject.optional().meta({ description: 'Merged field by field; null clears a field.' }),
      secret: jsonObject.optional().meta({
        description: 'New credentials in place of the stored ones; needed when an address changes.',
      }),
      poll_seconds: pollSeconds.optional(),
      requests_per_second: requestsPerSecond.nullable().optional(),
      delete_policy: deletePolicy.optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'Say at least one field to change'),
  responses: { 200: envelope({ connection }) },
  example: { params: { id: EXAMPLE.connection }, body: { poll_seconds: 30 } },
  async handle({ deps, person, params, body, ifMatch }) {
    const row = await change(
      { ...person, actions: deps.actions },
      params.id,
      {
        name: body.connection_name,
        config: body.config,
        secret: body.secret,
        pollSeconds: body.poll_seconds,
        requestsPerSecond: body.requests_per_second,
        deletePolicy: body.delete_policy,
      },
      (version) => assertVersion(ifMatch, version),
    );
    return { version: row.version, body: { success: true, connection: shownConnection(row) } };
  },
});
