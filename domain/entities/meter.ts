import { z } from 'zod';
import { NAMED, READING } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, instant, line, reference, text } from './field.ts';
import { METER_KINDS } from './vocabulary.ts';

const readingValue = z.union([z.number(), z.string()]);

export const METER_FIELDS = {
  code: field(line, { filter: true }),
  name: needed(line),
  kind: field(z.enum(METER_KINDS), {
    inputNote: 'Observations are read in words, the others in numbers.',
  }),
  unit: field(text),
  asset: field(reference, { name: 'asset_id', refers: 'asset', filter: true }),
  location: field(reference, { name: 'location_id', refers: 'location' }),
  active: field(z.boolean()),
  /** The newest reading; older ones are rows of their own. `value` is a number, or text for an observation. */
  lastReading: field(z.strictObject({ value: readingValue, at: instant }), {
    shape: READING,
    setBy: 'operation',
  }),
  customFields: field(customFields, { shape: NAMED }),
};

/** A meter's reading as a row of its own. */
export const reading = z.strictObject({ meter: reference, value: readingValue, at: instant, source: line });
