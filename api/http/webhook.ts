/** `POST /webhooks/{connection}/{token}[/{event}]`: answers at once, the work is the connection workflow's. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { receiveWebhook, type ReceiveWebhookDeps } from '../../plant/connections/receive-webhook.ts';
import type { LoginRateLimit } from './frame/login-rate-limit.ts';

const params = z.object({ connection: z.uuid(), token: z.string().regex(/^[A-Za-z0-9_-]{20,100}$/) });

export function webhookRoute(app: FastifyInstance, deps: ReceiveWebhookDeps, attempts: LoginRateLimit): void {
  for (const url of ['/webhooks/:connection/:token', '/webhooks/:connection/:token/:event']) {
    app.post(url, async (request, reply) => {
      const parsed = params.safeParse(request.params);
      if (!parsed.success) throw new Failure('not_found', 'There is no webhook at this address.');
      const { connection, token } = parsed.data;
      await attempts.lookUp({ request, reply }, `${connection}/${token}`, () =>
        receiveWebhook(deps, { connectionId: connection, token, body: request.body }),
      );
      return reply.code(202).send();
    });
  }
}
