import { z } from 'zod';
import { tryConnection } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const testConnection = route({
  method: 'POST',
  url: '/cmms/connections/:id/test',
  id: 'testConnection',
  tag: 'Connections',
  summary: 'Test a connection',
  description:
    'Checks the settings alone, or the address and credentials too. A test that fails is reported in the result; the request itself succeeds.',
  permission: 'connections:test',
  wakes: false,
  params: idParams,
  body: z.strictObject({ scope: z.enum(['settings', 'network']).default('network') }),
  responses: {
    200: envelope({
      result: z.object({
        scope: z.enum(['settings', 'network']),
        ok: z.boolean(),
        account: z.string().nullable().meta({ description: 'Who we are there.' }),
        version: z.string().nullable(),
        failure: z.object({ kind: z.string(), message: z.string() }).nullable(),
      }),
    }),
  },
  example: { params: { id: EXAMPLE.connection }, body: { scope: 'settings' } },
  async handle({ deps, person, params, body }) {
    const result = await tryConnection({ ...person, actions: deps.actions }, params.id, body.scope);
    return { body: { success: true, result } };
  },
});
