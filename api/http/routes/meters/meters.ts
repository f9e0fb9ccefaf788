import { z } from 'zod';
import { METER_KINDS } from '../../../../domain/entities/vocabulary.ts';
import { METER } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';
import { line, named, recordShape, scalars, text } from '../plain-records/shapes.ts';
import { readingValue } from './shapes.ts';

const kind = z.enum(METER_KINDS);

export const meters = plainRoutes({
  kind: METER,
  resource: 'meters',
  title: 'Meter',
  tag: 'Meters',
  needed: { name: line },
  optional: {
    code: line.nullish(),
    kind: kind.nullish().meta({ description: 'Observations are read in words, the others in numbers.' }),
    unit: text.nullish(),
    asset_id: named.nullish(),
    location_id: named.nullish(),
    active: z.boolean().nullish(),
    custom_fields: scalars.nullish(),
  },
  filters: { asset_id: named.optional(), code: line.optional() },
  shown: z.object({
    ...recordShape,
    code: z.string().nullable(),
    name: z.string(),
    kind: kind.nullable(),
    unit: z.string().nullable(),
    asset_id: z.string().nullable(),
    location_id: uuid.nullable(),
    active: z.boolean().nullable(),
    last_reading: z.object({ value: readingValue, at: instantOutput }).nullable(),
    custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  }),
  examples: {
    id: EXAMPLE.meter,
    create: { name: 'Engine hours', code: 'HOURS', kind: 'counter', unit: 'h', asset_id: EXAMPLE.assetTag },
    change: { unit: 'hours' },
    list: { asset_id: EXAMPLE.assetTag },
  },
});
