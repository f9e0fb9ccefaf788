/**
 * The HTTP server: limits, headers, problem documents, and the routes from an explicit list. Webhooks and health stand
 * outside the API's base path: whoever calls them has no key.
 */
import type { Socket } from 'node:net';
import fastifyCors from '@fastify/cors';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { ApiDeps } from './deps.ts';
import { WINDOW_MS } from '../../plant/keys/call-counts.ts';
import { createAuthenticate } from './frame/authenticate.ts';
import { countStore } from './frame/count-store.ts';
import { createFairStore } from './frame/fair-store.ts';
import { createLoginRateLimit, FAILURES_PER_MINUTE } from './frame/login-rate-limit.ts';
import { API_BASE, registerRoute } from './frame/register.ts';
import { requestLine } from './frame/request-line.ts';
import type { Route } from './frame/route.ts';
import { healthRoutes } from './health.ts';
import { metricsRoute } from './metrics.ts';
import { noticeRoutes } from './notices.ts';
import { registerOpenApi } from './openapi.ts';
import { Refusal, toProblem } from './problem.ts';
import { ROUTES } from './routes.ts';
import { webhookRoute } from './webhook.ts';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const WEBHOOK_BYTES_MAX = 1024 * 1024;
/** Of the pool's 10 connections (cli/open.ts). */
const CALLER_AT_ONCE = 5;
const CALLER_WAITING_MAX = 1_000;
const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/;

export async function createApi(deps: ApiDeps, routes: readonly Route[] = ROUTES): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: 60_000,
    // Bounds are kept by client address, and anybody can write the header.
    trustProxy: deps.settings.trustedProxies?.length ? [...deps.settings.trustedProxies] : false,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    frameworkErrors: answerStrangeAddress,
    clientErrorHandler: answerMalformed,
    // A caller's own id is taken when it is harmless, so that it is found in both logs.
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : deps.newId();
    },
  });
  // Schemas serve the document; input is judged in frame/check-input.ts, which tells every fault with its path.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    deps.onAnswer(requestLine(request, reply));
  });
  // Before the first route of a plugin: each takes the handler of its time.
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(transportRefusal(error), request.id);
    if (problem.status === 500 && !isGone(error)) deps.onBug(error, request.id);
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="chatterfix-sync"');
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  await app.register(fastifyHelmet, { contentSecurityPolicy: false, global: true });
  await app.register(fastifyCors, {
    origin: deps.settings.corsOrigins.length === 0 ? false : [...deps.settings.corsOrigins],
    exposedHeaders: ['etag', 'location', 'x-request-id', 'idempotency-replayed', 'retry-after'],
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(routes, request.url);
    const other = methods.includes(request.method) ? [] : methods;
    const [status, title, detail] =
      other.length > 0
        ? [405, 'invalid_request', `This address takes ${other.join(', ')}.`]
        : [404, 'not_found', 'There is nothing at this address.'];
    if (other.length > 0) reply.header('allow', other.join(', '));
    return reply
      .code(status)
      .type('application/problem+json')
      .send({ type: 'about:blank', title, status, detail, request_id: request.id });
  });
  // Who fails to authenticate; who is known is counted where the routes are.
  const store = countStore(deps.counts);
  await app.register(fastifyRateLimit, { global: false, store });
  const perMinute = deps.settings.failuresPerMinute ?? FAILURES_PER_MINUTE;
  const authenticate = createAuthenticate(
    deps,
    createLoginRateLimit(app, { perMinute, wrong: 'unauthorized' }),
  );
  metricsRoute(app, deps, authenticate);
  healthRoutes(app, deps.health);
  await app.register(async (scope) => {
    // A vendor may send any media type, or none: a delivery's body is a hint, and one we cannot read says nothing.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: WEBHOOK_BYTES_MAX },
      (_request, body, done) => {
        try {
          done(null, JSON.parse(String(body)));
        } catch {
          done(null, null);
        }
      },
    );
    // Counted apart: deliveries for a connection that is no more come by the hundred, and from the addresses of others.
    webhookRoute(scope, deps.webhook, createLoginRateLimit(app, { perMinute, wrong: 'not_found' }));
  });
  const { notices } = deps;
  if (notices !== undefined)
    await app.register(async (scope) => {
      noticeRoutes(scope, notices, createLoginRateLimit(app, { perMinute, wrong: 'not_found' }));
    });
  await registerOpenApi(app, routes, deps.settings.version);
  await app.register(
    async (scope) => {
      await scope.register(fastifyRateLimit, {
        store,
        max: deps.settings.requestsPerMinute,
        timeWindow: WINDOW_MS,
        // After the caller is known.
        hook: 'preParsing',
        keyGenerator: (request) => `rate/${request.principal?.actor ?? request.ip}`,
        errorResponseBuilder: (_request, { ttl }) =>
          new Refusal(
            429,
            `Too many requests; go on in ${String(Math.ceil(ttl / 1_000))} s.`,
            [],
            'rate_limited',
          ),
      });
      readJsonStrictly(scope);
      const storeOf = createFairStore(deps.store, { atOnce: CALLER_AT_ONCE, waitingMax: CALLER_WAITING_MAX });
      for (const route of routes) registerRoute(scope, { deps, authenticate, storeOf }, route);
    },
    { prefix: API_BASE },
  );
  return app;
}

