/** The OpenAPI 3.1 document: made from the routes' schemas by @fastify/swagger, completed here with what every route shares. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Json, JsonObject } from '../../domain/json.ts';
import { inputSchema, narrowedBy } from './frame/input-schema.ts';
import { API_BASE } from './frame/register.ts';
import type { Route } from './frame/route.ts';

const DESCRIPTION = `Maintenance records and their synchronisation with other systems.

Times are RFC 3339 in UTC; a time without an offset is read as UTC. Durations are minutes unless a name says otherwise, money is a decimal
number. Lists come in pages: send \`next_cursor\` as \`cursor\`. A \`POST\` with an \`Idempotency-Key\` is carried out once, its answer is kept for a day.
Resources carry an \`ETag\`; send it as \`If-Match\` and a change onto a moved resource is refused with 412. Errors are RFC 9457 problem documents.`;

/** Call before the routes are registered. */
export async function registerOpenApi(
  app: FastifyInstance,
  routes: readonly Route[],
  version: string,
): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'ChatterFix Sync', version, description: DESCRIPTION },
      // Where the document was read from; paths carry the version.
      servers: [{ url: '/', description: 'This server.' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key (`cfx_...`) or a JWT.' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
      security: [{ bearer: [] }, { apiKey: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      const named = withNamed(document) as unknown as JsonObject;
      return withoutClosedTuples(complete(withAnyJson(named), routes)) as JsonObject;
    },
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', persistAuthorization: true, filter: true },
    // The bar above would show the library's logo and a field for other documents.
    theme: {
      title: 'ChatterFix Sync API',
      css: [{ filename: 'theme.css', content: '.swagger-ui .topbar { display: none; }' }],
    },
    staticCSP: true,
  });
}

/** Adds the schemas that have a name of their own (`meta({ id })`). */
const withNamed = createJsonSchemaTransformObject({ zodToJsonConfig: { unrepresentable: 'any' } });

/**
 * Free JSON refers to itself without a name. The generator points such references at components `schema0`, `schema1` and so
 * on that it never writes; all of them mean any JSON.
 */
function withAnyJson(document: JsonObject): JsonObject {
  const text = JSON.stringify(document).replaceAll(
    /"#\/components\/schemas\/schema\d+"/g,
    '"#/components/schemas/Json"',
  );
  const pointed = JSON.parse(text) as JsonObject;
  const components = (pointed['components'] ?? {}) as JsonObject;
  const schemas = { ...(components['schemas'] as JsonObject), Json: { description: 'Any JSON value.' } };
  return { ...pointed, components: { ...components, schemas } };
}

const PROBLEM: JsonObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string', description: 'The kind of failure.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to change.' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
          allowed: { type: 'array', items: {} },
        },
      },
    },
  },
};

/** Which refusals there are, by status. The table of kinds is in problem.ts. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The address, the headers or the body are malformed: no URL, no JSON, no object.',
  401: 'Who calls is not known: no key, or one that is unknown, revoked or expired.',
  403: 'The role or the scopes of the key do not allow it (`x-permission`).',
  404: 'What the address names is not there.',
  409: 'The state does not allow it now, or another request with this Idempotency-Key is under way.',
  412: 'The resource moved since it was read (`If-Match`).',
  413: 'The body is larger than 4 MiB.',
  415: 'The body is of a media type that is not taken here.',
  422: 'The input does not fit; `errors` names each field.',
  429: 'Too many requests; `Retry-After` says when to go on.',
};

function problem(description: string): JsonObject {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function refusalsOf(route: Route): number[] {
  const writes = route.method !== 'GET';
  const takesBody = route.body !== null || route.rawBody;
  return [
    400,
    401,
    403,
    ...(route.params === null ? [] : [404]),
    ...(writes ? [409, 412] : []),
    ...(takesBody ? [413, 415] : []),
    422,
    429,
  ];
}

/** Examples, shared headers and problem answers, which the schemas of single routes do not say. */
function complete(document: JsonObject, routes: readonly Route[]): JsonObject {
  const byId = new Map(routes.map((route) => [route.id, route]));
  const paths = document['paths'] as JsonObject;
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations as JsonObject)) {
      const value = operation as JsonObject;
      const known = byId.get(value['operationId'] as string);
      if (known !== undefined) completeOperation(value, known);
    }
  }
  const components = (document['components'] ?? {}) as JsonObject;
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...(components['schemas'] as JsonObject), Problem: PROBLEM },
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, description]) => [`Problem${status}`, problem(description)]),
      ),
    },
  };
}

function completeOperation(operation: JsonObject, route: Route): void {
  operation['x-permission'] = route.permission;
  const parameters = (operation['parameters'] ?? []) as Json[];
  if (route.method === 'POST') {
    parameters.push(
      header('Idempotency-Key', 'Carried out once per key and day; another request under it is a 422.'),
    );
  }
  if (['PUT', 'PATCH', 'DELETE'].includes(route.method)) {
    parameters.push(header('If-Match', 'The ETag that was read; 412 when the resource moved.'));
  }
  const queried = route.query === null ? {} : propertiesOf(inputSchema(route.query));
  for (const parameter of parameters) {
    const { in: place, schema } = parameter as JsonObject;
    const name = (parameter as JsonObject)['name'] as string;
    if (place === 'query') {
      const said = { ...(schema as JsonObject), ...queried[name] };
      delete said['default'];
      (parameter as JsonObject)['schema'] = '$ref' in said ? (schema as JsonObject) : said;
    }
    const example = place === 'path' ? route.example.params?.[name] : route.example.query?.[name];
    if (example !== undefined) {
      (parameter as JsonObject)['example'] = typed(example, (parameter as JsonObject)['schema']);
    }
  }
  operation['parameters'] = parameters;
  const { body } = route.example;
  const content = ((operation['requestBody'] as JsonObject | undefined)?.['content'] ?? {}) as JsonObject;
  const json = content['application/json'] as JsonObject | undefined;
  if (json !== undefined && body !== undefined) json['example'] = body as Json;
  if (json !== undefined && route.body !== null) {
    json['schema'] = narrowedBy((json['schema'] ?? {}) as JsonObject, route.body);
  }
  if (route.rawBody) {
    const content = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
    operation['requestBody'] = { required: true, description: 'The bytes, under their own type.', content };
  }
  const responses = operation['responses'] as JsonObject;
  for (const status of refusalsOf(route)) {
    responses[String(status)] ??= { $ref: `#/components/responses/Problem${String(status)}` };
  }
  responses['default'] = problem('Something else went wrong; `title` names the kind of failure.');
}

function propertiesOf(schema: JsonObject): Readonly<Record<string, JsonObject>> {
  return (schema['properties'] ?? {}) as Record<string, JsonObject>;
}

/** An example is sent as text; the document shows it in the type of its schema. */
function typed(text: string, schema: Json | undefined): Json {
  const type = ((schema ?? {}) as JsonObject)['type'];
  if (type === 'number' || type === 'integer') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** A pair is said by its length as well; `items: false` beside it makes generators of clients fail. */
function withoutClosedTuples(node: Json): Json {
  if (Array.isArray(node)) return node.map(withoutClosedTuples);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name, value]) => !(name === 'items' && value === false && 'prefixItems' in node))
      .map(([name, value]) => [name, withoutClosedTuples(value)]),
  );
}

function header(name: string, description: string): JsonObject {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

/** Path of the operation as the document spells it. */
export function openApiPath(route: Pick<Route, 'url'>): string {
  return API_BASE + route.url.replaceAll(/:([A-Za-z_]+)/g, '{$1}');
}
