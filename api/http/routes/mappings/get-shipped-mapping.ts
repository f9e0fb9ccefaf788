import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { readShipped } from '../../../../plant/mappings/mappings.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { mapping, shownMapping } from './shapes.ts';

export const getShippedMapping = route({
  method: 'GET',
  url: '/mappings/:system/:entity',
  id: 'getShippedMapping',
  tag: 'Mappings',
  summary: 'Get a shipped mapping',
  description: 'Shows its rules one by one.',
  permission: 'mappings:read',
  params: z.strictObject({ system: z.string().max(100), entity: z.enum(ENTITIES) }),
  responses: { 200: envelope({ mapping }) },
  example: { params: { system: 'upkeep', entity: 'work_order' } },
  async handle({ deps, person, params }) {
    const view = readShipped({ ...person, mappings: deps.mappings }, params.system, params.entity);
    return { body: { success: true, mapping: shownMapping(view) } };
  },
});
