import { z } from 'zod';
import { listAssets as list } from '../../../../plant/assets/assets.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope } from '../../frame/shapes.ts';
import { filterShape } from '../plain-records/field-shapes.ts';
import { nextCursor, plainQuery, recordQuery } from '../plain-records/shapes.ts';
import { asset } from './shapes.ts';

export const listAssets = route({
  method: 'GET',
  url: '/assets',
  id: 'listAssets',
  tag: 'Assets',
  summary: 'List assets',
  description: 'An asset is listed when it matches every filter exactly.',
  permission: 'assets:read',
  query: z.strictObject({
    ...recordQuery,
    ...filterShape('asset'),
  }),
  responses: { 200: listEnvelope('assets', asset) },
  example: { query: { status: 'operational', sort: '-updated_at', limit: '10' } },
  async handle({ person, query }) {
    const { records, next } = await list(person, plainQuery(query));
    return pageAnswer('assets', { rows: records, next: nextCursor(query, next) }, ({ shown }) => shown);
  },
});
