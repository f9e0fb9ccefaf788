import { z } from 'zod';
import type { JsonObject } from '../../../../domain/json.ts';
import { judgeAt } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { finding, mappingParams, override } from './shapes.ts';

export const validateMapping = route({
  method: 'POST',
  url: '/cmms/connections/:id/mappings/:entity/validate',
  id: 'validateMapping',
  tag: 'Mappings',
  summary: 'Validate mapping rules',
  description: 'Reports what is wrong with rules for a connection. Nothing is stored.',
  permission: 'mappings:read',
  wakes: false,
  params: mappingParams,
  body: z.strictObject({ override }),
  responses: { 200: envelope({ valid: z.boolean(), findings: z.array(finding) }) },
  example: {
    params: { id: EXAMPLE.connection, entity: 'asset' },
    body: { override: { pull: { name: { path: 'nmae' } } } },
  },
  async handle({ deps, person, params, body }) {
    const findings = await judgeAt(
      { ...person, mappings: deps.mappings },
      params.id,
      params.entity,
      JSON.parse(JSON.stringify(body.override)) as JsonObject,
    );
    return {
      body: { success: true, valid: findings.every(({ level }) => level !== 'error'), findings },
    };
  },
});
