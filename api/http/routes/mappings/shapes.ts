/** Mappings as the API shows them: one rule a field, so that each can be looked at and changed by itself. */
import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import type { EffectiveMapping } from '../../../../plant/mappings/mappings.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

const jsonObject = z.record(z.string(), z.json());
const ruleView = z.object({ field: z.string(), rule: jsonObject });

export const mapping = z.object({
  system: z.string(),
  entity: z.enum(ENTITIES),
  object: z.string().meta({ description: "The vendor's object." }),
  version: z.string().meta({ description: 'Hash of the rules: what a run records.' }),
  match: z.array(z.array(z.string())),
  conflict: z.object({ default: z.string(), fields: z.record(z.string(), z.string()) }),
  pull: z.array(ruleView),
  push: z.array(ruleView),
  override_version: z.number().int().nullable().meta({ description: 'Null: as shipped.' }),
  override: jsonObject.nullable(),
});

export function shownMapping(view: EffectiveMapping): z.input<typeof mapping> {
  return JSON.parse(JSON.stringify(view)) as z.input<typeof mapping>;
}

/** What a plant changes; the rules are described in mappings/README.md. */
export const override = z
  .strictObject({
    replace: z.boolean().optional().meta({ description: 'Leaves all that ships aside.' }),
    match: z
      .array(z.array(z.string().max(200)).max(20))
      .max(20)
      .optional(),
    empty: z
      .array(z.union([z.string().max(200), z.number(), z.boolean()]))
      .max(50)
      .optional()
      .meta({ description: 'Values with which the system says "nothing", e.g. false.' }),
    conflict: jsonObject.optional(),
    pull: z.record(z.string().max(200), z.json()).optional(),
    push: z.record(z.string().max(200), z.json()).optional(),
  })
  .meta({
    description:
      'Rules by field, laid over what ships: { pull: { field: rule }, push: { field: rule }, conflict: { default, fields }, match: [[field]] }; null takes a rule away.',
    example: { pull: { category: { path: 'customCategory' } } },
  });

export const finding = z.object({
  level: z.enum(['error', 'warning', 'info']).meta({
    description: 'An error is refused; a warning is taken and probably not what is meant.',
  }),
  where: z.string().meta({
    description: 'The path within the override, as pull.title.path; of a shipped rule its file and line.',
    example: 'pull.title.path',
  }),
  message: z.string(),
});

export const mappingVersion = z.object({
  version: z.number().int(),
  active: z.boolean(),
  override: jsonObject,
  note: z.string().nullable(),
  created_by: z.string(),
  created_at: instantOutput,
});

export const fieldMapping = z.object({
  id: uuid,
  cmms_connection_id: uuid,
  entity: z.enum(ENTITIES),
  source_field: z.string(),
  target_field: z.string(),
  transformation_rule: z.json(),
  is_required: z.boolean(),
  default_value: z.json(),
  created_at: instantOutput,
});

export const mappingParams = z.strictObject({ id: uuid, entity: z.enum(ENTITIES) });
export const preview = z.object({
  ok: z.boolean(),
  fields: z.array(
    z.object({
      field: z.string(),
      rule: jsonObject,
      input: jsonObject.meta({ description: 'What the rule reads: path to value.' }),
      output: z.json(),
      errors: z.array(z.string()),
    }),
  ),
  result: jsonObject.nullable(),
  input: jsonObject,
  findings: z.array(finding).meta({ description: 'What storing the override would find.' }),
});
