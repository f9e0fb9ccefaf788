/** Binds routes to the server: who calls, may they, what did they send, carried out once, answered with the right headers. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { JsonObject } from '../../../domain/json.ts';
import { Failure } from '../../../domain/kernel/failure.ts';
import { mayDo } from '../../../domain/access/permissions.ts';
import type { Principal } from '../../../plant/keys/api-keys.ts';
import { once, type StoredAnswer } from '../../../plant/once.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import type { ApiDeps } from '../deps.ts';
import { Refusal } from '../problem.ts';
import type { Authenticate } from './authenticate.ts';
import { withRecordIds } from './record-numbers.ts';
import { checkInput, type CheckedInput } from './check-input.ts';
import type { Answer, Route } from './route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
  }
  interface FastifyContextConfig {
    route?: Route;
  }
}

export const API_BASE = '/api/v1';
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** What every route is bound with. */
export interface Frame {
  deps: ApiDeps;
  authenticate: Authenticate;
  /** The store as one caller may use it. */
  storeOf: (caller: string) => PersonDeps['store'];
}

export function registerRoute(app: FastifyInstance, frame: Frame, route: Route): void {
  const { authenticate } = frame;
  app.route({
    method: route.method,
    url: route.url,
    config: { route },
    schema: documentSchema(route),
    // Before the body is read: whoever may not come in does not get to send one.
    onRequest: async (request, reply) => {
      const principal = await authenticate({ request, reply });
      if (!mayDo(principal, route.permission)) {
        throw new Failure(
          'forbidden',
          `This key may not do ${route.permission}; its role is ${principal.role}.`,
        );
      }
      request.principal = principal;
    },
    handler: (request, reply) => handle(frame, route, request, reply),
  });
}

/** For the document alone. */
function documentSchema(route: Route): Record<string, unknown> {
  const { params, query, body, responses, id, tag, summary, description } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(params === null ? {} : { params }),
    ...(query === null ? {} : { querystring: query }),
    ...(body === null || route.rawBody ? {} : { body }),
    ...(route.rawBody ? { consumes: ['application/octet-stream'] } : {}),
    response: Object.fromEntries(
      Object.entries(responses).map(([status, schema]) => [status, documentResponse(status, schema)]),
    ),
  };
}

/** What an answer of a status means where its schema does not say more. */
const ANSWERS: Readonly<Record<string, string>> = {
  200: 'Done; the answer shows the result.',
  201: 'Created; the answer shows the new resource and `Location` names it.',
  202: 'Accepted and under way; `Location` names where to follow it.',
  204: 'Done; the answer has no body.',
};

function documentResponse(status: string, schema: z.ZodType): Record<string, unknown> {
  const { description = ANSWERS[status], mediaType } = schema.meta() ?? {};
  if (description === undefined) {
    throw new Failure('bug', `What an answer with status ${status} means is said nowhere.`);
  }
  // Bytes are shown as such, whatever the schema that stands for them says.
  const content =
    typeof mediaType === 'string'
      ? { [mediaType]: { schema: z.string().meta({ format: 'binary' }) } }
      : { 'application/json': { schema } };
  return { description, content };
}

async function handle(
  { deps, storeOf }: Frame,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { principal } = request;
  if (principal === undefined) throw new Failure('bug', 'A route was reached without a caller.');
  const store = storeOf(principal.actor);
  const input = await withRecordIds(
    { store, tenantId: principal.tenantId },
    route.params,
    checkInput(route, {
      params: request.params,
      query: request.query as Record<string, unknown>,
      body: route.rawBody ? undefined : request.body,
    }),
  );
  const run = (used: PersonDeps['store']): Promise<Answer> =>
    answer({ deps, route, request, reply, principal, input, store: used });
  const key = request.headers['idempotency-key'];
  if (route.method === 'POST' && typeof key === 'string') {
    if (!IDEMPOTENCY_KEY.test(key)) {
      throw new Refusal(422, 'Idempotency-Key: must be 1 to 200 visible ASCII characters.', [
        { field: 'Idempotency-Key', message: 'Must be 1 to 200 visible ASCII characters.' },
      ]);
    }
    // A file's bytes are a stream: its name, which is in the address, and its size tell it.
    const body: unknown = route.rawBody
      ? (request.headers['content-length'] ?? null)
      : (request.body ?? null);
    const fingerprint = JSON.stringify([route.method, request.url, body]);
    const done = await once(
      store,
      { tenantId: principal.tenantId, caller: principal.actor, key, fingerprint },
      async (marking) => {
        const result = await run(marking);
        return { ...asStored(result), keep: result.shownOnce !== true };
      },
    );
    if (done.repeated) reply.header('idempotency-replayed', 'true');
    wakeOthers(deps, route, principal);
    return reply
      .code(done.status)
      .headers(done.headers as Record<string, string>)
      .send(done.body === '' ? undefined : done.body);
  }
  const result = await run(store);
  wakeOthers(deps, route, principal);
  if (result.stream !== undefined) {
    const { content, mediaType, bytes } = result.stream;
    return reply
      .code(result.status ?? 200)
      .headers({ ...result.headers, 'content-type': mediaType })
      .headers(bytes === undefined ? {} : { 'content-length': String(bytes) })
      .send(content);
  }
  const { status, headers, body } = asStored(result);
  return reply
    .code(status)
    .headers(headers as Record<string, string>)
    .send(body === '' ? undefined : body);
}

async function answer(parts: {
  deps: ApiDeps;
  route: Route;
  request: FastifyRequest;
  reply: FastifyReply;
  principal: Principal;
  input: CheckedInput;
  store: PersonDeps['store'];
}): Promise<Answer> {
  const { deps, route, request, reply, principal, input, store } = parts;
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return route.handle({
    deps,
    principal,
    person: {
      store,
      tenantId: principal.tenantId,
      actor: principal.actor,
      now: () => deps.now(),
      newId: () => deps.newId(),
      steps: deps.steps,
    },
    ...input,
    // A raw body is the stream that the content parser passed on.
    ...(route.rawBody ? { body: request.body } : {}),
    ifMatch: readIfMatch(request.headers['if-match']),
    base: API_BASE,
    signal: gone.signal,
  });
}

function asStored(result: Answer): StoredAnswer {
  const headers: JsonObject = { ...result.headers };
  if (result.body !== undefined) headers['content-type'] = 'application/json; charset=utf-8';
  if (result.version !== undefined) headers['etag'] = `"${String(result.version)}"`;
  if (result.location !== undefined) headers['location'] = API_BASE + result.location;
  return {
    status: result.status ?? (result.body === undefined ? 204 : 200),
    headers,
    body: result.body === undefined ? '' : JSON.stringify(result.body),
  };
}

function readIfMatch(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim()) ?? [];
  if (version === undefined) {
    throw new Refusal(412, 'If-Match: take the ETag of the resource as it was read, such as "3".');
  }
  return Number(version);
}

/** Throws a 412 when the resource moved since the caller read it. */
export function assertVersion(ifMatch: number | null, version: number): void {
  if (ifMatch === null || ifMatch === version) return;
  throw new Refusal(
    412,
    `The resource changed meanwhile: it is at version ${String(version)}, not ${String(ifMatch)}; read it again.`,
    [],
    'conflict',
  );
}

/** Not waited for: a connection that sleeps reads the change at its next interval anyway. */
function wakeOthers(deps: ApiDeps, route: Route, principal: Principal): void {
  if (!route.wakes) return;
  deps.wake(principal.tenantId).catch((error: unknown) => deps.onBug(error));
}
