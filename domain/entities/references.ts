/** Walks the references of a canonical record: single fields (`asset`) and fields of list elements (`parts[].part`). */
import type { Json, JsonObject } from '../json.ts';
import { ENTITIES, ENTITY_DEFINITIONS, type Entity } from './index.ts';

interface Place {
  field: string;
  key: string | null;
  target: Entity;
}

const PLACES = new Map<Entity, readonly Place[]>(
  ENTITIES.map((entity) => [
    entity,
    Object.entries(ENTITY_DEFINITIONS[entity].references).map(([path, target]) => {
      const [field, key] = path.split('[].');
      return { field: field ?? path, key: key ?? null, target };
    }),
  ]),
);

export interface Reference {
  entity: Entity;
  value: string;
}

/** Every reference a record holds, in field order. */
export function referencesOf(entity: Entity, fields: JsonObject): Reference[] {
  const found: Reference[] = [];
  for (const { field, key, target } of PLACES.get(entity) ?? []) {
    const value = fields[field];
    if (value === undefined || value === null) continue;
    if (key === null) {
      if (typeof value === 'string') found.push({ entity: target, value });
      continue;
    }
    for (const element of Array.isArray(value) ? value : []) {
      const inner = isObject(element) ? element[key] : undefined;
      if (typeof inner === 'string') found.push({ entity: target, value: inner });
    }
  }
  return found;
}

/** The same record with every reference replaced; `replace` gives null for one that is not known, which is then left out. */
export function replaceReferences(
  entity: Entity,
  fields: JsonObject,
  replace: (reference: Reference) => string | null,
): JsonObject {
  const result: JsonObject = { ...fields };
  for (const { field, key, target } of PLACES.get(entity) ?? []) {
    const value = fields[field];
    if (value === undefined || value === null) continue;
    if (key === null) {
      if (typeof value !== 'string') continue;
      const replaced = replace({ entity: target, value });
      if (replaced === null) delete result[field];
      else result[field] = replaced;
      continue;
    }
    if (!Array.isArray(value)) continue;
    // Lists are kept in one order, whatever order the other side's ids have: equal content stays equal.
    result[field] = value
      .flatMap((element): JsonObject[] => {
        const inner = isObject(element) ? element[key] : undefined;
        if (!isObject(element) || typeof inner !== 'string') return [];
        const replaced = replace({ entity: target, value: inner });
        return replaced === null ? [] : [{ ...element, [key]: replaced }];
      })
      .sort((a, b) => compare(a, b, key));
  }
  return result;
}

function compare(a: JsonObject, b: JsonObject, key: string): number {
  const left = `${text(a['startedAt'])}|${text(a[key])}`;
  const right = `${text(b['startedAt'])}|${text(b[key])}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
