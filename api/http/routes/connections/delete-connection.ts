import { z } from 'zod';
import { deleteConnection as remove } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams, integerInput } from '../../frame/shapes.ts';

export const deleteConnection = route({
  method: 'DELETE',
  url: '/cmms/connections/:id',
  id: 'deleteConnection',
  tag: 'Connections',
  summary: 'Delete a connection',
  description:
    'Records stay, in the hub and in the connected system. Refused when links_total differs from the number of links that would be orphaned.',
  permission: 'connections:delete',
  wakes: false,
  params: idParams,
  query: z.strictObject({
    links_total: integerInput.pipe(z.number().min(0)).meta({
      description: 'From the preview: with another number of links the world moved, and nothing is deleted.',
    }),
  }),
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.connection }, query: { links_total: '1' } },
  async handle({ deps, person, params, query }) {
    await remove({ ...person, actions: deps.actions }, params.id, query.links_total);
    return { body: { success: true, message: 'The connection is deleted.' } };
  },
});
