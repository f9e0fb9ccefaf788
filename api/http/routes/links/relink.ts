import { z } from 'zod';
import { relink as move } from '../../../../plant/records/links.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { subject } from '../matches/shapes.ts';
import { link, shownLink } from './shapes.ts';

export const relink = route({
  method: 'POST',
  url: '/links/relink',
  id: 'relink',
  tag: 'Links',
  summary: 'Link a vendor record with another hub record',
  description: 'Refused when that hub record is linked at the connection already.',
  permission: 'links:update',
  body: z.strictObject({ ...subject, record: z.string().min(1).max(200) }),
  responses: { 200: envelope({ link }) },
  example: {
    body: {
      connection_id: EXAMPLE.connection,
      entity: 'asset',
      external_id: EXAMPLE.externalAsset,
      record: EXAMPLE.otherAsset,
    },
  },
  async handle({ person, body }) {
    const key = {
      connectionId: body.connection_id,
      entity: body.entity,
      externalId: body.external_id,
    };
    const row = await move(person, key, body.record);
    return { body: { success: true, link: shownLink(row) } };
  },
});
