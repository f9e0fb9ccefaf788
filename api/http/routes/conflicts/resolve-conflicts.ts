import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { resolveConflicts as resolve } from '../../../../plant/exceptions/conflicts.ts';
import { route } from '../../frame/route.ts';
import { envelope, uuid } from '../../frame/shapes.ts';
import { resolved, shownResolved } from './shapes.ts';

export const resolveConflicts = route({
  method: 'POST',
  url: '/conflicts/resolve',
  id: 'resolveConflicts',
  tag: 'Conflicts',
  summary: 'Resolve several conflicts',
  description:
    'Each is resolved in a transaction of its own; one that was closed meanwhile is passed over. At least one filter is required.',
  permission: 'conflicts:resolve',
  body: z
    .strictObject({
      take: z.enum(['hub', 'external']),
      connection_id: uuid.optional(),
      entity: z.enum(ENTITIES).optional(),
      field: z.string().min(1).max(200).optional(),
    })
    .refine(
      ({ take: _take, ...filter }) => Object.keys(filter).length > 0,
      'Say which conflicts: by connection_id, entity or field',
    ),
  responses: { 200: envelope({ resolved: z.array(resolved), count: z.number().int() }) },
  example: { body: { take: 'external', entity: 'asset', field: 'name' } },
  async handle({ person, body }) {
    const rows = await resolve(person, {
      take: body.take,
      query: {
        ...(body.connection_id === undefined ? {} : { connection: body.connection_id }),
        ...(body.entity === undefined ? {} : { entity: body.entity }),
        ...(body.field === undefined ? {} : { field: body.field }),
      },
    });
    return { body: { success: true, resolved: rows.map(shownResolved), count: rows.length } };
  },
});
