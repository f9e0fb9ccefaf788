/**
 * What a connection's own system was seen to hold, as attributes that rules are checked against, together with the schema that ships.
 * A system of a known vendor has the vendor's contract, and plants add fields; of a system of one's own the shipped schema is
 * only the layout we made up, so what was seen comes first.
 */
import type { SchemaField, SchemaFields } from './drift.ts';
import type { Attribute, VendorSchema } from './vendor-schema.ts';

export interface Discovered {
  fields: SchemaFields;
  /** The system described itself; else the fields are those that records happened to show. */
  complete: boolean;
}

export function withDiscovered(shipped: VendorSchema, discovered: Discovered | null): VendorSchema {
  if (discovered === null) return shipped;
  const seen = attributesOf(discovered.fields);
  if (!shipped.own) return { ...shipped, attributes: merged(seen, shipped.attributes) };
  const suggested = discovered.complete ? missing(shipped.attributes) : shipped.attributes;
  return { ...shipped, attributes: { ...suggested, ...seen } };
}

/** What the layout suggests and the system does not have: reading it gives nothing, writing it is refused there. */
function missing(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, { ...attribute, missing: true }]),
  );
}

type Attributes = Record<string, Attribute>;

/** `over` knows better; what only `under` has is added, also inside objects and lists. */
function merged(under: Attributes, over: Attributes): Attributes {
  const result: Attributes = { ...under };
  for (const [name, attribute] of Object.entries(over)) {
    const below = Object.hasOwn(under, name) ? under[name]?.item : undefined;
    result[name] =
      below && attribute.item ? { ...attribute, item: merged(below, attribute.item) } : attribute;
  }
  return result;
}

function attributesOf(fields: SchemaFields): Attributes {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, attributeOf(field)]));
}

function attributeOf({ type, nullable, maxLength, readOnly, values, item }: SchemaField): Attribute {
  return {
    type: TYPES[type] ?? 'json',
    nullable: nullable !== false,
    readOnly: readOnly === true,
    // Words that were seen are not all there are.
    open: true,
    discovered: true,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(values === undefined ? {} : { values: [...values] }),
    ...(item === undefined ? {} : { item: attributesOf(item) }),
  };
}

const TYPES: Readonly<Record<string, Attribute['type']>> = {
  text: 'text',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  instant: 'instant',
  date: 'date',
  reference: 'reference',
  object: 'object',
  list: 'list',
};
