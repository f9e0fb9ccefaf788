import { z } from 'zod';
import { LOCATION_KINDS } from '../../../../domain/entities/vocabulary.ts';
import { zone } from '../../../../domain/entities/field.ts';
import { LOCATION } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { uuid } from '../../frame/shapes.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';
import { line, named, recordShape, scalars, text } from '../plain-records/shapes.ts';

const kind = z.enum(LOCATION_KINDS);

export const locations = plainRoutes({
  kind: LOCATION,
  resource: 'locations',
  title: 'Location',
  tag: 'Locations',
  needed: { name: line },
  optional: {
    code: line.nullish().meta({ description: 'No two locations have the same.' }),
    description: text.nullish(),
    kind: kind.nullish(),
    parent_id: named.nullish().meta({ description: 'The location it is part of.' }),
    address: text.nullish(),
    latitude: z.number().min(-90).max(90).nullish(),
    longitude: z.number().min(-180).max(180).nullish(),
    time_zone: zone.max(100).nullish().meta({ description: 'Of a site; what is below inherits it.' }),
    active: z.boolean().nullish(),
    custom_fields: scalars.nullish(),
  },
  filters: { parent_id: named.optional(), code: line.optional(), name: line.optional() },
  shown: z.object({
    ...recordShape,
    code: z.string().nullable(),
    name: z.string(),
    description: z.string().nullable(),
    kind: kind.nullable(),
    parent_id: uuid.nullable(),
    address: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    time_zone: z.string().nullable(),
    active: z.boolean().nullable(),
    custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  }),
  examples: {
    id: EXAMPLE.location,
    create: { name: 'Pit south', code: 'PIT-S', kind: 'area', latitude: -22.3401, longitude: 118.5652 },
    change: { description: 'Benches 1 to 6' },
    list: { limit: '10', sort: '-updated_at' },
  },
});
