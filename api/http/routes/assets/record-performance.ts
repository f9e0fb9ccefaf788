import { z } from 'zod';
import { recordPerformance } from '../../../../plant/assets/reports.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, instantInput, notRead, uuid } from '../../frame/shapes.ts';
import { Refusal } from '../../problem.ts';
import { alert, assetId, assetParams, performance } from './shapes.ts';

const percent = z.number().min(0).max(100).meta({ description: 'Percent.' });
const figure = z.number().min(-1e12).max(1e12);
const amount = z.number().min(0).max(1e12);
const counter = z.number().int().min(0).max(1_000_000_000);

export const recordAssetPerformance = route({
  method: 'POST',
  url: '/assets/:asset_id/performance',
  id: 'recordAssetPerformance',
  tag: 'Assets',
  summary: 'Record the performance of an asset',
  description:
    'Raises an alert for uptime below 80 %, efficiency below 70 %, a temperature above 80 °C, vibration above 10, and more than 5 errors; a figure at its limit raises none. While an alert is open, repeated findings are counted on it.',
  permission: 'assets:report',
  params: assetParams,
  body: z.strictObject({
    asset_id: z
      .union([assetId, z.literal('')])
      .nullish()
      .meta({ description: 'May be repeated here; then it must be that of the address.' }),
    uptime_percentage: percent,
    efficiency_rating: percent,
    throughput: amount.nullish(),
    energy_consumption: figure.nullish(),
    temperature: figure.nullish().meta({ description: 'Degrees Celsius.' }),
    vibration: amount.nullish(),
    pressure: figure.nullish(),
    speed: figure.nullish(),
    load_percentage: amount.nullish(),
    operating_hours: amount
      .nullish()
      .meta({ description: 'Hours it ran since the last report; adds to total_operating_hours.' }),
    maintenance_hours: amount
      .nullish()
      .meta({ description: 'Counts as operating hours when these are absent.' }),
    cost_per_hour: amount.nullish(),
    error_count: counter.nullish(),
    warning_count: counter.nullish(),
    timestamp: instantInput.nullish().meta({ description: 'When it was taken; now when absent.' }),
    ...notRead('id'),
  }),
  responses: { 201: envelope({ performance_id: uuid, performance, alerts: z.array(alert) }) },
  example: {
    params: { asset_id: EXAMPLE.assetTag },
    body: {
      uptime_percentage: 75,
      efficiency_rating: 92.5,
      temperature: 85,
      vibration: 2.1,
      maintenance_hours: 2,
      error_count: 8,
    },
  },
  async handle({ person, params, body }) {
    const { asset_id: repeated, timestamp, ...figures } = body;
    // Go's zero time: the client had none.
    const takenAt = timestamp?.startsWith('0001-01-01') === true ? null : (timestamp ?? null);
    if (typeof repeated === 'string' && repeated !== '' && repeated !== params.asset_id) {
      const message = `Is "${repeated}", but the address says "${params.asset_id}".`;
      throw new Refusal(422, `asset_id: ${message}`, [{ field: 'asset_id', message }]);
    }
    const { report, alerts } = await recordPerformance(
      person,
      params.asset_id,
      {
        uptime_percentage: figures.uptime_percentage,
        efficiency_rating: figures.efficiency_rating,
        throughput: figures.throughput ?? null,
        energy_consumption: figures.energy_consumption ?? null,
        temperature: figures.temperature ?? null,
        vibration: figures.vibration ?? null,
        pressure: figures.pressure ?? null,
        speed: figures.speed ?? null,
        load_percentage: figures.load_percentage ?? null,
        operating_hours: figures.operating_hours ?? null,
        maintenance_hours: figures.maintenance_hours ?? null,
        cost_per_hour: figures.cost_per_hour ?? null,
        error_count: figures.error_count ?? 0,
        warning_count: figures.warning_count ?? 0,
      },
      takenAt,
    );
    return {
      status: 201,
      body: {
        success: true,
        performance_id: report['id'],
        performance: report,
        alerts,
        message: 'The reading is recorded.',
      },
    };
  },
});
