import { z } from 'zod';
import { mergeRecords as merge } from '../../../../plant/records/links.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';

export const mergeRecords = route({
  method: 'POST',
  url: '/records/merge',
  id: 'mergeRecords',
  tag: 'Links',
  summary: 'Merge two hub records',
  description:
    'For one thing that stands in the hub twice: links, comments and references of one go to the other. Refused when both exist at the same connection.',
  permission: 'links:update',
  body: z.strictObject({
    keep: z.string().min(1).max(200).meta({ description: 'Number or id of the record that stays.' }),
    drop: z.string().min(1).max(200).meta({ description: 'Number or id of its duplicate.' }),
  }),
  responses: {
    200: envelope({
      record: z.string(),
      moved_links: z.number().int(),
      moved_references: z.number().int(),
    }),
  },
  example: { body: { keep: EXAMPLE.otherAsset, drop: EXAMPLE.linkedAsset } },
  async handle({ person, body }) {
    const { record, ...moved } = await merge(person, body);
    return { version: record.version, body: { success: true, record: record.number, ...moved } };
  },
});
