/**
 * The document that describes a REST system, instead of code: its schema, and nothing of how it is carried out. Every key
 * is explained in README.md. Errors name the place in the document.
 */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';

/** A place in a body: `data.items`, `links.0.href`. */
const place = z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'expected a dotted place such as data.items');
const path = z.string().regex(/^\/\S*$/, 'expected a path that begins with / and holds no blanks');
const itemPath = path.refine((text) => /\{(id|\d)\}/.test(text), 'expected {id} somewhere in the path');
const name = z.string().min(1).max(200);
const status = z.number().int().min(400).max(599);
const zone = z.string().refine(isZone, 'expected an IANA time zone such as Australia/Perth');

const stamp = z.union([
  place.transform((at) => ({ path: at, format: 'rfc3339' as const, zone: 'UTC' })),
  z.strictObject({
    path: place,
    /** How the system writes instants. `rfc3339` without offset is read in `zone`. */
    format: z.enum(['rfc3339', 'epoch_ms', 'epoch_s']).default('rfc3339'),
    zone: zone.default('UTC'),
  }),
]);
export type Stamp = z.infer<typeof stamp>;

const paging = z.discriminatedUnion('style', [
  z.strictObject({ style: z.literal('none') }),
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
  }),
  z.strictObject({ style: z.literal('link'), sizeParam: name.optional() }),
  z.strictObject({ style: z.literal('next_url'), sizeParam: name.optional(), next: place }),
]);
export type Paging = z.infer<typeof paging>;

const list = z.strictObject({
  path,
  /** With POST the parameters travel in a JSON body. */
  method: z.enum(['GET', 'POST']).default('GET'),
  query: z.record(name, z.string()).default({}),
  /** Where the list stands; several are tried in order. Absent: the body itself. */
  records: z.union([place.transform((one) => [one]), z.array(place).min(1)]).optional(),
  paging: paging.default({ style: 'none' }),
  /** The most records the system gives in one answer. */
  pageSizeMax: z.number().int().min(2).max(1_000).default(100),
});

const since = z.strictObject({
  param: name,
  format: z.enum(['rfc3339', 'rfc3339_seconds', 'date', 'epoch_ms', 'epoch_s']).default('rfc3339'),
  /** How far an incremental pull goes back behind the newest change it knows. */
  overlapMinutes: z.number().min(0).max(10_080).default(10),
});

const item = z.strictObject({ path: itemPath, record: place.optional() });

const create = z.strictObject({
  method: z.enum(['POST', 'PUT']).default('POST'),
  path,
  /** The payload is sent as the value of this key. */
  envelope: name.optional(),
  /** Where the answer holds the record; absent: the body itself. */
  record: place.optional(),
  /** Where the answer holds the new id, when it is not in the record. */
  id: place.optional(),
  /** The system's field that takes our reference, and the list parameter that finds it again. */
  reference: z.strictObject({ field: name, param: name.optional() }).optional(),
});

const update = z.strictObject({
  method: z.enum(['PATCH', 'PUT', 'POST']).default('PATCH'),
  path: itemPath,
  envelope: name.optional(),
  /** `changes`: only what changed. `whole`: the record as it is, with the changes in it. */
  sends: z.enum(['changes', 'whole']).default('changes'),
  /** Where the version the decision was based on is sent; the system then refuses with 409 or 412. */
  version: z.union([z.strictObject({ header: name }), z.strictObject({ field: name })]).optional(),
});

const resource = z
  .strictObject({
    list,
    /** One place, or several whose values are joined with `|`. */
    id: z.union([place.transform((one) => [one]), z.array(place).min(1).max(4)]).default(['id']),
    /** The number people know the record by. */
    number: place.optional(),
    updated: stamp.optional(),
    created: stamp.optional(),
    /** A version mark; absent: `updated`, and without that a hash of the record. */
    version: place.optional(),
    since: since.optional(),
    /** A record with one of these values there counts as deleted; without values, with anything there. */
    deleted: z
      .strictObject({
        path: place,
        values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
      })
      .optional(),
    item: item.optional(),
    create: create.optional(),
    update: update.optional(),
    delete: z
      .strictObject({ method: z.enum(['DELETE', 'POST']).default('DELETE'), path: itemPath })
      .optional(),
    /** Payload fields by which a create with a lost answer is found again, when there is no reference field. */
    naturalKey: z.array(name).min(1).optional(),
  })
  .refine(({ since, updated }) => since === undefined || updated !== undefined, {
    path: ['updated'],
    message: 'since needs updated: the field that tells when a record changed',
  });
export type Resource = z.infer<typeof resource>;

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer') }),
  z.strictObject({
    type: z.literal('api_key'),
    in: z.enum(['header', 'query']).default('header'),
    name: name.default('x-api-key'),
    /** Stands before the key, e.g. `Token `. */
    prefix: z.string().max(50).default(''),
  }),
  z.strictObject({ type: z.literal('basic') }),
  z.strictObject({
    type: z.literal('oauth2'),
    tokenUrl: z.url({ protocol: /^https?$/ }),
    scope: z.string().optional(),
    clientAuth: z.enum(['basic', 'form']).default('basic'),
  }),
]);
export type AuthDefinition = z.infer<typeof auth>;

export const definitionSchema = z.strictObject({
  /** Absent: bearer when the secret holds a key, basic when it holds a user name, else none. */
  auth: auth.optional(),
  headers: z.record(name, z.string()).default({}),
  /** A cheap call that proves the credentials; absent: one record of the first resource. */
  probe: z.strictObject({ path, account: place.optional() }).optional(),
  rate: z
    .strictObject({
      requestsPerSecond: z.number().positive().max(1_000).optional(),
      parallel: z.number().int().min(1).max(16).default(2),
    })
    .default({ parallel: 2 }),
  errors: z
    .strictObject({
      /** Statuses that mean: refused for good, repeating cannot help. */
      rejected: z.array(status).default([]),
      /** Statuses that mean: try again later. */
      retry: z.array(status).default([]),
      /** Where an error's body holds its sentence. */
      message: place.optional(),
    })
    .default({ rejected: [], retry: [] }),
  resources: z
    .partialRecord(z.enum(ENTITIES), resource)
    .refine((all) => Object.keys(all).length > 0, 'name at least one entity'),
});
export type Definition = z.infer<typeof definitionSchema>;

/** The document as an object or as YAML (and so JSON) text. */
export const definitionDocument = z.preprocess((value, context) => {
  if (typeof value !== 'string') return value;
  try {
    return parseYaml(value, { maxAliasCount: 50 }) as unknown;
  } catch (error) {
    const why = error instanceof YAMLParseError ? (error.message.split('\n')[0] ?? '') : 'it cannot be read';
    context.issues.push({
      code: 'custom',
      message: `the text is no YAML: ${why.replace(/[:.]$/, '')}`,
      input: value,
    });
    return z.NEVER;
  }
}, definitionSchema);

function isZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
