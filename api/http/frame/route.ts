/**
 * What an endpoint is: one value that says its address, who may call it, what comes in, what goes out, an example that a
 * test sends, and the function that answers. The routes are listed in `routes.ts`; `register.ts` binds them to the server.
 */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Permission } from '../../../domain/access/permissions.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import type { Principal } from '../../../plant/keys/api-keys.ts';
import type { ApiDeps } from '../deps.ts';

/** What a handler is given: checked input, who calls, and the dependencies in that caller's tenant. */
export interface Call<P, Q, B> {
  deps: ApiDeps;
  principal: Principal;
  /** The operations' dependencies: this tenant's store, this caller as the actor. */
  person: PersonDeps;
  params: P;
  query: Q;
  body: B;
  /** Versions the caller accepts (`If-Match: "3"`); null when the header is absent or `*`. */
  ifMatch: number | null;
  /** Root of the API as the caller addressed it, e.g. `/api/v1`: for `Location` and links. */
  base: string;
  /** Fires when the caller went away. */
  signal: AbortSignal;
}

export interface Answer {
  /** 200 when absent. */
  status?: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Version of the resource in the body: becomes the `ETag`. */
  version?: number;
  /** Path below the base of what was made or started, e.g. `/work-orders/<id>`. */
  location?: string;
  headers?: Readonly<Record<string, string>>;
  /** The body holds a secret that is shown this once: it is not kept for a repeat of the request. */
  shownOnce?: boolean;
  /** Instead of a body: bytes with their media type. */
  stream?: { content: Readable; mediaType: string; bytes?: number };
}

/** What the example sends; path parameters and query as text. `send` false: shown in the document, not sent by the test, with the reason. */
export interface Example {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Status the example is answered with; the first of `responses` when absent. */
  status?: number;
}

export interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, parameters as `:name`. */
  url: string;
  /** Unique, camelCase: the name of the operation for generated clients. */
  id: string;
  tag: string;
  /** In the imperative: `Create a work order`. */
  summary: string;
  /** One or two sentences: what it does beyond its summary, and what it refuses. */
  description: string;
  permission: Permission;
  params?: P;
  query?: Q;
  body?: B;
  /**
   * For clients that send scalars in the query: a query parameter is taken as a field of the body when the body does not
   * have it.
   */
  queryAsBody?: boolean;
  /** Body forms other than an object are for the schema to judge (bare arrays and maps). */
  anyBody?: boolean;
  /** The body as a stream instead of JSON, for files; `body` is then absent. */
  rawBody?: boolean;
  /** By status. */
  responses: Readonly<Record<number, z.ZodType>>;
  example: Example;
  /** False: other systems need not hear of it (nothing in the hub changed). Reading routes never wake them. */
  wakes?: boolean;
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
}

export interface Route {
  method: RouteDefinition<z.ZodType, z.ZodType, z.ZodType>['method'];
  url: string;
  id: string;
  tag: string;
  summary: string;
  description: string;
  permission: Permission;
  params: z.ZodType | null;
  query: z.ZodType | null;
  body: z.ZodType | null;
  queryAsBody: boolean;
  anyBody: boolean;
  rawBody: boolean;
  responses: Readonly<Record<number, z.ZodType>>;
  example: Example;
  wakes: boolean;
  handle(call: Call<unknown, unknown, unknown>): Promise<Answer>;
}

/** Keeps the types of one route's input together; the list holds them as plain routes. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<P, Q, B>): Route {
  return {
    method: definition.method,
    url: definition.url,
    id: definition.id,
    tag: definition.tag,
    summary: definition.summary,
    description: definition.description,
    permission: definition.permission,
    params: definition.params ?? null,
    query: definition.query ?? null,
    body: definition.body ?? null,
    queryAsBody: definition.queryAsBody === true,
    anyBody: definition.anyBody === true,
    rawBody: definition.rawBody === true,
    responses: definition.responses,
    example: definition.example,
    wakes: definition.method !== 'GET' && definition.wakes !== false,
    handle: (call) => definition.handle(call as Call<z.output<P>, z.output<Q>, z.output<B>>),
  };
}
