import { z } from 'zod';
import { resolveConflict as resolve } from '../../../../plant/exceptions/conflicts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { resolved, shownResolved } from './shapes.ts';

export const resolveConflict = route({
  method: 'POST',
  url: '/conflicts/:id/resolve',
  id: 'resolveConflict',
  tag: 'Conflicts',
  summary: 'Resolve a conflict',
  description:
    "Takes the hub's value, the external value, or a third one. Refused when the conflict is closed already.",
  permission: 'conflicts:resolve',
  params: idParams,
  body: z.union([z.strictObject({ take: z.enum(['hub', 'external']) }), z.strictObject({ value: z.json() })]),
  responses: { 200: envelope({ resolved }) },
  example: { params: { id: EXAMPLE.conflict }, body: { take: 'external' } },
  async handle({ person, params, body }) {
    const row = await resolve(person, { id: params.id, decision: body });
    return { body: { success: true, resolved: shownResolved(row) } };
  },
});
