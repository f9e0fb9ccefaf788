/**
 * Slack through its own client: one message a notice, with buttons, changed in place when what it is about changes. The client's own
 * repeats are off: whether a message is tried again is decided where its intent is kept. https://docs.slack.dev/reference/methods/chat.postMessage
 */
import { LogLevel, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { SEND_TIMEOUT_MS, type ChannelDeps, type ChannelSession, type Delivery } from '../contract.ts';
import { createGuardedFetch } from '../guarded-fetch.ts';
import { deliveryOfError } from '../http-delivery.ts';
import { blocksOf } from './blocks.ts';

export const slackConfig = z.strictObject({
  /** Another address of the API, for a proxy or a sandbox. */
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .default('https://slack.com/api/'),
});
export type SlackConfig = z.output<typeof slackConfig>;

export const slackSecret = z.strictObject({
  botToken: z.string().min(1).max(500),
  /** Proves that a pressed button comes from Slack. */
  signingSecret: z.string().min(1).max(500),
});
export type SlackSecret = z.output<typeof slackSecret>;

/** Errors of the API that pass; every other one is about the message, its receiver or our right to write to him. */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

export function openSlack(
  config: SlackConfig,
  secret: SlackSecret,
  { network }: ChannelDeps,
): ChannelSession {
  const client = new WebClient(secret.botToken, {
    slackApiUrl: config.apiUrl.endsWith('/') ? config.apiUrl : `${config.apiUrl}/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: SEND_TIMEOUT_MS,
    logLevel: LogLevel.ERROR,
    fetch: fetchOf(network),
  });
  const attempt = async (work: () => Promise<Delivery>): Promise<Delivery> => {
    try {
      return await work();
    } catch (error) {
      return deliveryOfSlackError(error);
    }
  };
  return {
    send: (to, message) =>
      attempt(async () => {
        const { channel, ts } = await client.chat.postMessage({
          channel: to,
          text: message.title,
          blocks: blocksOf(message),
          unfurl_links: false,
          metadata: { event_type: 'chatterfix_notice', event_payload: { reference: message.reference } },
        });
        return { kind: 'accepted', providerId: `${channel ?? to}/${ts ?? ''}`, detail: {} };
      }),
    update: (_to, providerId, message) =>
      attempt(async () => {
        const [channel = '', ts = ''] = providerId.split('/');
        await client.chat.update({ channel, ts, text: message.title, blocks: blocksOf(message) });
        return { kind: 'accepted', providerId, detail: {} };
      }),
    close: () => undefined,
  };
}

type SlackFetch = NonNullable<NonNullable<ConstructorParameters<typeof WebClient>[1]>['fetch']>;

function fetchOf(network: ChannelDeps['network']): SlackFetch {
  const guarded = createGuardedFetch(network, SEND_TIMEOUT_MS);
  return (url, init = {}) => {
    const { body } = init;
    if (body !== undefined && typeof body !== 'string') throw new TypeError('Messages hold no files.');
    return guarded(url, { ...init, body });
  };
}

export function deliveryOfSlackError(error: unknown): Delivery {
  const { data, retryAfter, statusCode, original } = error as {
    data?: { error?: string };
    retryAfter?: number;
    statusCode?: number;
    original?: unknown;
  };
  if (typeof retryAfter === 'number')
    return {
      kind: 'later',
      reason: 'Slack takes no more now',
      retryAfterMs: retryAfter * 1_000,
      unknown: false,
    };
  if (typeof data?.error === 'string') {
    const code = data.error;
    return PASSING.has(code)
      ? { kind: 'later', reason: `Slack answers ${code}`, retryAfterMs: null, unknown: false }
      : { kind: 'refused', reason: `Slack answers ${code}`, code };
  }
  if (typeof statusCode === 'number')
    return {
      kind: 'later',
      reason: `Slack answers ${String(statusCode)}`,
      retryAfterMs: null,
      unknown: statusCode !== 503,
    };
  return deliveryOfError(original ?? error);
}
