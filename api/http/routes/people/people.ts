import { z } from 'zod';
import { PERSON } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';
import { line, recordShape, scalars, text } from '../plain-records/shapes.ts';

export const people = plainRoutes({
  kind: PERSON,
  resource: 'people',
  title: 'Person',
  tag: 'People',
  needed: { name: line },
  optional: {
    code: line.nullish().meta({ description: 'No two people have the same.' }),
    first_name: text.nullish(),
    last_name: text.nullish(),
    email: z.email().max(254).nullish(),
    phone: text.nullish(),
    job_title: text.nullish(),
    active: z.boolean().nullish(),
    custom_fields: scalars.nullish(),
  },
  filters: { code: line.optional(), name: line.optional() },
  shown: z.object({
    ...recordShape,
    code: z.string().nullable(),
    name: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    job_title: z.string().nullable(),
    active: z.boolean().nullable(),
    custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  }),
  examples: {
    id: EXAMPLE.person,
    create: { name: 'Jonas Weber', code: 'JWEBER', email: 'jonas.weber@plant.example', job_title: 'Fitter' },
    change: { phone: '+49 30 901820' },
    list: { code: 'ALMUT' },
  },
});
