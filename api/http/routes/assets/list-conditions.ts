import { assetHistory } from '../../../../plant/assets/reports.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope } from '../../frame/shapes.ts';
import { assetParams, assessment, historyPage, historyQuery, rowCursor } from './shapes.ts';

export const listAssetConditions = route({
  method: 'GET',
  url: '/assets/:asset_id/conditions',
  id: 'listAssetConditions',
  tag: 'Assets',
  summary: 'List the condition assessments of an asset',
  description: 'Oldest first.',
  permission: 'assets:read',
  params: assetParams,
  query: historyQuery,
  responses: { 200: listEnvelope('conditions', assessment) },
  example: { params: { asset_id: EXAMPLE.assetTag }, query: { start_date: '2026-01-01', limit: '10' } },
  async handle({ person, params, query }) {
    const { rows, next } = await assetHistory(person, 'asset_condition', params.asset_id, historyPage(query));
    return pageAnswer('conditions', { rows, next: rowCursor(next) });
  },
});
