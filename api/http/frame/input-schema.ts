/**
 * What a caller may send, as JSON Schema. Zod knows two sides of a field that is converted on its way in (`limit=50` as text
 * becomes a number): what goes in is often "anything", what comes out has the type and the range. Callers need the second
 * wherever the first says nothing. For the document and for the fuzz lane, never for judging.
 */
import { z } from 'zod';
import type { JsonObject } from '../../../domain/json.ts';

export function inputSchema(schema: z.ZodType): JsonObject {
  const side = (io: 'input' | 'output'): JsonObject =>
    z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject;
  return narrowed(side('input'), side('output'));
}

const SAYS_WHAT = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref'];

function narrowed(given: JsonObject, made: JsonObject): JsonObject {
  if (isObject(given['properties'])) {
    const becomes = isObject(made['properties']) ? made['properties'] : {};
    return { ...given, properties: mapValues(given['properties'], (one, name) => pair(one, becomes[name])) };
  }
  if (isObject(given['items'])) return { ...given, items: pair(given['items'], made['items']) };
  if (!SAYS_WHAT.some((word) => word in given)) return { ...made, ...given };
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
