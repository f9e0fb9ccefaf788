/**
 * Outgoing webhooks as Standard Webhooks describes them: an id that repeats with the message, a time, a signature of both and the body.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { SEND_TIMEOUT_MS, type ChannelDeps, type ChannelSession } from '../contract.ts';
import { createGuardedFetch } from '../guarded-fetch.ts';
import { deliveryOfError, deliveryOfStatus } from '../http-delivery.ts';

export const webhookConfig = z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2_000) });
export type WebhookConfig = z.output<typeof webhookConfig>;

export const webhookSecret = z.strictObject({
  secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in base64'),
});
export type WebhookSecret = z.output<typeof webhookSecret>;

export function openWebhook(
  config: WebhookConfig,
  { secret }: WebhookSecret,
  { network, now }: ChannelDeps,
): ChannelSession {
  const fetch = createGuardedFetch(network, SEND_TIMEOUT_MS);
  return {
    async send(to, message) {
      const timestamp = Math.floor(now() / 1_000);
      const { reference, title, text, severity, language, link, data } = message;
      const body = JSON.stringify({
        type: 'notice',
        timestamp: new Date(now()).toISOString(),
        data: { to, title, text, severity, language, link, ...data },
      });
      try {
        const answer = await fetch(config.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'webhook-id': reference,
            'webhook-timestamp': String(timestamp),
            'webhook-signature': signWebhook(secret, { id: reference, timestamp, body }),
          },
          body,
        });
        if (answer.ok) return { kind: 'accepted', providerId: reference, detail: { status: answer.status } };
        return deliveryOfStatus(answer, 'the receiver of the webhook');
      } catch (error) {
        return deliveryOfError(error);
      }
    },
    close: () => undefined,
  };
}

/** `v1,<base64>` over `id.timestamp.body`. */
export function signWebhook(
  secret: string,
  content: { id: string; timestamp: number; body: string },
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const text = `${content.id}.${String(content.timestamp)}.${content.body}`;
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}
