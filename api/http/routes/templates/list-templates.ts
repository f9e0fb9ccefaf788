import { z } from 'zod';
import { ASSET_TYPES } from '../../../../domain/entities/vocabulary.ts';
import { listTemplates as list } from '../../../../plant/work-orders/templates.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { booleanInput, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { shownTemplate, template } from './shapes.ts';

export const listTemplates = route({
  method: 'GET',
  url: '/work-order-templates',
  id: 'listWorkOrderTemplates',
  tag: 'Templates',
  summary: 'List work order templates',
  description: 'Oldest first.',
  permission: 'templates:read',
  query: z.strictObject({
    ...pageQuery,
    is_active: booleanInput.optional(),
    asset_type: z.enum(ASSET_TYPES).optional(),
  }),
  responses: { 200: listEnvelope('templates', template) },
  example: { query: { is_active: 'true' } },
  async handle({ person, query }) {
    const filter = { isActive: query.is_active, assetType: query.asset_type };
    const page = await readPage(query, BY_ID, (after, limit) => list(person, filter, { after, limit }));
    return pageAnswer('templates', page, shownTemplate);
  },
});
