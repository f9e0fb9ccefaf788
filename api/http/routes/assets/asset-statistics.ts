import { z } from 'zod';
import { assetStatistics } from '../../../../plant/assets/assets.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { assetId, rangeQuery } from './shapes.ts';

const count = z.number().int();

export const getAssetStatistics = route({
  method: 'GET',
  url: '/assets/statistics',
  id: 'getAssetStatistics',
  tag: 'Assets',
  summary: 'Get asset statistics',
  description:
    'Figures about all assets, or about one. Assets are counted as they are now; readings and alerts between the dates, both inclusive.',
  permission: 'assets:read',
  query: z.strictObject({ asset_id: assetId.optional(), ...rangeQuery }),
  responses: {
    200: envelope({
      statistics: z.object({
        total_assets: count,
        operational_assets: count,
        maintenance_assets: count,
        repair_assets: count,
        operational_rate: z.number().meta({ description: 'Percent of total_assets; 0 without assets.' }),
        average_uptime: z.number().meta({ description: 'Percent, mean over readings; 0 without readings.' }),
        average_efficiency: z
          .number()
          .meta({ description: 'Percent, mean over readings; 0 without readings.' }),
        total_errors: count,
        total_warnings: count,
        total_alerts: count,
        unacknowledged_alerts: count,
        unresolved_alerts: count,
      }),
    }),
  },
  example: { query: { start_date: '2026-01-01', end_date: '2026-12-31T23:59:59Z' } },
  async handle({ person, query }) {
    const statistics = await assetStatistics(person, {
      assetId: query.asset_id ?? null,
      from: query.start_date ?? null,
      to: query.end_date ?? null,
    });
    return { body: { success: true, statistics } };
  },
});
