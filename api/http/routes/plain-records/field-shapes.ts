/**
 * Schemas of the API that follow from an entity's table of fields: what answers show, what people may send, what lists can be
 * narrowed by. An endpoint says only what it does differently, by field.
 */
import { z } from 'zod';
import { customFields, date, decimal, instant, reference } from '../../../../domain/entities/field.ts';
import type { ShownOf } from '../../../../domain/entities/field-table.ts';
import { ENTITY_DEFINITIONS, type Entity, type TableOf } from '../../../../domain/entities/index.ts';
import {
  plainFields,
  publicFields,
  shownValue,
  type PublicField,
} from '../../../../domain/entities/public-fields.ts';
import { PRIORITIES } from '../../../../domain/entities/vocabulary.ts';
import type { Json, JsonObject } from '../../../../domain/json.ts';
import { instantInput, instantOutput, uuid } from '../../frame/shapes.ts';
import { amount, dayInput, line, named, personNamed, scalars, text } from './shapes.ts';

/** By field of the hub: the public names it is shown under, with their schemas. Takes the place of what the table says. */
export type OwnShapes = Readonly<Record<string, Readonly<Record<string, z.ZodType>>>>;

/** The public names of an entity's fields with what answers hold there, in the order of the table. */
export function shownShape<E extends Entity, const O extends OwnShapes>(
  entity: E,
  own: O = {} as O,
): ShownShape<E, O> {
  const shape: Record<string, z.ZodType> = {};
  for (const one of publicFields(entity)) {
    const given = own[one.field];
    if (given !== undefined) Object.assign(shape, given);
    else if (one.options.own !== true) shape[one.name] = shownType(entity, one);
  }
  return shape as ShownShape<E, O>;
}

/** Own shapes win over the table's. */
type ShownShape<E extends Entity, O extends OwnShapes> = {
  [N in Exclude<keyof ShownOf<TableOf<E>>, NamesIn<O>>]: z.ZodType<ShownOf<TableOf<E>>[N]>;
} & { [N in NamesIn<O>]: Extract<O[keyof O], Readonly<Record<N, z.ZodType>>>[N] };
type NamesIn<O extends OwnShapes> = { [K in keyof O]: keyof O[K] }[keyof O];

function shownType(entity: Entity, { field, target, options }: PublicField): z.ZodType {
  const { schema, needed } = definitionOf(entity, field);
  const { shownNote: description, empty } = options;
  const shown = outputOf(schema, target);
  const type = needed || empty !== undefined ? shown : shown.nullable();
  return description === undefined ? type : type.meta({ description });
}

function outputOf(schema: z.ZodType, target: Entity | null): z.ZodType {
  if (target !== null) return target === 'asset' || target === 'person' ? z.string() : uuid;
  if (schema === instant || schema === date) return instantOutput;
  if (schema === customFields) return z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
  if (schema instanceof z.ZodEnum) return publicWords(schema);
  if (schema instanceof z.ZodString) return z.string();
  if (schema instanceof z.ZodNumber) return z.number();
  if (schema instanceof z.ZodBoolean) return z.boolean();
  if (schema instanceof z.ZodArray) return z.array(outputOf(schema.element as z.ZodType, null));
  if (schema instanceof z.ZodUnion)
    return z.union(schema.options.map((one) => outputOf(one as z.ZodType, null)));
  if (schema instanceof z.ZodObject) {
    return z.object(
      Object.fromEntries(
        Object.entries(schema.shape).map(([name, member]) => [name, outputOf(member as z.ZodType, null)]),
      ),
    );
  }
  throw new TypeError('A field of this type needs an own shape where it is shown.');
}

/** What no new record is without, by public name. */
export function neededShape(entity: Entity): Record<string, z.ZodType> {
  return Object.fromEntries(
    plainFields(entity).flatMap((one) =>
      definitionOf(entity, one.field).needed ? [[one.name, inputType(entity, one)]] : [],
    ),
  );
}

/** What people may send, by public name: left out, or null to clear it. `needed` fields are apart. */
export function inputShape(
  entity: Entity,
  own: Readonly<Record<string, z.ZodType>> = {},
): Record<string, z.ZodType> {
  return Object.fromEntries(
    plainFields(entity).flatMap((one) => {
      if (one.options.setBy !== undefined || definitionOf(entity, one.field).needed) return [];
      const { inputNote: description } = one.options;
      const type = (own[one.field] ?? inputType(entity, one)).nullish();
      return [[one.name, description === undefined ? type : type.meta({ description })]];
    }),
  );
}

function inputType(entity: Entity, { field, target, options }: PublicField): z.ZodType {
  if (options.input !== undefined) return options.input;
  if (target !== null) return target === 'person' ? personNamed : named;
  const { schema } = definitionOf(entity, field);
  if (schema === reference) return named;
  if (schema === instant) return instantInput;
  if (schema === date) return dayInput;
  if (schema === decimal) return amount;
  if (schema === customFields) return scalars;
  if (schema instanceof z.ZodEnum) return publicWords(schema);
  // Names and codes are trimmed, texts are kept as they were typed.
  if (schema instanceof z.ZodString) return (schema.minLength ?? 0) > 0 ? line : text;
  if (schema instanceof z.ZodArray) return z.array(line).max(1_000);
  return schema;
}

/** What a list can be narrowed by. */
export function filterShape(entity: Entity): Record<string, z.ZodType> {
  return Object.fromEntries(
    plainFields(entity).flatMap((one) => {
      if (one.options.filter !== true) return [];
      const type = inputType(entity, one);
      return [[one.name, (type === text ? line : type).optional()]];
    }),
  );
}

/** A record's fields as answers show them; `own` gives the values of the names that `shownShape` was given shapes for. */
export function shownFields(
  entity: Entity,
  fields: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, JsonObject>>,
): JsonObject {
  const shown: JsonObject = {};
  for (const one of publicFields(entity)) {
    const given = own[one.field];
    if (given !== undefined) Object.assign(shown, given);
    else if (one.options.own !== true) shown[one.name] = shownValue(one, (fields[one.field] ?? null) as Json);
  }
  return shown;
}

function definitionOf(entity: Entity, field: string) {
  const found = ENTITY_DEFINITIONS[entity].fields[field];
  if (found === undefined) throw new TypeError(`${entity} has no field ${field}.`);
  return found;
}

/** "No priority" is the absence of one to callers, and the gravest comes first. */
const PRIORITY = z.enum([...PRIORITIES].filter((word) => word !== 'none').reverse());

function publicWords(schema: z.ZodEnum): z.ZodType {
  return schema.options.length === PRIORITIES.length &&
    schema.options.every((word, at) => word === PRIORITIES[at])
    ? PRIORITY
    : schema;
}
