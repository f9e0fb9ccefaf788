/**
 * Reliability of an asset over a period, from its downtime: MTBF, MTTR and both availabilities. What is undefined is null,
 * never 0: an asset without failures has no mean time between them. Hours; percentages with four decimals.
 */
import { roundTo } from '../rounding.ts';

export interface Downtime {
  type: 'failure' | 'planned';
  fromMs: number;
  /** Null while the asset is still down. */
  toMs: number | null;
}

export interface Reliability {
  periodHours: number;
  /** Failures that start in the period. */
  failures: number;
  downtimeFailureHours: number;
  /** Planned downtime outside failures. */
  downtimePlannedHours: number;
  uptimeHours: number;
  mtbfHours: number | null;
  /** Mean full length, also beyond the period, of those failures that have ended. */
  mttrHours: number | null;
  /** MTBF / (MTBF + MTTR), EN 15341 M12. */
  availabilityInherentPct: number | null;
  /** Uptime / period, EN 15341 M10. */
  availabilityOperationalPct: number | null;
}

const HOUR_MS = 3_600_000;

export interface ReliabilityInput {
  fromMs: number;
  toMs: number;
  downtime: readonly Downtime[];
}

export function reliability({ fromMs, toMs, downtime }: ReliabilityInput): Reliability {
  const clipped = (wanted: (item: Downtime) => boolean): number =>
    unionMs(
      downtime
        .filter(wanted)
        .map((item) => ({ from: Math.max(item.fromMs, fromMs), to: Math.min(item.toMs ?? toMs, toMs) })),
    );
  const allMs = clipped(() => true);
  const failureMs = clipped(({ type }) => type === 'failure');
  const started = downtime.filter(
    (item) => item.type === 'failure' && item.fromMs >= fromMs && item.fromMs < toMs,
  );
  const uptimeHours = (toMs - fromMs - allMs) / HOUR_MS;
  const lengths = started.flatMap((item) => (item.toMs === null ? [] : [item.toMs - item.fromMs]));
  const mtbfHours = started.length === 0 ? null : uptimeHours / started.length;
  const mttrHours =
    lengths.length === 0 ? null : lengths.reduce((sum, ms) => sum + ms, 0) / HOUR_MS / lengths.length;
  return {
    periodHours: (toMs - fromMs) / HOUR_MS,
    failures: started.length,
    downtimeFailureHours: failureMs / HOUR_MS,
    // Failure wins where both overlap, so planned time is what all intervals cover beyond failures.
    downtimePlannedHours: (allMs - failureMs) / HOUR_MS,
    uptimeHours,
    mtbfHours,
    mttrHours,
    availabilityInherentPct:
      mtbfHours === null || mttrHours === null ? null : percent(mtbfHours, mtbfHours + mttrHours),
    availabilityOperationalPct: percent(uptimeHours, (toMs - fromMs) / HOUR_MS),
  };
}

/** How much time intervals cover together; an overlap counts once. */
function unionMs(intervals: readonly { from: number; to: number }[]): number {
  let covered = 0;
  let end = -Infinity;
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered;
}

/** Share in percent with four decimals; null when the whole is 0. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : roundTo((100 * part) / whole, 4);
}
