/** How a described system's lists are asked for: pages, places in the answer, what changed since. */
import { z } from 'zod';
import { name, path, place, status, template, templateObject, zone } from './shapes.ts';

const ends = z.enum(['told', 'empty']).default('told');

const paging = z.discriminatedUnion('style', [
  z.strictObject({
    style: z.literal('none'),
    total: place.optional(),
  }),
  z.strictObject({
    style: z.literal('page'),
    pageParam: name.default('page'),
    sizeParam: name.default('page_size'),
    first: z.number().int().min(0).default(1),
    total: place.optional(),
  }),
  z.strictObject({
    style: z.literal('offset'),
    offsetParam: name.default('offset'),
    sizeParam: name.default('limit'),
    total: place.optional(),
  }),
  z.strictObject({
    style: z.literal('cursor'),
    cursorParam: name.default('cursor'),
    sizeParam: name.optional(),
    next: place,
    total: place.optional(),
    ends,
  }),
  z.strictObject({ style: z.literal('link'), sizeParam: name.optional(), total: place.optional(), ends }),
  z.strictObject({
    style: z.literal('next_url'),
    sizeParam: name.optional(),
    next: place,
    total: place.optional(),
    ends,
  }),
]);
export type Paging = z.infer<typeof paging>;

export const list = z
  .strictObject({
    path,
    /** With POST the parameters travel in a JSON body, and their names are places in it. */
    method: z.enum(['GET', 'POST']).default('GET'),
    /** Goes with every call; for POST any JSON. */
    query: z.record(name, template).default({}),
    /** Where the list stands; several are tried in order. Absent: the body itself. An object is taken as a list by id. */
    records: z.union([place.transform((one) => [one]), z.array(place).min(1)]).optional(),
    paging: paging.default({ style: 'none' }),
    /** The most records the system gives in one answer. */
    pageSizeMax: z.number().int().min(2).max(1_000).default(100),
    /** Statuses by which it says that there is nothing. */
    empty: z.array(status).default([]),
  })
  .refine(
    ({ method, query }) => method === 'POST' || Object.values(query).every((value) => isScalar(value)),
    {
      path: ['query'],
      message: 'parameters of a GET are texts, numbers or truths; use method: POST for a body',
    },
  );
export type ListDefinition = z.infer<typeof list>;

export const since = z
  .strictObject({
    param: name.optional(),
    /** Instead of a parameter: laid into the query or body of the call; `{since}` in it is the bound. */
    adds: templateObject.optional(),
    format: z.enum(['rfc3339', 'rfc3339_seconds', 'date', 'epoch_ms', 'epoch_s']).default('rfc3339'),
    /** Whose days `date` counts, and whose clock the others show when the system keeps local time. */
    zone: zone.optional(),
    /** How far an incremental pull goes back behind the newest change it knows. */
    overlapMinutes: z.number().min(0).max(10_080).default(10),
  })
  .refine(({ param, adds }) => (param === undefined) !== (adds === undefined), {
    path: ['param'],
    message: 'give either param or adds',
  });
export type SinceDefinition = z.infer<typeof since>;

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}
