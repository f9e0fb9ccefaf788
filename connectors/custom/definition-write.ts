/** How records of a described system are written: creates, updates, calls that carry single fields, deletes. */
import { z } from 'zod';
import { itemPath, name, path, place, template, templateObject } from './shapes.ts';

const reference = z
  .strictObject({
    /** The system's field that takes our reference: a place in what is sent and in what lists show. */
    field: place,
    /** The list parameter that finds it again; absent, and without `search`: the list is walked. */
    param: name.optional(),
    /** Instead of a parameter: laid into the query or body of the list; `{reference}` in it is the reference. */
    search: templateObject.optional(),
  })
  .refine(({ param, search }) => param === undefined || search === undefined, {
    path: ['search'],
    message: 'give either param or search',
  });

export const create = z.strictObject({
  method: z.enum(['POST', 'PUT']).default('POST'),
  path,
  /** The payload is sent as the value of this key. */
  envelope: name.optional(),
  /** Laid under the payload: what the system wants and no mapping fills. */
  adds: templateObject.optional(),
  /** Where the answer holds the record; absent: the body itself. */
  record: place.optional(),
  /** Where the answer holds the new id, when it is not in the record. Without any body the Location header is read. */
  id: place.optional(),
  reference: reference.optional(),
});

export const update = z.strictObject({
  method: z.enum(['PATCH', 'PUT', 'POST']).default('PATCH'),
  path: itemPath,
  envelope: name.optional(),
  /**
   * `changes`: only what changed. `objects`: what changed, with every other member of a nested object beside it. `whole`:
   * the record as it is, with the changes in it at every depth.
   */
  sends: z.enum(['changes', 'objects', 'whole']).default('changes'),
  /** Members that `whole` and `objects` leave out, because the system computes or refuses them. */
  omits: z.array(place).default([]),
  /** Where the version the decision was based on is sent; the system then refuses with 409 or 412. */
  version: z.union([z.strictObject({ header: name }), z.strictObject({ field: place })]).optional(),
});

/** A call of its own that carries some fields: a change of status, an assignment. */
export const action = z.strictObject({
  /** Places in the payload that travel by this call instead of create and update. */
  fields: z.array(place).min(1),
  /** Only when these places hold these values; several actions may carry one field, each for its values. */
  when: z.record(place, z.array(template).min(1)).optional(),
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  /** `{id}`, `{0}`, and `{field}` of the payload. */
  path: itemPath,
  envelope: name.optional(),
  adds: templateObject.optional(),
  /** `fields` sends them as the body, `nothing` no body at all: the path says it all. */
  sends: z.enum(['fields', 'nothing']).default('fields'),
  /** `both`: the create cannot carry these fields, so that a new record takes two calls; `update`: it can. */
  on: z.enum(['both', 'update']).default('both'),
  /** Before the update's other fields or behind them. */
  order: z.enum(['before', 'after']).default('after'),
});
export type ActionDefinition = z.infer<typeof action>;

export const remove = z.strictObject({
  method: z.enum(['DELETE', 'POST', 'PATCH', 'PUT']).default('DELETE'),
  path: itemPath,
  body: templateObject.optional(),
});

const retireCall = {
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  path: itemPath,
  body: templateObject.optional(),
};
/** The system's own way of taking a record out of use, which keeps it. */
export const retire = z.strictObject({
  ...retireCall,
  /** How a record shows that it is out of use. */
  shown: z.strictObject({
    path: place,
    values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  }),
  /** The call that brings it back; absent: there is none. */
  back: z.strictObject(retireCall).optional(),
});
export type RetireDefinition = z.infer<typeof retire>;
