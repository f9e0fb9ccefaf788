/** Values that fit a JSON Schema, as fast-check arbitraries. What they say about ids and credentials is the world's. */
import fc from 'fast-check';
import { SECRET_MARK } from './hostile.ts';

export type Schema = Readonly<Record<string, unknown>>;

export interface Pools {
  /** Ids of this tenant, of the other one, and of nobody. */
  ids: readonly string[];
  /** Well-formed cursors that some other list, or another tenant's, could have given. */
  cursors: readonly string[];
}

/** Deep enough for every schema of the API; recursive ones (free JSON) end here. */
const DEPTH_MAX = 6;
const ITEMS_MAX = 3;
const SECRET_NAME = /password|secret|api_?key|token|credential/i;

export function valuesOf(schema: Schema, pools: Pools): fc.Arbitrary<unknown> {
  return build(schema, { root: schema, pools, depth: 0, name: '' });
}

interface Place {
  root: Schema;
  pools: Pools;
  depth: number;
  /** Name of the field, which says more than its type. */
  name: string;
}

function build(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  if (place.depth > DEPTH_MAX) return fc.constant(null);
  const deeper = { ...place, depth: place.depth + 1 };
  if (typeof schema['$ref'] === 'string') return build(resolve(place.root, schema['$ref']), deeper);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return fc.oneof(...(options as Schema[]).map((one) => build(one, deeper)));
  if (Array.isArray(schema['allOf'])) {
    return build(merged({ ...schema, allOf: undefined }, schema['allOf'] as Schema[]), deeper);
  }
  const { type } = schema;
  if (Array.isArray(type)) {
    return fc.oneof(...(type as string[]).map((one) => build({ ...schema, type: one }, deeper)));
  }
  if (type === 'object') return objects(schema, deeper);
  if (type === 'array') return arrays(schema, deeper);
  if (type === 'string') return texts(schema, place);
  if (type === 'integer' || type === 'number') return numbers(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  return fc.jsonValue({ maxDepth: 2 });
}

function merged(schema: Schema, more: readonly Schema[]): Schema {
  return more.reduce<Schema>((so, one) => ({ ...so, ...one }), schema);
}

function resolve(root: Schema, reference: string): Schema {
  return reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .reduce<Schema>((schema, part) => schema[part] as Schema, root);
}

function objects(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const named = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, build(one, { ...place, name })]),
  );
  const required = ((schema['required'] ?? []) as string[]).filter((name) => name in named);
  const known = fc.record(named, { requiredKeys: required });
  const rest = schema['additionalProperties'];
  if (typeof rest !== 'object' || rest === null) return known;
  const keys: fc.Arbitrary<string> = SECRET_NAME.test(place.name)
    ? fc.constantFrom('apiKey', 'password', 'email', 'clientSecret', 'other')
    : fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('baseUrl', 'title', 'name', 'sync', 'a.b'));
  const more = fc.dictionary(keys, build(rest as Schema, place), { maxKeys: ITEMS_MAX });
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}

function arrays(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  const fewest = Number(schema['minItems'] ?? 0);
  const most = Math.min(Number(schema['maxItems'] ?? ITEMS_MAX), Math.max(ITEMS_MAX, fewest));
  if (Array.isArray(schema['prefixItems'])) {
    return fc.tuple(...(schema['prefixItems'] as Schema[]).map((one) => build(one, place)));
  }
  return fc.array(build((schema['items'] ?? {}) as Schema, place), { minLength: fewest, maxLength: most });
}

function numbers(schema: Schema): fc.Arbitrary<unknown> {
  const bound = (name: string, otherwise: number): number => Number(schema[name] ?? otherwise);
  if (schema['type'] === 'integer') {
    const min = Math.max(bound('minimum', -(2 ** 31)), bound('exclusiveMinimum', -(2 ** 53)) + 1);
    const max = Math.min(bound('maximum', 2 ** 31), bound('exclusiveMaximum', 2 ** 53) - 1);
    return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
  }
  const min = Math.max(bound('minimum', -1e12), bound('exclusiveMinimum', -1e12));
  const max = Math.min(bound('maximum', 1e12), bound('exclusiveMaximum', 1e12));
  return fc.double({
    min,
    max,
    noNaN: true,
    minExcluded: 'exclusiveMinimum' in schema,
    maxExcluded: 'exclusiveMaximum' in schema,
  });
}

function texts(schema: Schema, { name, pools }: Place): fc.Arbitrary<unknown> {
  const minLength = Number(schema['minLength'] ?? 0);
  const maxLength = Math.min(Number(schema['maxLength'] ?? 60), Math.max(60, minLength));
  // A filter that nothing passes would search for ever.
  const ids = pools.ids.filter((id) => id.length >= minLength && id.length <= maxLength);
  if (SECRET_NAME.test(name)) {
    return fc.string({ maxLength: 8, unit: 'grapheme-ascii' }).map((text) => `${SECRET_MARK}-${text}`);
  }
  if (name === 'cursor') return fc.constantFrom(...pools.cursors);
  if (schema['format'] === 'uuid') return fc.constantFrom(...pools.ids);
  if (schema['format'] === 'date-time' || schema['format'] === 'date') return instants();
  if (schema['format'] === 'uri') return urls();
  if (schema['format'] === 'email') return fc.constantFrom('planner@pitmine.example', 'a@b.example');
  if (typeof schema['pattern'] === 'string') return matching(schema['pattern']);
  return fc.oneof(
    fc.string({ minLength, maxLength, unit: 'grapheme' }),
    ...(ids.length === 0 ? [] : [fc.constantFrom(...ids)]),
  );
}

/** Nobody is there: `.invalid` never resolves (RFC 6761), the others are refused before anything is sent. */
export function urls(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'https://plant.invalid/api',
    'https://plant.invalid:8443/a/b?c=d#e',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data',
    `http://planner:${SECRET_MARK}@plant.invalid/`,
  );
}

function instants(): fc.Arbitrary<string> {
  const span = { min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z') };
  return fc.oneof(
    fc.date({ ...span, noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('2026-03-01', '2026-03-01T08:15:00+05:30', '2026-03-01 08:15'),
  );
}

function matching(pattern: string): fc.Arbitrary<unknown> {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    // Assertions and the like, which fast-check cannot turn around.
    return fc.string({ maxLength: 40 });
  }
}
