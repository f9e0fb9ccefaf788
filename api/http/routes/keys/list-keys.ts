import { z } from 'zod';
import { listKeys as list } from '../../../operations/api-keys.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { apiKey } from './shapes.ts';

export const listKeys = route({
  method: 'GET',
  url: '/keys',
  id: 'listKeys',
  tag: 'Keys',
  summary: 'Lists API keys, newest first',
  permission: 'keys:read',
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('keys', apiKey) },
  example: { query: { limit: '10' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const found = await list(person, { before: position?.[0] ?? null, limit: query.limit + 1 });
    const keys = found.slice(0, query.limit);
    const last = found.length > query.limit ? keys.at(-1) : undefined;
    return {
      body: {
        success: true,
        keys,
        count: keys.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
