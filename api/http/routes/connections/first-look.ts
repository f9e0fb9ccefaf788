import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { inSnakeCase } from '../../../../domain/case.ts';
import { firstLook } from '../../../../plant/connections/connections.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';

/** Within the time that a request may take. */
const WITHIN_MS = 50_000;

const changes = z.object({ creates: z.number().int(), updates: z.number().int() });
const entityLook = z.object({
  entity: z.enum(ENTITIES),
  read: z.number().int().meta({ description: 'Records of the system that were looked at.' }),
  complete: z.boolean().meta({ description: 'False when there are more than were read.' }),
  absent: z.string().nullable().meta({ description: 'Why the system does not have the entity at all.' }),
  unmapped: z.number().int().meta({ description: 'Would go to quarantine.' }),
  linked: z.number().int().meta({ description: 'Known as the same thing already.' }),
  matched: z.number().int().meta({ description: 'Recognised as a hub record by the match rules.' }),
  reviews: z.number().int().meta({ description: 'A person would be asked which hub record it is.' }),
  conflicts: z.number().int().meta({ description: 'Fields on which a person would be asked.' }),
  hub: changes,
  system: changes,
});

export const lookFirst = route({
  method: 'POST',
  url: '/cmms/connections/:id/first-look',
  id: 'lookFirst',
  tag: 'Connections',
  summary: 'Count what the first sync would do',
  description:
    'Reads the system, maps, matches and merges like a sync, and only counts: nothing is written, here or there. For a connection that was made paused. Reads at most `records` of each entity, and answers 503 when that takes longer than 50 seconds; the command `connections first-look` has no such bound.',
  permission: 'connections:test',
  wakes: false,
  params: idParams,
  body: z.strictObject({ records: z.int().min(1).max(10_000).default(1_000) }),
  responses: { 200: envelope({ entities: z.array(entityLook) }) },
  example: { params: { id: EXAMPLE.connection }, body: { records: 100 } },
  async handle({ deps, person, params, body }) {
    const { entities } = await firstLook({ ...person, actions: deps.actions }, params.id, {
      recordsMax: body.records,
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    return { body: { success: true, entities: entities.map((look) => inSnakeCase(look)) } };
  },
});
