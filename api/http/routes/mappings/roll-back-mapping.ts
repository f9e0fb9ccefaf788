import { z } from 'zod';
import { rollBack } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { mapping, mappingParams, shownMapping } from './shapes.ts';

export const rollBackMapping = route({
  method: 'POST',
  url: '/cmms/connections/:id/mappings/:entity/rollback',
  id: 'rollBackMapping',
  tag: 'Mappings',
  summary: 'Roll back a mapping',
  description: 'Makes an earlier version the newest one, or returns to the shipped mapping.',
  permission: 'mappings:update',
  wakes: false,
  params: mappingParams,
  body: z.strictObject({
    version: z
      .number()
      .int()
      .min(1)
      .max(2_147_483_647)
      .nullable()
      .meta({ description: 'Null goes back to the shipped mapping.' }),
  }),
  responses: { 200: envelope({ mapping }) },
  example: { params: { id: EXAMPLE.connection, entity: 'asset' }, body: { version: null } },
  async handle({ deps, person, params, body }) {
    const view = await rollBack(
      { ...person, mappings: deps.mappings },
      { connectionId: params.id, entity: params.entity, version: body.version },
    );
    return { body: { success: true, mapping: shownMapping(view) } };
  },
});
