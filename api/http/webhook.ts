/** `POST /webhooks/{connection}/{token}[/{event}]`: answers at once, the work is the connection workflow's. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { receiveWebhook, type ReceiveWebhookDeps } from '../operations/receive-webhook.ts';

const params = z.object({ connection: z.uuid(), token: z.string().regex(/^[A-Za-z0-9_-]{20,100}$/) });

export function webhookRoute(app: FastifyInstance, deps: ReceiveWebhookDeps): void {
  for (const url of ['/webhooks/:connection/:token', '/webhooks/:connection/:token/:event']) {
    app.post(url, async (request, reply) => {
      const parsed = params.safeParse(request.params);
      if (!parsed.success) throw new Failure('not_found', 'There is no webhook at this address.');
      await receiveWebhook(deps, {
        connectionId: parsed.data.connection,
        token: parsed.data.token,
        body: request.body,
      });
      return reply.code(202).send();
    });
  }
}
