import { z } from 'zod';
import { rejectReview } from '../../../../plant/exceptions/reviews.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { subject } from './shapes.ts';

export const rejectMatch = route({
  method: 'POST',
  url: '/matches/reject',
  id: 'rejectMatch',
  tag: 'Match review',
  summary: 'Reject a match',
  description: 'None of the candidates fits: the vendor record becomes a hub record of its own.',
  permission: 'matches:resolve',
  body: z.strictObject(subject),
  responses: { 200: envelope({ record: z.string(), external_id: z.string() }) },
  example: {
    body: { connection_id: EXAMPLE.connection, entity: 'asset', external_id: 'unknown' },
    status: 404,
  },
  async handle({ person, body }) {
    const { externalId, number } = await rejectReview(person, {
      connection: body.connection_id,
      entity: body.entity,
      externalId: body.external_id,
    });
    return { body: { success: true, record: number, external_id: externalId } };
  },
});
