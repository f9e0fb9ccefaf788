import { z } from 'zod';
import { assessCondition } from '../../../../plant/assets/reports.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, instantInput, uuid } from '../../frame/shapes.ts';
import { line, text } from '../plain-records/shapes.ts';
import { alert, assessment, assetCondition, assetParams } from './shapes.ts';

const METRICS_MAX = 200;
const metric = z.union([z.number(), z.string().max(10_000)], 'a metric is a number or a text');

export const assessAssetCondition = route({
  method: 'POST',
  url: '/assets/:asset_id/condition',
  id: 'assessAssetCondition',
  tag: 'Assets',
  summary: 'Assess the condition of an asset',
  description:
    'The condition `poor` raises a `condition_warning` of medium severity, `critical` one of high severity. For existing clients, the fields are also accepted as query parameters with the metrics as the body: numbers and texts under other names are metrics.',
  permission: 'assets:report',
  params: assetParams,
  queryAsBody: true,
  body: z
    .object({
      condition: assetCondition,
      assessed_by: line,
      notes: text.nullish(),
      visual_inspection: text.nullish(),
      functional_test: text.nullish(),
      performance_metrics: z.record(z.string().min(1).max(200), metric).nullish(),
      recommendations: text.nullish(),
      next_assessment_date: instantInput.nullish(),
    })
    .catchall(metric)
    .refine((body) => Object.keys(body).length <= METRICS_MAX, `At most ${String(METRICS_MAX)} metrics`),
  responses: {
    201: envelope({ condition_id: uuid, condition: assessment, alerts: z.array(alert) }),
  },
  example: {
    params: { asset_id: EXAMPLE.assetTag },
    body: {
      condition: 'poor',
      assessed_by: 'inspector_1',
      notes: 'Slew ring is loose.',
      performance_metrics: { slew_play_mm: 3.4 },
      next_assessment_date: '2026-04-01T08:00:00Z',
    },
  },
  async handle({ person, params, body }) {
    const {
      condition,
      assessed_by,
      notes,
      visual_inspection,
      functional_test,
      performance_metrics,
      recommendations,
      next_assessment_date,
      ...metrics
    } = body;
    const { report, alerts } = await assessCondition(person, params.asset_id, {
      condition,
      assessed_by,
      notes: notes ?? null,
      visual_inspection: visual_inspection ?? null,
      functional_test: functional_test ?? null,
      performance_metrics: { ...metrics, ...performance_metrics },
      recommendations: recommendations ?? null,
      next_assessment_date: next_assessment_date ?? null,
    });
    return {
      status: 201,
      body: {
        success: true,
        condition_id: report['id'],
        condition: report,
        alerts,
        message: 'The condition is recorded.',
      },
    };
  },
});
