import { z } from 'zod';
import { inSnakeCase } from '../../../../domain/case.ts';
import { previewDeletion } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const previewConnectionDeletion = route({
  method: 'GET',
  url: '/cmms/connections/:id/deletion',
  id: 'previewConnectionDeletion',
  tag: 'Connections',
  summary: 'Preview the deletion of a connection',
  description: 'Counts the links that deleting the connection would orphan. Nothing is deleted.',
  permission: 'connections:read',
  params: idParams,
  responses: {
    200: envelope({
      deletion: z.object({
        links: z.record(z.string(), z.number().int()),
        links_total: z.number().int(),
        open_exceptions: z.number().int(),
        queued_pushes: z.number().int(),
      }),
    }),
  },
  example: { params: { id: EXAMPLE.connection } },
  async handle({ person, params }) {
    return { body: { success: true, deletion: inSnakeCase(await previewDeletion(person, params.id)) } };
  },
});
