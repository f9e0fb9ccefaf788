/** Select lists (contract 3.2): what an object structure lacks of one, and the list without that. Pure. */
import { isObject } from './wire.ts';

/** The names of a select's top level that a JSON schema of the object structure does not have. */
export function droppedFrom(select: string, schema: unknown): string[] {
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : null;
  if (properties === null) return [];
  const known = new Set(Object.keys(properties).map((name) => name.toLowerCase()));
  return itemsOf(select)
    .map(nameOf)
    .filter((name) => !known.has(name));
}

export function selectOf(select: string, missing: readonly string[]): string {
  if (missing.length === 0) return select;
  return itemsOf(select)
    .filter((item) => !missing.includes(nameOf(item)))
    .join(',');
}

function nameOf(item: string): string {
  return item.replace(/\{.*$/, '').toLowerCase();
}

/** Split at commas outside of braces. */
function itemsOf(select: string): string[] {
  return select.match(/(?:[^,{]|\{[^}]*\})+/g) ?? [];
}
