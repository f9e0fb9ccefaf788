import { z } from 'zod';
import { acceptReview } from '../../../../plant/exceptions/reviews.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { subject } from './shapes.ts';

export const acceptMatch = route({
  method: 'POST',
  url: '/matches/accept',
  id: 'acceptMatch',
  tag: 'Match review',
  summary: 'Accept a match',
  description:
    'Links the vendor record with the chosen hub record and merges the two. Refused when that hub record is linked at the connection already, or is being created there.',
  permission: 'matches:resolve',
  body: z.strictObject({
    ...subject,
    record: z.string().min(1).max(200).meta({ description: 'Number or id of the hub record.' }),
  }),
  responses: { 200: envelope({ record: z.string(), external_id: z.string() }) },
  example: {
    body: {
      connection_id: EXAMPLE.connection,
      entity: 'asset',
      external_id: 'unknown',
      record: 'A-000001',
    },
    status: 404,
  },
  async handle({ person, body }) {
    const { externalId, number } = await acceptReview(person, {
      connection: body.connection_id,
      entity: body.entity,
      externalId: body.external_id,
      number: body.record,
    });
    return { body: { success: true, record: number, external_id: externalId } };
  },
});
