/** How many messages a person gets by a channel in a while: a sliding window over what was sent. */

export interface ThrottlePolicy {
  /** At most this many within the window. */
  max: number;
  windowMs: number;
}

export interface ThrottleState {
  /** When messages were sent, oldest first; no more than `max`. */
  sentAt: readonly number[];
}

export const NOTHING_SENT: ThrottleState = { sentAt: [] };

export type ThrottleDecision = { kind: 'send'; state: ThrottleState } | { kind: 'wait'; until: number };

export function decideThrottle(
  state: ThrottleState,
  at: number,
  { max, windowMs }: ThrottlePolicy,
): ThrottleDecision {
  const recent = state.sentAt.filter((sent) => sent > at - windowMs);
  const oldest = recent[recent.length - max];
  if (oldest !== undefined) return { kind: 'wait', until: oldest + windowMs };
  return { kind: 'send', state: { sentAt: [...recent, at].slice(-max) } };
}
