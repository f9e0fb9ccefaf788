/**
 * What becomes of one message to one person by one channel: decided when it is written and again when it is sent, because in
 * between the alert may be over, or the night have begun. Facts in, decision out.
 */
import { decideDigest, type DigestWindow } from './digest.ts';
import { nextOutside } from '../time/daily-window.ts';
import type { Zone } from '../time/zones.ts';
import type { NoticeSeverity } from './notice.ts';
import { isUrgent, type Preferences } from './preferences.ts';
import type { NoticePolicy } from './policy.ts';
import { decideThrottle, type ThrottlePolicy, type ThrottleState } from './throttle.ts';

export interface DeliveryFacts {
  now: number;
  createdAt: number;
  severity: NoticeSeverity;
  policy: NoticePolicy;
  preferences: Preferences;
  /** The person's. */
  zone: Zone;
  /** What it is about is over: the alert resolved, the order completed. Null for notices that are never over. */
  over: boolean | null;
  /** Whether it waited for the end of quiet hours. */
  wasDeferred: boolean;
  /** The intent, and the open window of its key, if there is one. */
  intent: string;
  digest: DigestWindow | null;
  throttle: { state: ThrottleState; policy: ThrottlePolicy } | null;
}

export type DeliveryDecision =
  /** What is to be remembered with it, in the same transaction. */
  | { kind: 'send'; digest: DigestWindow | null; throttle: ThrottleState | null }
  /** Not by itself: it goes out when the window closes. */
  | { kind: 'collect'; digest: DigestWindow | null }
  | { kind: 'wait'; until: number; reason: 'quiet_hours' | 'throttle' }
  /** It waited and is over: told as a line of what happened meanwhile, not as something to do. */
  | { kind: 'summary' }
  | { kind: 'drop'; reason: 'over' | 'expired' };

export function decideDelivery(facts: DeliveryFacts): DeliveryDecision {
  const { now, createdAt, policy, severity, over, wasDeferred, throttle } = facts;
  if (over === true) return wasDeferred ? { kind: 'summary' } : { kind: 'drop', reason: 'over' };
  const quietUntil = quietEnd(facts);
  if (quietUntil > now) return { kind: 'wait', until: quietUntil, reason: 'quiet_hours' };
  // Time spent in quiet hours is not the message's fault.
  if (!wasDeferred && now - createdAt > policy.expiresS * 1_000) return { kind: 'drop', reason: 'expired' };
  const urgent = isUrgent(policy, severity);
  const step = decideDigest(
    facts.digest,
    { intent: facts.intent, at: now, severity },
    policy.digestS * 1_000,
  );
  if (step.decision === 'collect' && !urgent) return { kind: 'collect', digest: step.window };
  const digest = step.decision === 'collect' ? facts.digest : step.window;
  if (throttle === null) return { kind: 'send', digest, throttle: null };
  const throttled = decideThrottle(throttle.state, now, throttle.policy);
  if (throttled.kind === 'send') return { kind: 'send', digest, throttle: throttled.state };
  if (urgent) return { kind: 'send', digest, throttle: throttle.state };
  return { kind: 'wait', until: throttled.until, reason: 'throttle' };
}

/** The first instant that is in none of the person's quiet windows; now when there is nothing to wait for. */
function quietEnd({ now, severity, policy, preferences, zone }: DeliveryFacts): number {
  const { quietHours } = preferences;
  if (quietHours === undefined || quietHours.bypass.includes(severity) || isUrgent(policy, severity))
    return now;
  return nextOutside(quietHours.windows, zone, now);
}
