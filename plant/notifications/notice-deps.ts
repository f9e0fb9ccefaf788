/** What notices need from outside: channels, templates and Temporal are handed in, this layer decides and remembers. */
import type { Channel } from '../../domain/notifications/notice.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Zones } from '../../domain/time/zones.ts';
import type { Store, Tx } from '../../store/index.ts';

/** As a channel takes it; the same shape as the channels' own contract. */
export interface NoticeMessage {
  reference: string;
  title: string;
  text: string;
  language: string;
  severity: string;
  link: string | null;
  actions: readonly { kind: 'acknowledge'; label: string; token: string; replyCode: string }[];
  data: JsonObject;
}

export type NoticeDelivery =
  | { kind: 'accepted'; providerId: string | null; detail: JsonObject }
  | { kind: 'refused'; reason: string; code: string | null }
  | { kind: 'later'; reason: string; retryAfterMs: number | null; unknown: boolean };

export interface NoticeDeps {
  store: Store;
  now: () => number;
  newId: () => string;
  zones: Zones;
  /** Opens the channel as the plant configured it; a failure of ours or of the settings is a refusal. */
  send(tenantId: string, channel: Channel, to: string, message: NoticeMessage): Promise<NoticeDelivery>;
  /** Changes a message that was sent before. */
  update(
    tenantId: string,
    channel: Channel,
    sent: { to: string; providerId: string },
    message: NoticeMessage,
  ): Promise<NoticeDelivery>;
  /** Title and text of a notice, from its template. */
  render(type: string, fields: JsonObject): { title: string; text: string };
  /** A short-lived proof that its holder was sent this intent. */
  tokenOf(tenantId: string, intentId: string): string;
  /** Where people answer; null without a public address. */
  linkOf(token: string): string | null;
  /** Starts the escalation of an alert, or wakes it. */
  escalate(tenantId: string, alertId: string): Promise<void>;
}

export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** `alert/<id>` in its two parts. */
export function partsOf(subject: string): { kind: string; id: string } {
  const at = subject.indexOf('/');
  return { kind: subject.slice(0, at), id: subject.slice(at + 1) };
}

export type { Tx };
