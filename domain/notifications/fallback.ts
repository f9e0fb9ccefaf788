/** By which channel a person is tried next, when the provider of one did not take the message in time or refused it. */
import type { Channel } from './notice.ts';

export interface Attempt {
  channel: Channel;
  state: 'waiting' | 'accepted' | 'failed';
  since: number;
}

export type FallbackDecision =
  | { kind: 'send'; channel: Channel }
  /** A provider has taken it. */
  | { kind: 'done' }
  /** Nothing to do before; null: nothing to do until the provider answers. */
  | { kind: 'wait'; until: number | null }
  /** Every channel was tried and none took it: for the record, and for the escalation. */
  | { kind: 'exhausted' };

export function decideFallback(asked: {
  /** In the order in which they are tried. */
  channels: readonly Channel[];
  attempts: readonly Attempt[];
  /** Null: a channel that does not answer is waited for; only a failure leads on. */
  afterMs: number | null;
  now: number;
}): FallbackDecision {
  const { channels, attempts, afterMs, now } = asked;
  if (attempts.some(({ state }) => state === 'accepted')) return { kind: 'done' };
  const waiting = attempts.filter(({ state }) => state === 'waiting');
  const until =
    afterMs === null ? Infinity : Math.max(-Infinity, ...waiting.map(({ since }) => since + afterMs));
  if (waiting.length > 0 && until > now) return { kind: 'wait', until: until === Infinity ? null : until };
  const next = channels.find((channel) => !attempts.some((attempt) => attempt.channel === channel));
  if (next !== undefined) return { kind: 'send', channel: next };
  return waiting.length > 0 ? { kind: 'wait', until: null } : { kind: 'exhausted' };
}
