/** Quiet hours of a person: whether a message waits, and until when. The zone is the recipient's, never the sender's or the server's. */
import { windowEnd, type DailyWindow } from '../time/daily-window.ts';
import type { Zone } from '../time/zones.ts';

export interface QuietHours {
  zone: Zone;
  window: DailyWindow;
  /** Severities that are never held back. */
  bypass: readonly string[];
}

export interface QuietDecision {
  deferred: boolean;
  /** When it may be delivered: now, or when the quiet hours end. */
  deliverAt: number;
}

export function decideQuietHours(
  quiet: QuietHours,
  message: { severity: string; createdAt: number },
): QuietDecision {
  const { severity, createdAt } = message;
  const end = quiet.bypass.includes(severity) ? null : windowEnd(quiet.window, quiet.zone, createdAt);
  return end === null ? { deferred: false, deliverAt: createdAt } : { deferred: true, deliverAt: end };
}
