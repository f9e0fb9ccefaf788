/** The HTTP server: limits, problem documents, and the routes from an explicit list. */
import fastify, { type FastifyInstance } from 'fastify';
import { toProblem } from './problem.ts';
import { healthRoutes, type HealthDeps } from './health.ts';
import { webhookRoute } from './webhook.ts';
import type { ReceiveWebhookDeps } from '../operations/receive-webhook.ts';

export interface ApiDeps {
  webhook: ReceiveWebhookDeps;
  health: HealthDeps;
  /** Receives what went wrong inside, without payloads. */
  onBug(error: unknown): void;
}

export function createApi(deps: ApiDeps): FastifyInstance {
  const app = fastify({
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
  });
  // A vendor may send any media type, or none: a delivery's body is a hint, and one we cannot read says nothing.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(null, null);
    }
  });
  app.setErrorHandler((error, _request, reply) => {
    const tooLarge = error instanceof Error && 'statusCode' in error && error.statusCode === 413;
    const problem = tooLarge
      ? {
          type: 'about:blank',
          title: 'invalid_request',
          status: 413,
          detail: 'The body is larger than 1 MiB.',
        }
      : toProblem(error);
    if (problem.status === 500) deps.onBug(error);
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('application/problem+json').send({
      type: 'about:blank',
      title: 'not_found',
      status: 404,
      detail: 'There is nothing at this address.',
    }),
  );
  healthRoutes(app, deps.health);
  webhookRoute(app, deps.webhook);
  return app;
}
