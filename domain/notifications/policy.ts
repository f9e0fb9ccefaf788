/**
 * How each type of notice is told when nobody says otherwise: channels in the order in which they are tried, digest, throttle,
 * fallback. Shipped as a plant would keep it; a plant replaces single entries.
 */
import { z } from 'zod';
import { CHANNELS, NOTICE_SEVERITIES, type NoticeType } from './notice.ts';

const seconds = z
  .number()
  .min(0)
  .max(7 * 24 * 3_600);

export const noticePolicy = z.strictObject({
  /** The first is tried first; the others are what it falls back to. */
  channels: z.array(z.enum(CHANNELS)).min(1, 'name at least one channel').max(CHANNELS.length),
  /** From this severity on, preferences cannot silence it, and quiet hours, digest and throttle do not hold it; absent: never. */
  urgentFrom: z.enum(NOTICE_SEVERITIES).optional(),
  /** After the first message, further ones of the same key are collected this long; 0: each by itself. */
  digestS: seconds.default(0),
  /** The next channel is tried when this one has not been accepted by its provider for so long; absent: no fallback. */
  fallbackS: seconds.optional(),
  /** What is not delivered by then is not worth telling any more. */
  expiresS: seconds.default(24 * 3_600),
});
export type NoticePolicy = z.output<typeof noticePolicy>;

const ALERT = { channels: ['slack', 'email', 'sms'], urgentFrom: 'critical', digestS: 300, fallbackS: 120 };
const WORK = { channels: ['email', 'slack'], digestS: 900 };
const OPERATION = { channels: ['email', 'slack'], digestS: 3_600, expiresS: 3 * 24 * 3_600 };

const SHIPPED: Readonly<Record<NoticeType, unknown>> = {
  alert_raised: ALERT,
  // Whoever is told by an escalation is told because somebody else was not reached.
  alert_escalated: { ...ALERT, channels: ['sms', 'slack', 'email'], urgentFrom: 'high', digestS: 0 },
  alert_resolved: { channels: ['slack', 'email'], digestS: 300, expiresS: 3_600 },
  work_order_assigned: WORK,
  work_order_due: WORK,
  work_order_overdue: WORK,
  work_order_missed: WORK,
  work_order_completed: { ...WORK, digestS: 3_600 },
  sync_paused: { ...OPERATION, digestS: 300 },
  conflicts_waiting: OPERATION,
  quarantine_waiting: OPERATION,
  drift_found: OPERATION,
  // A person has to answer before anything goes on.
  deletions_stopped: { ...OPERATION, digestS: 0, urgentFrom: 'high' },
};

/** Parsed when asked for: nothing runs at import. */
export function shippedNoticePolicy(type: NoticeType): NoticePolicy {
  return noticePolicy.parse(SHIPPED[type]);
}
