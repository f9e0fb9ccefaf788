/**
 * What a caller may send, as JSON Schema. Zod knows two sides of a field that is converted on its way in (`limit=50` as text
 * becomes a number): what goes in is often "anything", what comes out has the type and the range. Callers need the second
 * wherever the first says nothing. For the document and for the fuzz lane, never for judging.
 */
import { z } from 'zod';
import type { JsonObject } from '../../../domain/json.ts';

export function inputSchema(schema: z.ZodType): JsonObject {
  return narrowedBy(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject, schema);
}

/** The same for a schema of the input side that is there already, with references of its own. */
export function narrowedBy(given: JsonObject, schema: z.ZodType): JsonObject {
  return narrowed(given, z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonObject);
}

const SAYS_WHAT = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref'];

function narrowed(given: JsonObject, made: JsonObject): JsonObject {
  if (isObject(given['properties'])) {
    const becomes = isObject(made['properties']) ? made['properties'] : {};
    return { ...given, properties: mapValues(given['properties'], (one, name) => pair(one, becomes[name])) };
  }
  if (isObject(given['items'])) return { ...given, items: pair(given['items'], made['items']) };
  // A reference of the other side leads nowhere here.
  if (!SAYS_WHAT.some((word) => word in given)) return '$ref' in made ? given : { ...made, ...given };
  const numbers = given['type'] === 'number' && (made['type'] === 'number' || made['type'] === 'integer');
  return numbers ? { ...given, ...made } : given;
}

function pair(given: unknown, made: unknown): JsonObject {
  return narrowed(isObject(given) ? given : {}, isObject(made) ? made : {});
}

function mapValues(object: JsonObject, change: (value: unknown, name: string) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
