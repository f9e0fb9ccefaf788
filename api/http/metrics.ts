/** `GET /metrics` for Prometheus: this process's requests and memory, and the state of the caller's plant, read when asked. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import { mayDo } from '../../domain/access/permissions.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { plantState } from '../../plant/records/plant-state.ts';
import type { ApiDeps } from './deps.ts';
import type { Authenticate } from './frame/authenticate.ts';

export function metricsRoute(app: FastifyInstance, deps: ApiDeps, authenticate: Authenticate): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'chatterfix_' });
  const requests = new Histogram({
    name: 'chatterfix_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['operation', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    requests.observe(
      {
        operation: request.routeOptions.config.route?.id ?? request.routeOptions.url ?? 'unknown',
        method: request.method,
        status: String(reply.statusCode),
      },
      reply.elapsedTime / 1_000,
    );
  });

  app.get('/metrics', async (request, reply) => {
    const principal = await authenticate({ request, reply });
    if (!mayDo(principal, 'metrics:read'))
      throw new Failure('forbidden', 'This key may not do metrics:read.');
    const plant = new Registry();
    for (const { name, help, samples } of await plantState(deps, principal.tenantId)) {
      // Without labels prom-client would show a zero that nobody measured.
      if (samples.length === 0) continue;
      const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))];
      const gauge = new Gauge({ name, help, labelNames, registers: [plant] });
      for (const { labels, value } of samples) gauge.set(labels, value);
    }
    const text = `${await registry.metrics()}\n${await plant.metrics()}`;
    return reply.type(registry.contentType).send(text);
  });
}
