/** Fields under the names that people and programs outside know: both directions, and the values that are written otherwise there. */
import { camelName, snakeName } from '../case.ts';
import type { Json, JsonObject } from '../json.ts';
import { roundTo } from '../rounding.ts';
import type { Field } from './field-table.ts';
import { ENTITY_DEFINITIONS, type Entity } from './index.ts';

export interface PublicField {
  /** In the hub. */
  field: string;
  /** In the API. */
  name: string;
  /** The entity it refers to. */
  target: Entity | null;
  options: Field['options'];
}

const byEntity = new Map<Entity, readonly PublicField[]>();

/** Every field of an entity, in the order in which answers show them. */
export function publicFields(entity: Entity): readonly PublicField[] {
  const known = byEntity.get(entity);
  if (known !== undefined) return known;
  const { fields, references } = ENTITY_DEFINITIONS[entity];
  const made = Object.entries(fields).map(([field, { options }]) => ({
    field,
    name: options.name ?? snakeName(field),
    target: references[field] ?? null,
    options,
  }));
  byEntity.set(entity, made);
  return made;
}

/** Fields whose values are shown and taken as they are, apart from `as`. */
export function plainFields(entity: Entity): PublicField[] {
  return publicFields(entity).filter(({ options }) => options.own !== true);
}

/**
 * The field of an entity with this public name, else with this name of the hub's own. Where a name stands for a person and the text
 * that is kept when nobody fits, the text is meant: outside text is no reference.
 */
export function fieldCalled(entity: Entity, name: string): PublicField | null {
  const fields = publicFields(entity);
  const camel = camelName(name);
  const found = fields.find((one) => one.name === name) ?? fields.find(({ field }) => field === camel);
  const written = found?.name === name ? found.options.written : undefined;
  return fields.find(({ field }) => field === written) ?? found ?? null;
}

/** The stored value as the API writes it; null when there is none. */
export function shownValue({ field, options }: Pick<PublicField, 'field' | 'options'>, stored: Json): Json {
  if (stored === null) return (options.empty ?? null) as Json;
  if (options.as === 'hours') return Math.round((Number(stored) / 60) * 1e4) / 1e4;
  if (options.as === 'midnight' && typeof stored === 'string') return `${stored}T00:00:00.000Z`;
  // "No priority" is the absence of one to callers.
  return field === 'priority' && stored === 'none' ? null : stored;
}

/** What a caller gave as the hub stores it. */
export function storedValue({ options }: Pick<PublicField, 'options'>, given: Json): Json {
  return options.as === 'hours' && typeof given === 'number' ? roundTo(given * 60, 6) : given;
}

/** The fields that people may set as they are, under the hub's names; what is undefined stays undefined. */
export function plainInput(entity: Entity, body: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    plainFields(entity).flatMap((one) => {
      const given = body[one.name] as Json | undefined;
      if (given === undefined || one.options.setBy !== undefined || one.target !== null) return [];
      return [[one.field, storedValue(one, given)]];
    }),
  );
}
