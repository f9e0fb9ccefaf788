/** What sample records show of a system that does not describe itself: field names, and the type all samples agree on. */
import type { Json, JsonObject } from '../../domain/json.ts';
import type { DiscoveredField } from './contract.ts';

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;
const DATE = /^\d{4}-\d\d-\d\d$/;

export function fieldsOfSamples(samples: readonly JsonObject[]): Record<string, DiscoveredField> {
  const names = new Set(samples.flatMap((sample) => Object.keys(sample)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      fieldOf(samples.filter((sample) => Object.hasOwn(sample, name)).map((sample) => sample[name] ?? null)),
    ]),
  );
}

function fieldOf(values: readonly Json[]): DiscoveredField {
  const known = values.filter((value) => value !== null);
  const types = new Set(known.map(typeOf));
  const type = agreed(types);
  const inner = type === 'object' ? known : type === 'list' ? known.flatMap((value) => value as Json[]) : [];
  const objects = inner.filter((value): value is JsonObject => typeOf(value) === 'object');
  return {
    type,
    // Samples can show that null occurs, never that it does not.
    nullable: known.length < values.length ? true : null,
    ...(objects.length === 0 ? {} : { item: fieldsOfSamples(objects) }),
  };
}

function agreed(types: Set<DiscoveredField['type']>): DiscoveredField['type'] {
  const [only = 'unknown'] = types;
  if (types.size <= 1) return only;
  const all = [...types];
  if (all.every((type) => type === 'integer' || type === 'number')) return 'number';
  return all.every((type) => type === 'text' || type === 'date' || type === 'instant') ? 'text' : 'unknown';
}

function typeOf(value: Json): DiscoveredField['type'] {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'string':
      return INSTANT.test(value) ? 'instant' : DATE.test(value) ? 'date' : 'text';
    default:
      return Array.isArray(value) ? 'list' : value === null ? 'unknown' : 'object';
  }
}
