/** Whether a request comes from Slack: its HMAC over time and body, not older than five minutes. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac, timingSafeEqual } from 'node:crypto';

const AGE_MAX_S = 300;

export interface SignedBySlack {
  /** `X-Slack-Request-Timestamp`, seconds. */
  timestamp: string;
  /** `X-Slack-Signature`. */
  signature: string;
  /** As it came. */
  body: string;
}

export function isFromSlack(signingSecret: string, request: SignedBySlack, nowMs: number): boolean {
  const { timestamp, signature } = request;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1_000 - Number(timestamp)) > AGE_MAX_S) return false;
  const expected = Buffer.from(signatureOf(signingSecret, request));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function signatureOf(secret: string, { timestamp, body }: Omit<SignedBySlack, 'signature'>): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}
