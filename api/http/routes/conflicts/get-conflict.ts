import { readConflict } from '../../../../plant/exceptions/conflicts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { conflict, shownConflict } from './shapes.ts';

export const getConflict = route({
  method: 'GET',
  url: '/conflicts/:id',
  id: 'getConflict',
  tag: 'Conflicts',
  summary: 'Get a conflict',
  description: 'Open or closed.',
  permission: 'conflicts:read',
  params: idParams,
  responses: { 200: envelope({ conflict }) },
  example: { params: { id: EXAMPLE.conflict } },
  async handle({ person, params }) {
    return { body: { success: true, conflict: shownConflict(await readConflict(person, params.id)) } };
  },
});
