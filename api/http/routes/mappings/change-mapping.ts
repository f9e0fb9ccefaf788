import { z } from 'zod';
import type { JsonObject } from '../../../../domain/json.ts';
import { saveOverride } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { finding, mapping, mappingParams, override, shownMapping } from './shapes.ts';

export const changeMapping = route({
  method: 'PUT',
  url: '/cmms/connections/:id/mappings/:entity',
  id: 'changeMapping',
  tag: 'Mappings',
  summary: 'Change the mapping of a connection',
  description:
    "Lays rules over the shipped mapping. They are compiled, checked against the vendor's schema and tried on a round trip before they are stored; a mapping with an error is refused. Runs use it from the next one on.",
  permission: 'mappings:update',
  wakes: false,
  params: mappingParams,
  body: z.strictObject({ override, note: z.string().trim().max(1_000).optional() }),
  responses: { 200: envelope({ mapping, findings: z.array(finding) }) },
  example: {
    params: { id: EXAMPLE.connection, entity: 'asset' },
    body: { override: { conflict: { fields: { name: 'hub' } } }, note: 'The pit names the machines' },
  },
  async handle({ deps, person, params, body }) {
    const saved = await saveOverride(
      { ...person, mappings: deps.mappings },
      {
        connectionId: params.id,
        entity: params.entity,
        document: JSON.parse(JSON.stringify(body.override)) as JsonObject,
        note: body.note ?? null,
      },
    );
    return {
      body: { success: true, mapping: shownMapping(saved.mapping), findings: saved.findings },
    };
  },
});
