import { assetHistory } from '../../../../plant/assets/reports.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope } from '../../frame/shapes.ts';
import { assetParams, performance, historyPage, historyQuery, rowCursor } from './shapes.ts';

export const listAssetPerformance = route({
  method: 'GET',
  url: '/assets/:asset_id/performance',
  id: 'listAssetPerformance',
  tag: 'Assets',
  summary: 'List the performance readings of an asset',
  description: 'Oldest first.',
  permission: 'assets:read',
  params: assetParams,
  query: historyQuery,
  responses: { 200: listEnvelope('performance_data', performance) },
  example: { params: { asset_id: EXAMPLE.assetTag }, query: { start_date: '2026-01-01', limit: '10' } },
  async handle({ person, params, query }) {
    const { rows, next } = await assetHistory(
      person,
      'asset_performance',
      params.asset_id,
      historyPage(query),
    );
    return pageAnswer('performance_data', { rows, next: rowCursor(next) });
  },
});
