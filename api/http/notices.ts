/**
 * Answers to notices, from people and providers that have no key: a pressed button in Slack, a reply to a text message and what became of
 * it, the link of a mail. Each proves itself by the provider's signature or by a short-lived token; none learns more than its own alert.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Answered } from '../../plant/notifications/answer.ts';
import type { LoginRateLimit } from './frame/login-rate-limit.ts';

/** Handed in: it knows the plant's credentials at its providers. Throws `not_found` for what is not proved. */
export interface NoticeAnswers {
  slack(tenantId: string, request: { timestamp: string; signature: string; body: string }): Promise<void>;
  sms(tenantId: string, request: { signature: string; body: string }): Promise<Answered | null>;
  look(token: string): Promise<Answered>;
  acknowledge(token: string): Promise<Answered>;
}

const BODY_BYTES_MAX = 64 * 1024;
const tenantParams = z.object({ tenant: z.uuid() });
const tokenParams = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{20,200}\.[A-Za-z0-9_-]{20,100}$/) });

export function noticeRoutes(app: FastifyInstance, answers: NoticeAnswers, attempts: LoginRateLimit): void {
  app.removeAllContentTypeParsers();
  // Signatures are over the bytes as they came.
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => {
    done(null, String(body));
  });
  app.post('/notices/slack/:tenant', async (request, reply) => {
    const tenantId = tenantOf(request);
    await attempts.lookUp({ request, reply }, `slack/${tenantId}`, () =>
      answers.slack(tenantId, {
        timestamp: header(request, 'x-slack-request-timestamp'),
        signature: header(request, 'x-slack-signature'),
        body: textOf(request),
      }),
    );
    return reply.code(200).send();
  });
  app.post('/notices/sms/:tenant', async (request, reply) => {
    const tenantId = tenantOf(request);
    await attempts.lookUp({ request, reply }, `sms/${tenantId}`, () =>
      answers.sms(tenantId, { signature: header(request, 'x-twilio-signature'), body: textOf(request) }),
    );
    return reply.code(200).type('text/xml').send('<Response/>');
  });
  app.get('/notices/answer/:token', async (request, reply) => {
    const token = tokenOf(request);
    const shown = await attempts.lookUp({ request, reply }, 'answer', () => answers.look(token));
    return reply.type('text/html; charset=utf-8').send(page(shown));
  });
  app.post('/notices/answer/:token', async (request, reply) => {
    const token = tokenOf(request);
    const shown = await attempts.lookUp({ request, reply }, 'answer', () => answers.acknowledge(token));
    return reply.type('text/html; charset=utf-8').send(page(shown));
  });
}

function tenantOf(request: FastifyRequest): string {
  const parsed = tenantParams.safeParse(request.params);
  if (!parsed.success) throw new Failure('not_found', 'There is nothing at this address.');
  return parsed.data.tenant;
}

function tokenOf(request: FastifyRequest): string {
  const parsed = tokenParams.safeParse(request.params);
  if (!parsed.success) throw new Failure('not_found', 'This link is no longer good.');
  return parsed.data.token;
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function textOf({ body }: FastifyRequest): string {
  return typeof body === 'string' ? body : '';
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Opening it changes nothing: programs that look at mails open links. The button does. */
function page({ title, state }: Answered): string {
  const shown = title.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
  const rest =
    state === 'open'
      ? '<form method="post"><button>Acknowledge</button></form>'
      : `<p>This alert is ${state}.</p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Alert</title><h1>${shown}</h1>${rest}</html>`;
}
