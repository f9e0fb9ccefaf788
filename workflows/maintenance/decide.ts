/** What the planner does after a tick. Pure. */
import type { TickResult } from '../../activities/maintenance/tick.ts';
import { PLANNER_LIMITS } from './limits.ts';

export type PlannerAction = { do: 'tick' } | { do: 'continue_as_new' } | { do: 'sleep'; forMs: number };

export interface PlannerState {
  ticks: number;
  /** Something changed since the last tick began. */
  changed: boolean;
  last: TickResult | null;
}

export function nextPlannerAction(
  { ticks, changed, last }: PlannerState,
  nowMs: number,
  historyIsLong: boolean,
): PlannerAction {
  if (ticks >= PLANNER_LIMITS.ticksPerRunMax || (historyIsLong && ticks > 0))
    return { do: 'continue_as_new' };
  if (changed || last === null) return { do: 'tick' };
  const { sleepMinMs, sleepMaxMs } = PLANNER_LIMITS;
  if (last.more) return { do: 'sleep', forMs: sleepMinMs };
  const untilNext = last.nextAt === null ? sleepMaxMs : Date.parse(last.nextAt) - nowMs;
  return { do: 'sleep', forMs: Math.min(sleepMaxMs, Math.max(sleepMinMs, untilNext)) };
}
