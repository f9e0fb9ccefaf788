import { z } from 'zod';
import { listFieldMappingsOf, type FieldMappingRow } from '../../../operations/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { fieldMapping } from './shapes.ts';

export function shownFieldMapping(row: FieldMappingRow): z.input<typeof fieldMapping> {
  const { connection_id, created_at, ...rest } = row;
  return { ...rest, cmms_connection_id: connection_id, created_at: created_at.toISOString() };
}

export const listFieldMappings = route({
  method: 'GET',
  url: '/cmms/mappings',
  id: 'listFieldMappings',
  tag: 'Mappings',
  summary: 'Lists the field mappings that were made by hand',
  permission: 'mappings:read',
  query: z.strictObject({ ...pageQuery, cmms_connection_id: uuid.optional() }),
  responses: { 200: listEnvelope('mappings', fieldMapping) },
  example: { query: { cmms_connection_id: EXAMPLE.connection } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const found = await listFieldMappingsOf(person, query.cmms_connection_id ?? null, {
      after: position?.[0] ?? null,
      limit: query.limit + 1,
    });
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        mappings: page.map(shownFieldMapping),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
