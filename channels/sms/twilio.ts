/** Text messages through Twilio's API. https://www.twilio.com/docs/messaging/api/message-resource */
import { z } from 'zod';
import { cutText } from '../../domain/kernel/text.ts';
import {
  SEND_TIMEOUT_MS,
  type ChannelDeps,
  type ChannelSession,
  type Delivery,
  type OutgoingMessage,
} from '../contract.ts';
import { createGuardedFetch } from '../guarded-fetch.ts';
import { deliveryOfError, deliveryOfStatus } from '../http-delivery.ts';

const E164 = /^\+[1-9]\d{6,14}$/;

export const smsConfig = z.strictObject({
  provider: z.literal('twilio').default('twilio'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .default('https://api.twilio.com'),
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/i, 'must be an account SID: AC and 32 hexadecimal digits'),
  from: z.string().regex(E164, 'must be a number such as +493012345678'),
});
export type SmsConfig = z.output<typeof smsConfig>;

export const smsSecret = z.strictObject({ authToken: z.string().min(1).max(200) });
export type SmsSecret = z.output<typeof smsSecret>;

/** Two segments of a text message: what a person reads on a lock screen, and what a plant pays for. */
const CHARS_MAX = 300;

const answerShape = z.object({ sid: z.string(), status: z.string().optional() });
const errorShape = z.object({ code: z.number().optional(), message: z.string().optional() });
/** Twilio's codes for "not now": queue full, too many requests, internal. */
const PASSING = new Set([20_429, 30_001, 20_500, 20_503]);

export function openSms(
  config: SmsConfig,
  secret: SmsSecret,
  { network, callbackUrl }: ChannelDeps,
): ChannelSession {
  const fetch = createGuardedFetch(network, SEND_TIMEOUT_MS);
  const url = `${config.apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${config.accountSid}/Messages.json`;
  const login = Buffer.from(`${config.accountSid}:${secret.authToken}`).toString('base64');
  return {
    async send(to, message) {
      if (!E164.test(to))
        return { kind: 'refused', reason: `${to} is no number in the form +493012345678`, code: 'address' };
      const form = new URLSearchParams({ To: to, From: config.from, Body: smsText(message) });
      if (callbackUrl !== null) form.set('StatusCallback', callbackUrl);
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { authorization: `Basic ${login}`, 'content-type': 'application/x-www-form-urlencoded' },
          body: form.toString(),
        });
        const said: unknown = await answer.json().catch(() => null);
        if (!answer.ok) return refusalOf(answer, said);
        const taken = answerShape.safeParse(said);
        if (taken.success)
          return {
            kind: 'accepted',
            providerId: taken.data.sid,
            detail: { status: taken.data.status ?? null },
          };
        return {
          kind: 'later',
          reason: 'Twilio answers without a message SID',
          retryAfterMs: null,
          unknown: true,
        };
      } catch (error) {
        return deliveryOfError(error);
      }
    },
    close: () => undefined,
  };
}

function refusalOf(answer: Parameters<typeof deliveryOfStatus>[0], said: unknown): Delivery {
  const { code, message } = errorShape.safeParse(said).data ?? {};
  const delivery = deliveryOfStatus(answer, message ?? 'no reason');
  if (code === undefined) return delivery;
  if (delivery.kind === 'refused')
    return PASSING.has(code)
      ? { kind: 'later', reason: delivery.reason, retryAfterMs: null, unknown: false }
      : { ...delivery, code: String(code) };
  return delivery;
}

/** Title and how to answer, nothing else: text messages are readable on the way and on a locked screen. */
export function smsText({ title, actions }: Pick<OutgoingMessage, 'title' | 'actions'>): string {
  const [action] = actions;
  const how = action === undefined ? '' : ` Reply ACK ${action.replyCode} to acknowledge.`;
  return `${cutText(title, CHARS_MAX - how.length)}${how}`;
}
