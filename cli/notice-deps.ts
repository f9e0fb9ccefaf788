/** Builds what notices need: channels as the plant configured them, templates, proofs for answers, and the way to Temporal. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { SEND_TIMEOUT_MS, type ChannelSession } from '../channels/contract.ts';
import { channels } from '../channels/registry.ts';
import { renderNotice } from '../channels/render.ts';
import type { Channel } from '../domain/notifications/notice.ts';
import { toFailure } from '../domain/kernel/failure.ts';
import { zonesOfProcess } from '../plant/notifications/documents.ts';
import type { NoticeDelivery, NoticeDeps } from '../plant/notifications/notice-deps.ts';
import { loadChannelSecret, lockDocument } from '../store/notifications/documents.ts';
import {
  ESCALATION_WORKFLOW,
  escalationWorkflowId,
  lookAtAlertSignal,
} from '../workflows/escalation/messages.ts';
import { SYNC_TASK_QUEUE } from '../workflows/sync/messages.ts';
import type { Program } from './wiring.ts';

/** Proofs in messages are good for a day. */
const TOKEN_MS = 24 * 60 * 60 * 1_000;
const TEMPORAL_TIMEOUT_MS = 10_000;

/** Channels stay open between messages: a pool of a mail server is worth it. Opened anew when the settings change. */
export interface OpenChannels {
  deps: NoticeDeps;
  close(): void;
}

export function createNoticeDeps(program: Program, publicUrl: string | null): OpenChannels {
  const { store, ring, network } = program;
  const now = program.sync.now;
  const opened = new Map<string, { version: number; session: ChannelSession }>();

  async function sessionOf(tenantId: string, channel: Channel): Promise<ChannelSession | null> {
    const found = await store.inTenant(tenantId, async (tx) => ({
      row: await lockDocument(tx, tenantId, 'channel', channel),
      secret: await loadChannelSecret(tx, ring, { tenantId, channel }),
    }));
    if (found.row === null) return null;
    const key = `${tenantId}/${channel}`;
    const known = opened.get(key);
    if (known?.version === found.row.version) return known.session;
    known?.session.close();
    const session = channels[channel].open(found.row.document, found.secret ?? {}, {
      network,
      now,
      callbackUrl: publicUrl === null ? null : `${publicUrl}/notices/${channel}/${tenantId}`,
    });
    opened.set(key, { version: found.row.version, session });
    return session;
  }

  const attempt = async (
    tenantId: string,
    channel: Channel,
    work: (session: ChannelSession) => Promise<NoticeDelivery>,
  ): Promise<NoticeDelivery> => {
    try {
      const session = await sessionOf(tenantId, channel);
      if (session === null)
        return { kind: 'refused', reason: `the channel ${channel} is not set up`, code: null };
      return await withinBound(work(session));
    } catch (error) {
      const failure = toFailure(error);
      return failure.retryable
        ? { kind: 'later', reason: failure.message, retryAfterMs: failure.retryAfterMs, unknown: false }
        : { kind: 'refused', reason: failure.message, code: failure.code };
    }
  };
  return {
    deps: {
      store,
      now,
      newId: program.sync.newId,
      zones: zonesOfProcess(),
      send: (tenantId, channel, to, message) =>
        attempt(tenantId, channel, (session) => session.send(to, message)),
      update: (tenantId, channel, { to, providerId }, message) =>
        attempt(
          tenantId,
          channel,
          (session) =>
            session.update?.(to, providerId, message) ??
            Promise.resolve({ kind: 'refused', reason: 'a sent message cannot be changed', code: null }),
        ),
      render: (type, fields) => renderNotice(type, fields),
      tokenOf: (tenantId, intentId) =>
        signToken(keyOf(program), { t: tenantId, i: intentId, e: now() + TOKEN_MS }),
      linkOf: (token) => (publicUrl === null ? null : `${publicUrl}/notices/answer/${token}`),
      async escalate(tenantId, alertId) {
        await program.temporal.withDeadline(Date.now() + TEMPORAL_TIMEOUT_MS, () =>
          program.temporal.workflow.signalWithStart(ESCALATION_WORKFLOW, {
            workflowId: escalationWorkflowId(alertId),
            taskQueue: SYNC_TASK_QUEUE,
            args: [{ tenantId, alertId }],
            signal: lookAtAlertSignal,
            signalArgs: [],
          }),
        );
      },
    },
    close() {
      for (const { session } of opened.values()) session.close();
    },
  };
}

/** A library that never settles must not hold a lane for ever. */
async function withinBound(work: Promise<NoticeDelivery>): Promise<NoticeDelivery> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<NoticeDelivery>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'later', reason: 'the provider does not answer', retryAfterMs: null, unknown: true });
    }, 2 * SEND_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const claims = z.object({ t: z.uuid(), i: z.uuid(), e: z.number() });

function signToken(key: Buffer, content: z.output<typeof claims>): string {
  const body = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

/** Whom a proof belongs to; null for one that is not ours or too old. */
export function readToken(program: Program, token: string): { tenantId: string; intentId: string } | null {
  const [body = '', mark = ''] = token.split('.');
  const expected = createHmac('sha256', keyOf(program)).update(body).digest();
  const given = Buffer.from(mark, 'base64url');
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  // Only what we signed is read.
  const read = claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  if (!read.success || read.data.e < program.sync.now()) return null;
  return { tenantId: read.data.t, intentId: read.data.i };
}

/** Of the active key, for this purpose alone. */
function keyOf({ ring }: Program): Buffer {
  const key = ring.keys.get(ring.active) ?? Buffer.alloc(0);
  return createHmac('sha256', key).update('chatterfix notices').digest();
}
