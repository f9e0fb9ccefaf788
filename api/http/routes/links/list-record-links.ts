import { z } from 'zod';
import { linksOf } from '../../../../plant/records/links.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { link, shownLink } from './shapes.ts';

export const recordParams = z.strictObject({
  record: z.string().min(1).max(200).meta({ description: 'Number or id of a hub record.' }),
});

export const listRecordLinks = route({
  method: 'GET',
  url: '/records/:record/links',
  id: 'listRecordLinks',
  tag: 'Links',
  summary: 'List the links of a hub record',
  description: 'What the record is called in each connected system.',
  permission: 'links:read',
  params: recordParams,
  responses: { 200: envelope({ links: z.array(link), count: z.number().int() }) },
  example: { params: { record: EXAMPLE.linkedAsset } },
  async handle({ person, params }) {
    const links = await linksOf(person, params.record);
    return { body: { success: true, links: links.map(shownLink), count: links.length } };
  },
});
