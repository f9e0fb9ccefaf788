/** Requests for one route: right ones, nearly right ones (its example with something wrong in it), and hostile ones. */
import fc from 'fast-check';
import { API_BASE } from '../../api/http/frame/register.ts';
import type { Route } from '../../api/http/frame/route.ts';
import { inputSchema } from '../../api/http/frame/input-schema.ts';
import { CONTENT_TYPES, HOSTILE_BODIES, HOSTILE_HEADERS, HOSTILE_TEXT, HOSTILE_VALUES } from './hostile.ts';
import { valuesOf, type Pools, type Schema } from './values.ts';

/** As it goes over the wire, so that it can be repeated from the report alone. */
export interface WireRequest {
  method: string;
  /** Path and query, encoded. */
  target: string;
  headers: Readonly<Record<string, string>>;
  /** Null: none is sent. */
  body: string | null;
}

/** What is put together before it is spelled for the wire. */
interface Draft {
  params: Readonly<Record<string, string>>;
  /** Pairs, because a name may be repeated. */
  query: readonly (readonly [string, string])[];
  body: unknown;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const METHODS = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST', 'GET', 'TRACE', 'PROPFIND', 'QUERY'];

export function requestsOf(route: Route, pools: Pools): fc.Arbitrary<WireRequest> {
  const example = exampleOf(route);
  const right = fittingDrafts(route, pools);
  const wire = (draft: Draft): WireRequest => spell(route, draft, {});
  return fc.oneof(
    { weight: 4, arbitrary: right.map(wire) },
    { weight: 4, arbitrary: wronged(example, pools).map(wire) },
    { weight: 3, arbitrary: right.chain((draft) => wronged(draft, pools)).map(wire) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.oneof(fc.constant(example), right), fc.constantFrom(...HOSTILE_HEADERS))
        .map(([draft, [name, value]]) => spell(route, draft, { [name]: value })),
    },
    { weight: 1, arbitrary: strangeBodies(route, example) },
    { weight: 1, arbitrary: strangeAddresses(route, example) },
  );
}

