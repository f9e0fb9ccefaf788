import { z } from 'zod';
import { explainRecord as explain } from '../../../../plant/records/explain-record.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { recordParams } from './list-record-links.ts';

export const explainRecord = route({
  method: 'GET',
  url: '/records/:record/explain',
  id: 'explainRecord',
  tag: 'Links',
  summary: 'Explain a record',
  description: 'Why each field has its value, across all systems.',
  permission: 'links:read',
  params: recordParams,
  responses: {
    200: envelope({
      explanation: z.looseObject({
        id: z.uuid(),
        entity: z.string(),
        number: z.string(),
        version: z.number().int(),
        fields: z.array(z.looseObject({ field: z.string(), value: z.json(), origin: z.string() })),
      }),
    }),
  },
  example: { params: { record: EXAMPLE.linkedAsset } },
  async handle({ person, params }) {
    return { body: { success: true, explanation: await explain(person, params.record) } };
  },
});
