/**
 * Names of values inside a record, as decisions and conflicts write them: `title`, `tasks[20]`, `tasks[20].title`,
 * `customFields.shift`. The key of an element is the text of its identity, several members joined with `|`.
 */
import type { FieldShapes } from '../entities/field-shape.ts';
import { canonicalJson, type Json, type JsonObject } from '../json.ts';

export interface ValuePath {
  field: string;
  /** Key of an element. */
  element: string | null;
  /** Member of the element, or name in an object of free names. */
  member: string | null;
}

/** Member names of elements hold no brackets, so the last one ends the key, whatever the key holds. */
const PATH = /^([^[.]+)(?:\[(.*)\])?(?:\.(.*))?$/s;

export function parsePath(path: string): ValuePath {
  const [, field = path, element = null, member = null] = PATH.exec(path) ?? [];
  return { field, element, member };
}

/** The field a path leads into: `tasks` of `tasks[20].title`. */
export function rootOf(path: string): string {
  return parsePath(path).field;
}

export function elementPath(field: string, key: string): string {
  return `${field}[${key}]`;
}

export function memberPath(within: string, member: string): string {
  return `${within}.${member}`;
}

export type Elements = ReadonlyMap<string, JsonObject>;
/** The elements of a list by key, or why they cannot be told apart. */
export type KeyedList = { ok: true; elements: Elements } | { ok: false; reason: string };

export function keyElements(list: Json | undefined, identity: readonly string[]): KeyedList {
  const elements = new Map<string, JsonObject>();
  if (list === undefined || list === null) return { ok: true, elements };
  const names = identity.join(' and ');
  if (!Array.isArray(list)) return { ok: false, reason: 'it is no list' };
  for (const element of list) {
    const key = isObject(element) ? keyOf(element, identity) : null;
    if (!isObject(element) || key === null) return { ok: false, reason: `an element has no ${names}` };
    if (elements.has(key)) return { ok: false, reason: `two elements have the ${names} ${key}` };
    elements.set(key, element);
  }
  return { ok: true, elements };
}

/** Null when none of the members is there. Some may be missing: a booking without a start is known by its person. */
export function keyOf(element: JsonObject, identity: readonly string[]): string | null {
  const parts = identity.map((name) => element[name] ?? null);
  return parts.every((part) => part === null) ? null : parts.map(keyText).join('|');
}

export function keyText(part: Json): string {
  if (part === null) return '';
  return typeof part === 'string' ? part : canonicalJson(part);
}

/** The value a path leads to; null when there is none. */
export function valueAt(fields: JsonObject, path: string, shapes: FieldShapes): Json {
  const { field, element, member } = parsePath(path);
  const value = fields[field] ?? null;
  if (element === null) return member === null ? value : memberOf(value, member);
  const shape = shapes[field];
  const list = shape?.kind === 'list' ? keyElements(value, shape.identity) : null;
  const found = list?.ok === true ? (list.elements.get(element) ?? null) : null;
  return member === null ? found : memberOf(found, member);
}

/**
 * The same fields with another value at the path; null takes it away. A member of an element that is not there changes
 * nothing: the element went, and its member with it.
 */
export function withValueAt(fields: JsonObject, path: string, value: Json, shapes: FieldShapes): JsonObject {
  const { field, element, member } = parsePath(path);
  const before = fields[field] ?? null;
  if (element === null)
    return withMember(fields, field, member === null ? value : withMember(before, member, value));
  const shape = shapes[field];
  const list = shape?.kind === 'list' ? keyElements(before, shape.identity) : null;
  if (list?.ok !== true) return fields;
  const there = list.elements.get(element) ?? null;
  const next = member === null ? value : there === null ? null : withMember(there, member, value);
  const others = [...list.elements].filter(([key]) => key !== element).map(([, other]) => other);
  if (!isObject(next)) return withMember(fields, field, others);
  if (there === null) return withMember(fields, field, [...others, next]);
  return withMember(
    fields,
    field,
    [...list.elements].map(([key, other]) => (key === element ? next : other)),
  );
}

/** An object with one member set; null, and a list or object with nothing in it, take the member away. */
function withMember(object: Json, name: string, value: Json): JsonObject {
  const { [name]: _old, ...rest } = isObject(object) ? object : {};
  if (isNothing(value)) return rest;
  return isObject(object)
    ? Object.fromEntries([...Object.entries(object), [name, value]])
    : { [name]: value };
}

export function isNothing(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

function memberOf(value: Json, name: string): Json {
  return isObject(value) ? (value[name] ?? null) : null;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
