import { z } from 'zod';
import { takeReadings } from '../../../../plant/meters/meters.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { named } from '../plain-records/shapes.ts';
import { readingValue, source, taken, takenAt } from './shapes.ts';

const READINGS_MAX = 1_000;

export const addMeterReadings = route({
  method: 'POST',
  url: '/meters/readings',
  id: 'addMeterReadings',
  tag: 'Meters',
  summary: 'Add readings to several meters',
  description: 'Adds all of them or, if one does not fit, none. Repeating the call adds nothing.',
  permission: 'meters:report',
  body: z.strictObject({
    readings: z
      .array(z.strictObject({ meter_id: named, value: readingValue, at: takenAt, source }))
      .min(1)
      .max(READINGS_MAX),
  }),
  responses: { 200: envelope(taken) },
  example: {
    body: {
      readings: [
        { meter_id: EXAMPLE.meter, value: 12_053, at: '2026-03-02T07:00:00Z', source: 'telematics' },
        { meter_id: EXAMPLE.meter, value: 12_054, at: '2026-03-02T08:00:00Z', source: 'telematics' },
      ],
    },
  },
  async handle({ person, body }) {
    const readings = body.readings.map(({ meter_id: meter, value, at, source: from }) => ({
      meter,
      value,
      at,
      source: from,
    }));
    const done = await takeReadings(
      person,
      readings,
      (index, field) => `readings[${String(index)}].${field}`,
    );
    return { body: { success: true, ...done } };
  },
});
