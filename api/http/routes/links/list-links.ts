import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { listLinks as list } from '../../../../plant/records/links.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { orderBy, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { link, shownLink } from './shapes.ts';

const BY_EXTERNAL_ID = orderBy(z.string(), (row: { externalId: string }) => row.externalId);

export const listLinks = route({
  method: 'GET',
  url: '/links',
  id: 'listLinks',
  tag: 'Links',
  summary: 'List links',
  description: 'The links of a connection and entity, by external id.',
  permission: 'links:read',
  query: z.strictObject({ ...pageQuery, connection_id: uuid, entity: z.enum(ENTITIES) }),
  responses: { 200: listEnvelope('links', link) },
  example: { query: { connection_id: EXAMPLE.connection, entity: 'asset' } },
  async handle({ person, query }) {
    const { connection_id: connectionId, entity } = query;
    const page = await readPage(query, BY_EXTERNAL_ID, (after, limit) =>
      list(person, { connectionId, entity }, { after, limit }),
    );
    return pageAnswer('links', page, shownLink);
  },
});
