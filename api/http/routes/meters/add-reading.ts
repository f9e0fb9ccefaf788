import { z } from 'zod';
import { takeReadings } from '../../../../plant/meters/meters.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { refParams } from '../plain-records/shapes.ts';
import { readingValue, source, taken, takenAt } from './shapes.ts';

export const addMeterReading = route({
  method: 'POST',
  url: '/meters/:id/readings',
  id: 'addMeterReading',
  tag: 'Meters',
  summary: 'Add a reading to a meter',
  description: 'The newest reading by its own time becomes the last reading of the meter.',
  permission: 'meters:report',
  params: refParams,
  body: z.strictObject({
    value: readingValue,
    at: takenAt.optional().meta({ description: 'When it was taken; now when absent.' }),
    source,
  }),
  responses: { 201: envelope(taken) },
  example: { params: { id: EXAMPLE.meter }, body: { value: 12_052.5, at: '2026-03-02T06:00:00Z' } },
  async handle({ person, params, body }) {
    const at = body.at ?? new Date(person.now()).toISOString();
    const { value, source: from } = body;
    const readings = [{ meter: params.id, value, at, source: from }];
    return {
      status: 201,
      body: { success: true, ...(await takeReadings(person, readings, (_index, field) => field)) },
    };
  },
});
