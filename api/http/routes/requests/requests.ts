import { z } from 'zod';
import { REQUEST_STATUSES } from '../../../../domain/entities/vocabulary.ts';
import { REQUEST } from '../../../../plant/records/plain-records-kinds.ts';
import { submitRequest } from '../../../../plant/requests/requests.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { instantInput, instantOutput, uuid } from '../../frame/shapes.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';
import { line, named, personNamed, recordShape, scalars, text } from '../plain-records/shapes.ts';

const priority = z.enum(['critical', 'high', 'medium', 'low']);
const status = z.enum(REQUEST_STATUSES);

export const request = z.object({
  ...recordShape,
  title: z.string(),
  description: z.string().nullable(),
  status: status.nullable(),
  priority: priority.nullable(),
  asset_id: z.string().nullable(),
  location_id: uuid.nullable(),
  requested_by: z.string().nullable(),
  assigned_to: z.string().nullable(),
  requested_at: instantOutput.nullable(),
  due_at: instantOutput.nullable(),
  custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
});

export const requests = plainRoutes({
  kind: REQUEST,
  resource: 'requests',
  title: 'Request',
  tag: 'Requests',
  needed: { title: line },
  optional: {
    description: text.nullish(),
    priority: priority.nullish(),
    asset_id: named.nullish(),
    location_id: named.nullish(),
    requested_by: personNamed.nullish(),
    assigned_to: personNamed.nullish(),
    requested_at: instantInput.nullish().meta({ description: 'Now when absent.' }),
    due_at: instantInput.nullish(),
    custom_fields: scalars.nullish(),
  },
  filters: { status: status.optional(), asset_id: named.optional(), assigned_to: personNamed.optional() },
  shown: request,
  create: submitRequest,
  examples: {
    id: EXAMPLE.request,
    create: { title: 'Oil under the boom', priority: 'high', asset_id: EXAMPLE.assetTag },
    change: { assigned_to: 'ALMUT' },
    list: { status: 'submitted' },
  },
});
