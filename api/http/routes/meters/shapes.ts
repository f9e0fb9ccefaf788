/** Readings as the API takes and shows them. */
import { z } from 'zod';
import { instantInput, instantOutput, uuid } from '../../frame/shapes.ts';

export const readingValue = z.union([z.number(), z.string().min(1).max(1_000)]);

/** Where a reading comes from; with meter and time it makes the reading the same one. */
export const source = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .default('hub')
  .meta({ description: 'Where it comes from; a meter has one reading of a time and source.' });

export const takenAt = instantInput.meta({ description: 'When it was taken.' });

export const reading = z.object({
  meter_id: uuid,
  at: instantOutput,
  value: readingValue,
  source: z.string(),
  received_at: instantOutput,
});

export const taken = {
  accepted: z.number().int().meta({ description: 'Stored now.' }),
  duplicates: z
    .number()
    .int()
    .meta({ description: 'Of a meter, time and source that were there already; the first value is kept.' }),
} as const;
