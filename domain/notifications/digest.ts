/**
 * Digests: the first message of a key goes out at once, what follows within the window is collected and goes out as one. A message
 * more severe than those before breaks the window open. One key is a person, a channel and a subject, such as a site's alerts.
 */
import { compareNotices, type NoticeSeverity } from './notice.ts';

export interface DigestWindow {
  closesAt: number;
  /** The highest that went out within it. */
  severity: NoticeSeverity;
  /** Intents waiting, in the order in which they came. */
  collected: readonly string[];
}

export interface DigestStep {
  decision: 'send' | 'collect';
  window: DigestWindow | null;
}

/** `window` is null when none is open, or when the one that was has been closed by `closeDigest`. */
export function decideDigest(
  window: DigestWindow | null,
  message: { intent: string; at: number; severity: NoticeSeverity },
  windowMs: number,
): DigestStep {
  const { intent, at, severity } = message;
  if (windowMs <= 0) return { decision: 'send', window };
  if (window === null)
    return { decision: 'send', window: { closesAt: at + windowMs, severity, collected: [] } };
  if (compareNotices(severity, window.severity) > 0)
    return { decision: 'send', window: { ...window, severity } };
  if (window.collected.includes(intent)) return { decision: 'collect', window };
  return { decision: 'collect', window: { ...window, collected: [...window.collected, intent] } };
}

/**
 * The end of a window: what was collected goes out as one, and the window opens again, so that a stream of messages becomes one
 * message a window. With nothing collected it is over. Before its end nothing happens.
 */
export function closeDigest(
  window: DigestWindow,
  { at, windowMs }: { at: number; windowMs: number },
): { send: readonly string[]; window: DigestWindow | null } {
  if (at < window.closesAt) return { send: [], window };
  if (window.collected.length === 0) return { send: [], window: null };
  return { send: window.collected, window: { ...window, closesAt: at + windowMs, collected: [] } };
}

export interface Deferred {
  intent: string;
  person: string;
  channel: string;
  deliverAt: number;
}

/** What waited for the end of quiet hours and may go out now: one message for each person and channel, in the order of waiting. */
export function gatherDeferred(
  waiting: readonly Deferred[],
  now: number,
): { person: string; channel: string; intents: string[] }[] {
  const batches: { person: string; channel: string; intents: string[] }[] = [];
  for (const { intent, person, channel, deliverAt } of waiting) {
    if (deliverAt > now) continue;
    const batch = batches.find((one) => one.person === person && one.channel === channel);
    if (batch === undefined) batches.push({ person, channel, intents: [intent] });
    else batch.intents.push(intent);
  }
  return batches;
}
