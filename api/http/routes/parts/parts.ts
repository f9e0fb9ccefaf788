import { z } from 'zod';
import { PART } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { uuid } from '../../frame/shapes.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';
import { amount, line, named, recordShape, scalars, text } from '../plain-records/shapes.ts';

export const part = z.object({
  ...recordShape,
  part_number: z.string().nullable(),
  name: z.string(),
  description: z.string().nullable(),
  unit: z.string().nullable(),
  category: z.string().nullable(),
  active: z.boolean().nullable(),
  unit_cost: z.number().nullable(),
  on_hand: z.number().nullable(),
  reorder_point: z.number().nullable(),
  bin: z.string().nullable(),
  store_id: uuid.nullable(),
  barcode: z.string().nullable(),
  custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
});

export const parts = plainRoutes({
  kind: PART,
  resource: 'parts',
  title: 'Part',
  tag: 'Parts',
  needed: { name: line },
  optional: {
    part_number: line.nullish().meta({ description: 'No two parts have the same.' }),
    description: text.nullish(),
    unit: text.nullish(),
    category: text.nullish(),
    active: z.boolean().nullish(),
    unit_cost: amount.nullish(),
    on_hand: amount.nullish().meta({ description: 'As counted; what comes and goes is posted to `/stock`.' }),
    reorder_point: amount.nullish(),
    bin: text.nullish(),
    store_id: named.nullish().meta({ description: 'The location where it is kept.' }),
    barcode: text.nullish(),
    custom_fields: scalars.nullish(),
  },
  filters: { part_number: line.optional(), store_id: named.optional() },
  shown: part,
  examples: {
    id: EXAMPLE.part,
    create: {
      name: 'Hydraulic hose 3/4 inch',
      part_number: 'HH-034',
      unit: 'pcs',
      unit_cost: 35.5,
      on_hand: 4,
    },
    change: { reorder_point: 2, bin: 'A-12' },
    list: { limit: '10' },
  },
});
