/** Work that is due by time or by a counter, whichever comes first or last, both counted from the completion. */
import { MINUTE_MS } from '../time/days.ts';
import type { Interval } from '../time/intervals.ts';
import type { Zone } from '../time/zones.ts';
import { COUNTER_NOISE } from './meter.ts';
import { floatingNext } from './next-due.ts';
import { dailyRate, projectedMs, type CounterPoint } from './projection.ts';
import type { DstRules } from './schedule.ts';
import { everyDayCalendar } from './working-calendar.ts';

export interface CombinedInput {
  zone: Zone;
  /** Time of day of the date, in minutes after midnight. */
  atMinutes: number;
  time: Interval;
  meter: { every: number };
  whichever: 'first' | 'last';
  completed: CounterPoint;
  readings: readonly CounterPoint[];
}

export interface Combined {
  timeDueMs: number | null;
  /** When the counter reached its target, or will; null when nobody can say. */
  meterDueMs: number | null;
  dueMs: number | null;
  by: 'time' | 'meter' | null;
  /** Whether the counter is what makes it due, and has been reached. */
  triggered: boolean;
}

const DST: DstRules = { gap: 'shift_forward', overlap: 'first' };

export function combinedDue(input: CombinedInput): Combined {
  const { zone, atMinutes, time, meter, whichever, completed, readings } = input;
  const floating = floatingNext(
    {
      zone,
      timeMs: atMinutes * MINUTE_MS,
      every: time,
      missingDay: 'clamp',
      calendar: everyDayCalendar(),
      nonWorking: 'keep',
      dst: DST,
    },
    completed.atMs,
  );
  const timeDueMs = floating?.dueMs ?? null;
  const target = completed.lifetime + meter.every;
  const reached = readings.find(({ lifetime }) => lifetime + COUNTER_NOISE >= target);
  const meterDueMs = reached?.atMs ?? meterForecast(readings, target);
  const by = decideBy(timeDueMs, meterDueMs, whichever);
  const dueMs = by === null ? null : by === 'meter' ? meterDueMs : timeDueMs;
  return { timeDueMs, meterDueMs, dueMs, by, triggered: by === 'meter' && reached !== undefined };
}

function meterForecast(readings: readonly CounterPoint[], target: number): number | null {
  const last = readings.at(-1);
  return last === undefined ? null : projectedMs(last.atMs, target - last.lifetime, dailyRate(readings));
}

/** Of two known dates the earlier or the later one, ties for time; a counter that nobody can forecast is never first, and keeps `last` open. */
function decideBy(
  timeMs: number | null,
  meterMs: number | null,
  whichever: CombinedInput['whichever'],
): Combined['by'] {
  if (timeMs === null || meterMs === null) {
    if (whichever === 'last') return null;
    return timeMs === null ? (meterMs === null ? null : 'meter') : 'time';
  }
  if (timeMs === meterMs) return 'time';
  return (whichever === 'first') === timeMs < meterMs ? 'time' : 'meter';
}
