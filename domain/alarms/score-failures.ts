/** How well alarms announced failures that are known: how early each, and how many alarms had nothing to do with any. */
import type { PastAlarm } from './backtest.ts';

export interface KnownFailure {
  name: string;
  /** When it happened, or was noticed. */
  at: number;
  /** Alarms raised in this span belong to the failure; one that stood before it announces nothing. */
  from: number;
  to: number;
}

export interface Announced {
  failure: KnownFailure;
  /** The first alarm raised in its span; null when there was none. */
  raisedAt: number | null;
  /** How long before the failure that was; negative when it came after, null when there was none. */
  leadMs: number | null;
}

export interface Score {
  announced: Announced[];
  /** Alarms raised in no failure's span. */
  falseAlarms: PastAlarm[];
}

export function scoreFailures(alarms: readonly PastAlarm[], failures: readonly KnownFailure[]): Score {
  const announced = failures.map((failure): Announced => {
    const first = alarms.find(({ raisedAt }) => raisedAt >= failure.from && raisedAt <= failure.to);
    const raisedAt = first?.raisedAt ?? null;
    return { failure, raisedAt, leadMs: raisedAt === null ? null : failure.at - raisedAt };
  });
  const isIn = ({ raisedAt }: PastAlarm, { from, to }: KnownFailure): boolean =>
    raisedAt >= from && raisedAt <= to;
  return {
    announced,
    falseAlarms: alarms.filter((alarm) => !failures.some((failure) => isIn(alarm, failure))),
  };
}