/** What fails before a route is found: an address that is no URL, or a part of it longer than any id. */
function answerStrangeAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? new Refusal(404, 'There is nothing at this address: an id in it is not well formed.')
      : new Refusal(400, 'The address is not a well-formed URL.');
  void reply
    .code(refusal.status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(refusal, request.id)));
}

/** Bytes that are no HTTP never become a request; they are answered all the same, and the socket is closed. */
function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [status, reason, detail] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ([431, 'Request Header Fields Too Large', 'Address and headers are longer than 16 KiB.'] as const)
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ([408, 'Request Timeout', 'The request did not arrive within its time.'] as const)
        : ([400, 'Bad Request', 'The request is not HTTP.'] as const);
  const body = JSON.stringify(toProblem(new Refusal(status, detail)));
  socket.end(
    `HTTP/1.1 ${String(status)} ${reason}\r\ncontent-type: application/problem+json\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** JSON, or nothing at all; other media types only where a route takes bytes. */
function readJsonStrictly(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json\b/i,
    { parseAs: 'string' },
    (_request, body, done) => {
      const text = String(body);
      if (text.trim() === '') {
        done(null, undefined);
        return;
      }
      try {
        done(null, JSON.parse(text));
      } catch {
        done(new Refusal(400, 'The body is not JSON.'), undefined);
      }
    },
  );
  scope.addContentTypeParser('*', (request, payload, done) => {
    if (request.routeOptions.config.route?.rawBody === true) done(null, payload);
    else if (request.headers['content-length'] === '0') done(null, undefined);
    else done(new Refusal(415, 'Send the body as application/json.'), undefined);
  });
}

/** The caller left while its answer was under way: a stream ends with this, and nobody is at fault. */
function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What fastify itself refuses, as ours; everything else as it is. */
function transportRefusal(error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || !('statusCode' in error)) return error;
  const { statusCode } = error;
  if (statusCode === 413) return new Refusal(413, 'The body is larger than this endpoint takes.');
  if (statusCode === 415) return new Refusal(415, 'Send the body as application/json.');
  if (statusCode === 400) return new Refusal(400, 'The request is malformed.');
  return error;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The methods of this address; a route's static address wins over one with a parameter, as in the router. */
function methodsOf(routes: readonly Route[], url: string): string[] {
  const path = (url.split('?')[0] ?? url).replace(/(?<=.)\/$/, '');
  const fitting = routes.filter((route) => addressOf(route).test(path));
  const exact = fitting.filter((route) => API_BASE + route.url === path);
  const methods = (exact.length > 0 ? exact : fitting).map(({ method }) => method);
  return METHODS.filter((method) => methods.includes(method));
}

function addressOf({ url }: Route): RegExp {
  return new RegExp(`^${API_BASE}${url.replaceAll(/:[A-Za-z_]+/g, '[^/]+')}$`);
}
