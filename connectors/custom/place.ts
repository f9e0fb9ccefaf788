/** Looking into a body by a place, and reading what stands there. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { pathSteps, readPath } from '../../domain/path.ts';

/** A document names a few dozen places, each read in every row. */
const known = new Map<string, readonly string[]>();
const KNOWN_MAX = 5_000;

export function stepsOf(place: string): readonly string[] {
  let steps = known.get(place);
  if (steps === undefined) {
    steps = pathSteps(place);
    if (known.size < KNOWN_MAX) known.set(place, steps);
  }
  return steps;
}

export function at(body: unknown, place: string | undefined): unknown {
  return place === undefined ? body : readPath(body, stepsOf(place));
}

/** The body came from JSON, so that what is an object holds JSON only. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textAt(body: unknown, place: string | undefined): string | null {
  const value = place === undefined ? undefined : at(body, place);
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** A page or cursor to go on with: `false` and nothing are none. */
export function pointerAt(body: unknown, place: string): string | null {
  const value = at(body, place);
  return typeof value === 'boolean' ? null : textAt(body, place);
}

export function hashOf(record: Json): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex').slice(0, 32);
}

/** A template with its texts in braces filled in; one that is nothing but braces takes the value as it is. */
export function fill(template: Json, values: Readonly<Record<string, Json>>): Json {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.map((element) => fill(element, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, values)]));
}

function fillText(text: string, values: Readonly<Record<string, Json>>): Json {
  const [, only] = /^\{(\w+)\}$/.exec(text) ?? [];
  if (only !== undefined && Object.hasOwn(values, only)) return values[only] ?? null;
  return text.replace(/\{(\w+)\}/g, (braces, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return value === undefined || typeof value === 'object' ? braces : String(value);
  });
}

/** One template laid into another: objects member by member, lists one behind the other. */
export function layInto(under: JsonObject, over: JsonObject): JsonObject {
  const laid: JsonObject = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const there = laid[key];
    if (isObject(there) && isObject(value)) laid[key] = layInto(there, value);
    else if (Array.isArray(there) && Array.isArray(value)) laid[key] = [...there, ...value];
    else laid[key] = value;
  }
  return laid;
}
