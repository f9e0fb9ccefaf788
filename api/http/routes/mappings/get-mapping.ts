import { readMapping } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { mapping, mappingParams, shownMapping } from './shapes.ts';

export const getMapping = route({
  method: 'GET',
  url: '/cmms/connections/:id/mappings/:entity',
  id: 'getMapping',
  tag: 'Mappings',
  summary: 'Get the mapping of a connection',
  description:
    'Shows the rules as they apply now: the shipped mapping with the rules of the connection laid over it.',
  permission: 'mappings:read',
  params: mappingParams,
  responses: { 200: envelope({ mapping }) },
  example: { params: { id: EXAMPLE.connection, entity: 'asset' } },
  async handle({ deps, person, params }) {
    const view = await readMapping({ ...person, mappings: deps.mappings }, params.id, params.entity);
    return { body: { success: true, mapping: shownMapping(view) } };
  },
});
