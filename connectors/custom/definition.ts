/**
 * The document that describes a REST system, instead of code: its schema, and nothing of how it is carried out. Every key
 * is explained in README.md. Errors name the place in the document.
 */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';
import { auth, errors, NO_ERRORS } from './definition-auth.ts';
import { list, since } from './definition-list.ts';
import { action, create, remove, retire, update } from './definition-write.ts';
import { itemPath, name, path, place, stamp } from './shapes.ts';

export type { AuthDefinition } from './definition-auth.ts';
export type { ListDefinition, Paging, SinceDefinition } from './definition-list.ts';
export type { ActionDefinition, RetireDefinition } from './definition-write.ts';
export type { Stamp } from './shapes.ts';

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
    item: z.strictObject({ path: itemPath, record: place.optional() }).optional(),
    create: create.optional(),
    update: update.optional(),
    actions: z.array(action).default([]),
    delete: remove.optional(),
    retire: retire.optional(),
    /** Places in the payload by which a create with a lost answer is found again, when there is no reference field. */
    naturalKey: z.array(place).min(1).optional(),
  })
  .refine(({ since: changes, updated }) => changes === undefined || updated !== undefined, {
    path: ['updated'],
    message: 'since needs updated: the field that tells when a record changed',
  });
export type Resource = z.infer<typeof resource>;

export const definitionSchema = z.strictObject({
  /** Absent: bearer when the secret holds a key, basic when it holds a user name, else none. */
  auth: auth.optional(),
  headers: z.record(name, z.string()).default({}),
  /** A cheap call that proves the credentials; absent: one record of the first resource. */
  probe: z
    .strictObject({
      path,
      account: place.optional(),
      /** Where its answer names the tenant or account whose records these are, when one address serves several. */
      tenant: place.optional(),
    })
    .optional(),
  rate: z
    .strictObject({
      requestsPerSecond: z.number().positive().max(1_000).optional(),
      parallel: z.number().int().min(1).max(16).default(2),
    })
    .default({ parallel: 2 }),
  errors: errors.default(NO_ERRORS),
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
