import { z } from 'zod';
import { listKeys as list } from '../../../../plant/keys/api-keys.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { apiKey } from './shapes.ts';

export const listKeys = route({
  method: 'GET',
  url: '/keys',
  id: 'listKeys',
  tag: 'Keys',
  summary: 'List API keys',
  description: 'Newest first. The keys themselves are never shown.',
  permission: 'keys:read',
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('keys', apiKey) },
  example: { query: { limit: '10' } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_ID, (before, limit) => list(person, { before, limit }));
    return pageAnswer('keys', page);
  },
});
