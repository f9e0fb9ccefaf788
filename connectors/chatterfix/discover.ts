/**
 * What records look like there. The OpenAPI description gives the models that are written, exactly; what is only read has no
 * model (lists are declared as plain objects), so read-only fields are those that samples show.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { DiscoveredField, DiscoveredSchema } from '../kit/contract.ts';
import type { ObjectShape, Profile } from './profile.ts';
import type { Reader } from './read.ts';
import type { OpenApi } from './wire.ts';

const SAMPLE_ROWS = 50;
type Fields = Record<string, DiscoveredField>;

export async function discoverSchema(
  openapi: OpenApi | null,
  profile: Profile,
  reader: Pick<Reader, 'pull'>,
): Promise<DiscoveredSchema> {
  const entities: Partial<Record<Entity, { object: string; fields: Fields }>> = {};
  let described = false;
  for (const [entity, shape] of Object.entries(profile.objects) as [Entity, ObjectShape][]) {
    const model = openapi === null ? {} : modelOf(openapi, shape);
    described ||= Object.keys(model).length > 0;
    const { records } = await reader.pull(entity, { cursor: null, pageSize: SAMPLE_ROWS });
    const sampled = sample(records.map(({ raw }) => raw));
    const fields: Fields = {};
    const isModelled = Object.keys(model).length > 0;
    for (const [name, field] of Object.entries(sampled))
      fields[name] = { ...field, ...(isModelled ? { readOnly: true } : {}), sampled: true };
    Object.assign(fields, model);
    entities[entity] = { object: shape.path.replace(/^\/(?:api\/)?|\/$/g, ''), fields };
  }
  return { source: described ? 'metadata' : 'samples', entities };
}

/** The body of the create, in our names. */
function modelOf(openapi: OpenApi, shape: ObjectShape): Fields {
  const post = openapi.paths[shape.path]?.['post'];
  const schema = resolve(openapi, at(post, ['requestBody', 'content', 'application/json', 'schema']));
  const properties = at(schema, ['properties']);
  if (typeof properties !== 'object' || properties === null) return {};
  const names = new Map(Object.entries(shape.renamed ?? {}).map(([ours, theirs]) => [theirs, ours]));
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      names.get(name) ?? name,
      fieldOf(openapi, names.get(name) ?? name, value),
    ]),
  );
}

/** Pydantic writes an optional field as `anyOf` with null, or (version 1) as a field that is not required. */
function fieldOf(openapi: OpenApi, name: string, described: unknown): DiscoveredField {
  const own = resolve(openapi, described);
  const choices = at(own, ['anyOf']) ?? at(own, ['allOf']);
  const variants = Array.isArray(choices) ? choices.map((choice) => resolve(openapi, choice)) : [own];
  const nullable = variants.some((variant) => at(variant, ['type']) === 'null');
  const main = variants.find((variant) => at(variant, ['type']) !== 'null');
  const [type, format] = [at(main, ['type']), at(main, ['format'])];
  const values = at(main, ['enum']);
  const pattern = at(main, ['pattern']);
  const words = Array.isArray(values)
    ? values.map(String)
    : typeof pattern === 'string'
      ? wordsOf(pattern)
      : null;
  const maxLength = at(main, ['maxLength']);
  return {
    type: isReference(name)
      ? 'reference'
      : format === 'date-time'
        ? 'instant'
        : format === 'date'
          ? 'date'
          : (TYPES[String(type)] ?? 'unknown'),
    nullable,
    ...(typeof maxLength === 'number' ? { maxLength } : {}),
    ...(words === null ? {} : { values: words }),
  };
}

const TYPES: Readonly<Record<string, DiscoveredField['type']>> = {
  string: 'text',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  object: 'object',
  array: 'list',
};

/** `^(open|closed)$`: how the models list their words. */
function wordsOf(pattern: string): string[] | null {
  const inside = /^\^\(([\w|]+)\)\$$/.exec(pattern)?.[1];
  return inside === undefined ? null : inside.split('|');
}

function sample(rows: readonly JsonObject[]): Fields {
  const fields: Fields = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const seen = fields[name]?.type;
      const type = typeOf(name, value);
      fields[name] = { type: seen === undefined || seen === type ? type : both(seen, type), nullable: null };
    }
  }
  return fields;
}

function both(a: DiscoveredField['type'], b: DiscoveredField['type']): DiscoveredField['type'] {
  if (a === 'unknown' || b === 'unknown') return a === 'unknown' ? b : a;
  const numbers = new Set(['integer', 'number']);
  return numbers.has(a) && numbers.has(b) ? 'number' : 'unknown';
}

function typeOf(name: string, value: Json): DiscoveredField['type'] {
  if (value === null) return 'unknown';
  if (Array.isArray(value)) return 'list';
  if (isReference(name)) return 'reference';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'object') return 'object';
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'instant' : 'text';
}

function isReference(name: string): boolean {
  return /_id$/.test(name) || name === 'assigned_to' || name === 'created_by';
}

function resolve(openapi: OpenApi, schema: unknown): unknown {
  const reference = at(schema, ['$ref']);
  if (typeof reference !== 'string') return schema;
  return openapi.components?.schemas?.[reference.replace('#/components/schemas/', '')];
}

function at(value: unknown, path: readonly string[]): unknown {
  let inner = value;
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null) return undefined;
    inner = (inner as Record<string, unknown>)[name];
  }
  return inner;
}
