import { removeFieldMapping } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

export const deleteFieldMapping = route({
  method: 'DELETE',
  url: '/cmms/mappings/:id',
  id: 'deleteFieldMapping',
  tag: 'Mappings',
  summary: 'Delete a field mapping made by hand',
  description: 'The shipped rule applies again.',
  permission: 'mappings:delete',
  wakes: false,
  params: idParams,
  responses: { 200: envelope({}) },
  example: { params: { id: EXAMPLE.fieldMapping } },
  async handle({ deps, person, params }) {
    await removeFieldMapping({ ...person, mappings: deps.mappings }, params.id);
    return { body: { success: true, message: 'The shipped rule holds from the next run on.' } };
  },
});