/** The example alone, with one of its ids replaced: what the tests of tenant isolation send. */
export function exampleWithId(route: Route, change: (id: string) => string): WireRequest {
  const { params, query, body } = exampleOf(route);
  const swapped = JSON.stringify(body ?? null).replaceAll(UUID, change);
  return spell(
    route,
    {
      params: Object.fromEntries(
        Object.entries(params).map(([name, value]) => [name, value.replaceAll(UUID, change)]),
      ),
      query: query.map(([name, value]) => [name, value.replaceAll(UUID, change)]),
      body: body === undefined ? undefined : (JSON.parse(swapped) as unknown),
    },
    {},
  );
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function exampleOf({ example }: Route): Draft {
  return {
    params: example.params ?? {},
    query: Object.entries(example.query ?? {}),
    body: example.body,
  };
}

function fittingDrafts(route: Route, pools: Pools): fc.Arbitrary<Draft> {
  const known = route.example.params ?? {};
  const params = route.params === null ? fc.constant({}) : valuesOf(inputSchema(route.params), pools);
  const query = route.query === null ? fc.constant({}) : valuesOf(tamed(inputSchema(route.query)), pools);
  const body =
    route.body === null ? fc.constant(route.example.body) : valuesOf(inputSchema(route.body), pools);
  return fc
    .record({ params: fc.oneof({ weight: 4, arbitrary: fc.constant(known) }, params), query, body })
    .map(({ params: path, query: search, body: content }) => ({
      params: Object.fromEntries(
        Object.entries(path as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
      ),
      query: Object.entries(search as Record<string, unknown>)
        .filter(([, value]) => value !== undefined && value !== null)
        .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
      body: content,
    }));
}

/** Waiting as long as asked is right and proves nothing. */
function tamed(schema: Schema): Schema {
  const properties = schema['properties'] as Readonly<Record<string, Schema>> | undefined;
  if (properties?.['wait'] === undefined) return schema;
  return { ...schema, properties: { ...properties, wait: { enum: [0, 1] } } };
}

/** One thing wrong somewhere. */
function wronged(draft: Draft, pools: Pools): fc.Arbitrary<Draft> {
  const places = pathsOf(draft.body);
  const values = fc.oneof(fc.constantFrom(...HOSTILE_VALUES), fc.constantFrom(...pools.ids));
  const texts = fc.oneof(
    fc.constantFrom(...HOSTILE_TEXT),
    fc.constantFrom(...pools.ids),
    fc.constantFrom(...pools.cursors),
  );
  const options: fc.Arbitrary<Draft>[] = [];
  if (draft.body !== undefined) {
    options.push(
      fc
        .tuple(fc.constantFrom(...places), values)
        .map(([path, value]) => ({ ...draft, body: replaced(draft.body, path, value) })),
      fc
        .tuple(fc.constantFrom('__proto__', 'constructor', 'id', 'tenant_id', 'toString', ''), values)
        .map(([key, value]) => ({ ...draft, body: withKey(draft.body, key, value) })),
      fc.constantFrom(...places).map((path) => ({ ...draft, body: replaced(draft.body, path, undefined) })),
    );
  }
  const names = Object.keys(draft.params);
  if (names.length > 0) {
    options.push(
      fc
        .tuple(fc.constantFrom(...names), texts)
        .map(([name, text]) => ({ ...draft, params: { ...draft.params, [name]: text } })),
    );
  }
  const queried = ['limit', 'cursor', 'sort', 'status', 'q', ...draft.query.map(([name]) => name)];
  options.push(
    fc
      .tuple(
        fc.constantFrom(...queried, '__proto__', 'a[]', 'a[b]'),
        fc.array(texts, { minLength: 1, maxLength: 3 }),
      )
      .map(([name, all]) => ({
        ...draft,
        query: [...draft.query, ...all.map((text) => [name, text] as const)],
      })),
  );
  return fc.oneof(...options);
}

function strangeBodies(route: Route, example: Draft): fc.Arbitrary<WireRequest> {
  const right = spell(route, example, {});
  return fc.oneof(
    fc.constantFrom(...HOSTILE_BODIES).map((body) => ({ ...right, headers: JSON_TYPE, body })),
    fc
      .tuple(fc.constantFrom(...CONTENT_TYPES), fc.constantFrom(right.body ?? '{}', ...HOSTILE_BODIES))
      .map(([type, body]) => ({ ...right, headers: { 'content-type': type }, body })),
  );
}

function strangeAddresses(route: Route, example: Draft): fc.Arbitrary<WireRequest> {
  const right = spell(route, example, {});
  const tails = [
    '/',
    '//',
    '/..',
    '/%2e%2e/keys',
    '/%00',
    '/%zz',
    '/%ff',
    '?%',
    '?a=%zz',
    '?&&=&',
    ';a=b',
    '/x',
  ];
  return fc.oneof(
    fc.constantFrom(...METHODS).map((method) => ({ ...right, method })),
    fc.constantFrom(...tails).map((tail) => ({ ...right, target: right.target + tail })),
  );
}

function spell(route: Route, draft: Draft, headers: Record<string, string>): WireRequest {
  const path = route.url.replaceAll(/:([a-z_]+)/gi, (_whole, name: string) =>
    // An empty one would be the address of another route.
    encoded(draft.params[name] || 'missing'),
  );
  const search = draft.query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  // A file's content is sent as it is.
  const raw = route.rawBody && typeof draft.body === 'string' ? draft.body : null;
  const body = draft.body === undefined ? null : (raw ?? JSON.stringify(draft.body));
  return {
    method: route.method,
    target: API_BASE + path + (search === '' ? '' : `?${search}`),
    headers: { ...(body === null ? {} : JSON_TYPE), ...route.example.headers, ...headers },
    body,
  };
}

/** Three of them stay below the 16 KiB that Node takes of address and headers. */
const ENCODED_CHARS_MAX = 700;

/** Half a surrogate pair has no percent encoding; the bytes a sloppy client would send are not UTF-8. */
function encoded(text: string): string {
  const short = text.slice(0, ENCODED_CHARS_MAX);
  return short.isWellFormed() ? encodeURIComponent(short) : '%ED%A0%80';
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((one: unknown, at) => (String(at) === String(first) ? replaced(one, rest, by) : one));
  }
  if (typeof value !== 'object' || value === null) return by;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === first ? replaced(one, rest, by) : one]),
  );
}

/** `fromEntries` makes `__proto__` an own key, as a parsed body has it. */
function withKey(body: unknown, key: string, value: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries([...Object.entries(body), [key, value]]);
}
