/** The words of notifications: what happens that people are told of, how severe it is, by which channel they hear of it. */
import { ALARM_SEVERITIES } from '../alarms/severity.ts';

export const CHANNELS = ['slack', 'teams', 'email', 'sms', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

export const NOTICE_TYPES = [
  'alert_raised',
  'alert_escalated',
  'alert_resolved',
  'work_order_assigned',
  'work_order_due',
  'work_order_overdue',
  'work_order_missed',
  'work_order_completed',
  'sync_paused',
  'conflicts_waiting',
  'quarantine_waiting',
  'drift_found',
  'deletions_stopped',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

export const NOTICE_SEVERITIES = ['info', ...ALARM_SEVERITIES] as const;
export type NoticeSeverity = (typeof NOTICE_SEVERITIES)[number];

/** Positive when `a` is the more severe. */
export function compareNotices(a: NoticeSeverity, b: NoticeSeverity): number {
  return NOTICE_SEVERITIES.indexOf(a) - NOTICE_SEVERITIES.indexOf(b);
}

/**
 * The key of the one intent to tell a person of an event by a channel. `event` is the id of what happened, e.g. of an alert's
 * transition or of a step of its escalation; different triples never have one key, whatever characters they hold.
 */
export function intentKey({
  event,
  person,
  channel,
}: {
  event: string;
  person: string;
  channel: Channel;
}): string {
  return [event, person, channel].map(encodeURIComponent).join('/');
}
