/**
 * When a schedule is due next: after a date was served, and after work was completed. Fixed schedules keep their calendar;
 * floating ones (the default) count from the last completion. Pure.
 */
import { isOnGrid, nextOnGrid } from './dates.ts';
import { triggerOf, type PlanFields } from './fields.ts';

/** The first planned date after `after`, counted on from `served`; null when there is no further one. */
export function nextDue(plan: PlanFields, served: string, after: string): string | null {
  const { every, endsAt, timeZone: zone = 'UTC' } = plan;
  if (every === undefined || triggerOf(plan) !== 'time_based') return null;
  const servedMs = Date.parse(served);
  const anchor = Date.parse(anchorOf(plan) ?? served);
  // A date that a person moved off the grid starts a new one.
  const from = isOnGrid(anchor, every, zone, servedMs) ? anchor : servedMs;
  const next = new Date(nextOnGrid(from, every, zone, Date.parse(after))).toISOString();
  return endsAt !== undefined && next > endsAt ? null : next;
}

/** The last day of a month stays one only when dates are counted from where the series began. */
function anchorOf({ basis, startsAt, lastDoneAt }: PlanFields): string | undefined {
  return basis === 'fixed' ? startsAt : (lastDoneAt ?? startsAt);
}

/** First due date of a new schedule, when none is given. */
export function firstDue(plan: PlanFields, now: string): string | null {
  if (plan.startsAt !== undefined && triggerOf(plan) === 'time_based') return plan.startsAt;
  return nextDue(plan, now, now);
}

export interface Completion {
  /** Planned start of the completed task. */
  plannedFor: string | null;
  completedAt: string;
}

/** What a completion moves; work entered late does not move dates back. */
export function afterWork(
  plan: PlanFields,
  { plannedFor, completedAt }: Completion,
): {
  lastDoneAt: string;
  nextDueAt: string | null;
} {
  const { lastDoneAt: before, nextDueAt = null } = plan;
  if (before !== undefined && before >= completedAt) return { lastDoneAt: before, nextDueAt };
  const done = { ...plan, lastDoneAt: completedAt };
  if (plan.every === undefined || triggerOf(plan) !== 'time_based') {
    return { lastDoneAt: completedAt, nextDueAt };
  }
  if (plan.basis !== 'fixed') {
    return { lastDoneAt: completedAt, nextDueAt: nextDue(done, completedAt, completedAt) };
  }
  // The date that was served is over; later ones stand.
  const isServed = nextDueAt !== null && plannedFor !== null && nextDueAt <= plannedFor;
  return { lastDoneAt: completedAt, nextDueAt: isServed ? nextDue(plan, nextDueAt, plannedFor) : nextDueAt };
}
