import { z } from 'zod';
import { inSnakeCase } from '../../../../domain/case.ts';
import { listFieldMappingsOf, type FieldMappingRow } from '../../../../plant/mappings/mappings.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { fieldMapping } from './shapes.ts';

export function shownFieldMapping(row: FieldMappingRow): z.input<typeof fieldMapping> {
  const { connectionId, createdAt, ...rest } = row;
  return { ...inSnakeCase(rest), cmms_connection_id: connectionId, created_at: createdAt.toISOString() };
}

export const listFieldMappings = route({
  method: 'GET',
  url: '/cmms/mappings',
  id: 'listFieldMappings',
  tag: 'Mappings',
  summary: 'List the field mappings made by hand',
  description: 'Covers all connections; the shipped rules are under GET /mappings.',
  permission: 'mappings:read',
  query: z.strictObject({ ...pageQuery, cmms_connection_id: uuid.optional() }),
  responses: { 200: listEnvelope('mappings', fieldMapping) },
  example: { query: { cmms_connection_id: EXAMPLE.connection } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_ID, (after, limit) =>
      listFieldMappingsOf(person, query.cmms_connection_id ?? null, { after, limit }),
    );
    return pageAnswer('mappings', page, shownFieldMapping);
  },
});
