/** Whether an answer to a notice is what it says: signatures by the credentials of the plant's channels, tokens by our own key. */
import { z } from 'zod';
import { slackSecret } from '../channels/slack/slack.ts';
import { isFromSlack } from '../channels/slack/signature.ts';
import { isFromTwilio } from '../channels/sms/signature.ts';
import { smsSecret } from '../channels/sms/twilio.ts';
import { createManualSteps } from '../activities/sync/manual-steps.ts';
import type { NoticeAnswers } from '../api/http/notices.ts';
import { Failure } from '../domain/kernel/failure.ts';
import {
  acknowledgeIntent,
  acknowledgeReply,
  lookAtIntent,
  recordCallback,
} from '../plant/notifications/answer.ts';
import { loadChannelSecret } from '../store/notifications/documents.ts';
import { readToken } from './notice-deps.ts';
import type { Program } from './wiring.ts';

const pressed = z.object({
  type: z.literal('block_actions'),
  actions: z.array(z.object({ action_id: z.string(), value: z.string() })).min(1),
});
const DELIVERED: Readonly<Record<string, 'delivered' | 'failed'>> = {
  delivered: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
};

export function createNoticeAnswers(program: Program): NoticeAnswers {
  const depsOf = (tenantId: string) => ({
    store: program.store,
    tenantId,
    now: program.sync.now,
    newId: program.sync.newId,
    steps: createManualSteps(program.sync),
  });
  const secretOf = (tenantId: string, channel: string) =>
    program.store.inTenant(tenantId, (tx) => loadChannelSecret(tx, program.ring, { tenantId, channel }));
  const holder = (token: string): { tenantId: string; intentId: string } => {
    const read = readToken(program, token);
    if (read === null) throw new Failure('not_found', 'This link is no longer good.');
    return read;
  };
  return {
    async slack(tenantId, request) {
      const secret = slackSecret.safeParse(await secretOf(tenantId, 'slack'));
      if (!secret.success || !isFromSlack(secret.data.signingSecret, request, program.sync.now()))
        throw unproved();
      const payload = pressed.safeParse(jsonOf(new URLSearchParams(request.body).get('payload')));
      const [action] = payload.data?.actions ?? [];
      if (action?.action_id !== 'acknowledge') return;
      const { intentId, ...read } = holder(action.value);
      // The token of one plant pressed in the workspace of another.
      if (read.tenantId !== tenantId) throw unproved();
      await acknowledgeIntent(depsOf(tenantId), intentId, 'slack');
    },
    async sms(tenantId, { signature, body }) {
      const secret = smsSecret.safeParse(await secretOf(tenantId, 'sms'));
      const form = Object.fromEntries(new URLSearchParams(body));
      // Signed is the address that Twilio was given, whatever proxies stand between.
      const url = `${program.publicUrl ?? ''}/notices/sms/${tenantId}`;
      if (!secret.success || !isFromTwilio(secret.data.authToken, { url, form, signature })) throw unproved();
      const {
        MessageStatus: status,
        MessageSid: sid = '',
        ErrorCode: code,
        From: from = '',
        Body: text = '',
      } = form;
      if (status === undefined) return acknowledgeReply(depsOf(tenantId), { from, text });
      await recordCallback(depsOf(tenantId), 'sms', {
        providerId: sid,
        status: DELIVERED[status] ?? 'other',
        detail: { status, ...(code === undefined ? {} : { code }) },
      });
      return null;
    },
    look: async (token) => {
      const { tenantId, intentId } = holder(token);
      return lookAtIntent(depsOf(tenantId), intentId);
    },
    acknowledge: async (token) => {
      const { tenantId, intentId } = holder(token);
      return acknowledgeIntent(depsOf(tenantId), intentId, 'email');
    },
  };
}

function unproved(): Failure {
  return new Failure('not_found', 'There is nothing at this address.');
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
