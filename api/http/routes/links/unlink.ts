import { z } from 'zod';
import { unlink as take } from '../../../../plant/records/links.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { subject } from '../matches/shapes.ts';
import { link, shownLink } from './shapes.ts';

export const unlink = route({
  method: 'POST',
  url: '/links/unlink',
  id: 'unlink',
  tag: 'Links',
  summary: 'Unlink a vendor record',
  description:
    'For two records that were linked by mistake: the vendor record becomes a hub record of its own.',
  permission: 'links:delete',
  body: z.strictObject(subject),
  responses: { 200: envelope({ link }) },
  example: {
    body: { connection_id: EXAMPLE.connection, entity: 'asset', external_id: EXAMPLE.externalAsset },
  },
  async handle({ person, body }) {
    const row = await take(person, {
      connectionId: body.connection_id,
      entity: body.entity,
      externalId: body.external_id,
    });
    return { body: { success: true, link: shownLink(row) } };
  },
});
