import { z } from 'zod';
import type { Entity } from '../../../../domain/entities/index.ts';
import { createFieldMapping } from '../../../../plant/mappings/mappings.ts';
import { Refusal } from '../../problem.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { booleanInput, envelope, uuid } from '../../frame/shapes.ts';
import { shownFieldMapping } from './list-field-mappings.ts';
import { fieldMapping } from './shapes.ts';

/** The public names of scopes beside our own. */
const SCOPES: Readonly<Record<string, Entity>> = {
  work_order: 'work_order',
  schedule: 'plan',
  plan: 'plan',
  asset: 'asset',
  location: 'location',
  part: 'part',
  meter: 'meter',
  person: 'person',
  request: 'request',
};

export const createMapping = route({
  method: 'POST',
  url: '/cmms/mappings',
  id: 'createMapping',
  tag: 'Mappings',
  summary: 'Map an external field onto a hub field',
  description:
    'The rule is laid over the shipped mapping of the connection. transformation_rule is uppercase, lowercase, trim, an object with a type (also as text), or a list of these applied in order. Refused when the hub field is mapped by hand already.',
  permission: 'mappings:create',
  wakes: false,
  body: z.strictObject({
    cmms_connection_id: uuid,
    source_field: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^\s.][^\s]*$/, 'must be a field name or a dotted path without spaces'),
    target_field: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[A-Za-z_]+$/, 'must be one of our field names'),
    transformation_rule: z.json().optional(),
    is_required: booleanInput.default(false),
    default_value: z.json().optional(),
    entity: z.enum(Object.keys(SCOPES) as [string, ...string[]]).optional(),
  }),
  responses: {
    201: envelope({
      mapping_id: uuid,
      mapping: fieldMapping,
      mappings: z
        .array(fieldMapping)
        .meta({ description: 'One an entity, when the mapping names none and several have the field.' }),
    }),
  },
  example: {
    body: {
      cmms_connection_id: EXAMPLE.connection,
      source_field: 'category',
      target_field: 'category',
      transformation_rule: 'uppercase',
      entity: 'asset',
    },
  },
  async handle({ deps, person, body }) {
    const made = await createFieldMapping(
      { ...person, mappings: deps.mappings },
      {
        connectionId: body.cmms_connection_id,
        source_field: body.source_field,
        target_field: body.target_field,
        transformation_rule: body.transformation_rule ?? null,
        is_required: body.is_required,
        default_value: body.default_value ?? null,
        entity: body.entity === undefined ? null : (SCOPES[body.entity] ?? null),
      },
    );
    const [first] = made;
    if (first === undefined) throw new Refusal(422, 'Nothing was mapped.');
    return {
      status: 201,
      location: `/cmms/mappings/${first.id}`,
      body: {
        success: true,
        mapping_id: first.id,
        mapping: shownFieldMapping(first),
        mappings: made.map(shownFieldMapping),
        message: 'The mapping holds from the next run on.',
      },
    };
  },
});
