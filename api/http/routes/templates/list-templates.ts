import { z } from 'zod';
import { ASSET_TYPES } from '../../../../domain/entities/vocabulary.ts';
import { listTemplates as list } from '../../../operations/templates.ts';
import { route } from '../../frame/route.ts';
import { booleanInput, decodeCursor, encodeCursor, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { shownTemplate, template } from './shapes.ts';

export const listTemplates = route({
  method: 'GET',
  url: '/work-order-templates',
  id: 'listWorkOrderTemplates',
  tag: 'Templates',
  summary: 'Lists templates of work orders, oldest first',
  permission: 'templates:read',
  query: z.strictObject({
    ...pageQuery,
    is_active: booleanInput.optional(),
    asset_type: z.enum(ASSET_TYPES).optional(),
  }),
  responses: { 200: listEnvelope('templates', template) },
  example: { query: { is_active: 'true' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const filter = { isActive: query.is_active, assetType: query.asset_type };
    const found = await list(person, filter, { after: position?.[0] ?? null, limit: query.limit + 1 });
    const templates = found.slice(0, query.limit);
    const last = found.length > query.limit ? templates.at(-1) : undefined;
    return {
      body: {
        success: true,
        templates: templates.map((one) => shownTemplate(one)),
        count: templates.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
