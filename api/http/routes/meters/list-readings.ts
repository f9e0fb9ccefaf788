import { z } from 'zod';
import { listReadings } from '../../../../plant/meters/meters.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, instantInput, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { refParams } from '../plain-records/shapes.ts';
import { reading } from './shapes.ts';

const ORDERS = ['-at', 'at'] as const;
const position = z.tuple([z.enum(ORDERS), z.iso.datetime(), z.string()]);

export const listMeterReadings = route({
  method: 'GET',
  url: '/meters/:id/readings',
  id: 'listMeterReadings',
  tag: 'Meters',
  summary: 'List the readings of a meter',
  description: 'Newest first.',
  permission: 'meters:read',
  params: refParams,
  query: z.strictObject({
    ...pageQuery,
    sort: z.enum(ORDERS).default('-at'),
    start_date: instantInput.optional().meta({ description: 'Inclusive.' }),
    end_date: instantInput.optional().meta({ description: 'Inclusive.' }),
  }),
  responses: { 200: listEnvelope('readings', reading) },
  example: { params: { id: EXAMPLE.meter }, query: { start_date: '2026-01-01', limit: '10' } },
  async handle({ person, params, query }) {
    const after = decodeCursor(
      query.cursor,
      position.refine(([of]) => of === query.sort),
    );
    const { readings, next } = await listReadings(person, params.id, {
      from: query.start_date ?? null,
      to: query.end_date ?? null,
      newestFirst: query.sort === '-at',
      after: after === null ? null : { at: after[1], source: after[2] },
      limit: query.limit,
    });
    return pageAnswer('readings', {
      rows: readings,
      next: next === null ? null : encodeCursor([query.sort, next.at, next.source]),
    });
  },
});
