import { z } from 'zod';
import type { JsonObject } from '../../../../domain/json.ts';
import { previewMapping as tryOn } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { mappingParams, override, preview } from './shapes.ts';

export const previewMapping = route({
  method: 'POST',
  url: '/cmms/connections/:id/mappings/:entity/preview',
  id: 'previewMapping',
  tag: 'Mappings',
  summary: 'Preview a mapping',
  description:
    'Shows what the mapping makes of a record, rule by rule. Nothing is stored. Without a sample, the record has to be linked at the connection.',
  permission: 'mappings:read',
  wakes: false,
  params: mappingParams,
  body: z.strictObject({
    direction: z.enum(['pull', 'push']).default('pull'),
    record: z.string().min(1).max(200).optional().meta({
      description: 'Number or id of a hub record: its kept vendor record is pulled, or it is pushed.',
    }),
    sample: z
      .record(z.string(), z.json())
      .optional()
      .meta({ description: 'The input itself; without record and sample the shipped example is shown.' }),
    changed: z
      .array(z.string().max(200))
      .max(200)
      .optional()
      .meta({ description: 'Fields that changed, for a push that updates; a create when absent.' }),
    override: override.optional().meta({ description: 'Tried instead of the active one.' }),
  }),
  responses: { 200: envelope({ preview }) },
  example: {
    params: { id: EXAMPLE.connection, entity: 'asset' },
    body: { direction: 'push', record: EXAMPLE.linkedAsset, changed: ['name'] },
  },
  async handle({ deps, person, params, body }) {
    const shown = await tryOn(
      { ...person, mappings: deps.mappings },
      {
        connectionId: params.id,
        entity: params.entity,
        direction: body.direction,
        record: body.record ?? null,
        sample: body.sample ?? null,
        changed: body.changed ?? null,
        override:
          body.override === undefined ? null : (JSON.parse(JSON.stringify(body.override)) as JsonObject),
      },
    );
    return { body: { success: true, preview: JSON.parse(JSON.stringify(shown)) as unknown } };
  },
});
