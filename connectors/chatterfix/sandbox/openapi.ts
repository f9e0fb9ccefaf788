/** `/openapi.json` as FastAPI writes it from the routes and models (contract 1: what a client detects a generation by). */
import type { App, Route } from './app.ts';
import type { Field, Fields, Model } from './model.ts';

type Schema = Record<string, unknown>;

const TYPES: Readonly<Record<Field['kind'], Schema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time' },
  any: {},
};

function titleOf(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function schemaOf(name: string, field: Field): Schema {
  const { kind, minLength, maxLength, pattern, ge, le, fallback } = field;
  const limits = Object.entries({ minLength, maxLength, pattern, minimum: ge, maximum: le });
  const plain = { ...TYPES[kind], ...Object.fromEntries(limits.filter(([, value]) => value !== undefined)) };
  const typed = field.nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
  const shown = fallback === undefined || fallback === null ? {} : { default: fallback };
  return { ...typed, title: titleOf(name), ...shown };
}

function parametersOf(fields: Fields | undefined, place: 'path' | 'query' | 'header'): Schema[] {
  return Object.entries(fields ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: !Object.hasOwn(field, 'fallback'),
    schema: schemaOf(name, field),
  }));
}

function modelSchema({ name, fields }: Model): Schema {
  const properties = Object.entries(fields).map(([field, type]) => [field, schemaOf(field, type)]);
  const needed = Object.entries(fields)
    .filter(([, type]) => !Object.hasOwn(type, 'fallback'))
    .map(([field]) => field);
  return {
    properties: Object.fromEntries(properties) as Schema,
    type: 'object',
    ...(needed.length === 0 ? {} : { required: needed }),
    title: name,
  };
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function operation(route: Route): Schema {
  const parameters = [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...parametersOf(route.headers, 'header'),
  ];
  const checked = parameters.length > 0 || route.body !== undefined;
  const invalid = {
    description: 'Validation Error',
    content: { 'application/json': { schema: reference('HTTPValidationError') } },
  };
  const place = route.path.replaceAll(/\W/g, '_');
  return {
    summary: titleOf(route.name),
    operationId: `${route.name}${place}_${route.method.toLowerCase()}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            content: { 'application/json': { schema: reference(route.body.name) } },
            required: true,
          },
        }),
    responses: {
      '200': { description: 'Successful Response', content: { 'application/json': { schema: {} } } },
      ...(checked ? { '422': invalid } : {}),
    },
  };
}

const VALIDATION: Readonly<Record<string, Schema>> = {
  HTTPValidationError: {
    properties: { detail: { items: reference('ValidationError'), type: 'array', title: 'Detail' } },
    type: 'object',
    title: 'HTTPValidationError',
  },
  ValidationError: {
    properties: {
      loc: { items: { anyOf: [{ type: 'string' }, { type: 'integer' }] }, type: 'array', title: 'Location' },
      msg: { type: 'string', title: 'Message' },
      type: { type: 'string', title: 'Error Type' },
    },
    type: 'object',
    required: ['loc', 'msg', 'type'],
    title: 'ValidationError',
  },
};

export function openapiOf(app: App): object {
  const paths: Record<string, Schema> = {};
  const schemas: Record<string, Schema> = { ...VALIDATION };
  for (const route of app.routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
    if (route.body !== undefined) schemas[route.body.name] = modelSchema(route.body);
  }
  const { title, description, version } = app;
  return {
    openapi: '3.1.0',
    info: { title, ...(description === undefined ? {} : { description }), version },
    paths,
    components: { schemas },
  };
}
