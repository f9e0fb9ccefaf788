/**
 * A maintenance plan as a schedule of the recurrence engine: the hub's fields, the planner's rules and the site's calendar put
 * together, and the dates that follow from it. Pure but for the zone data of the runtime.
 */
import type { Problem } from '../../domain/read-input.ts';
import { leadOf, type PlanRules } from '../../domain/recurrence/plan-rules.ts';
import { generateAt } from '../../domain/recurrence/generation.ts';
import { floatingNext, nextDue } from '../../domain/recurrence/next-due.ts';
import { readSchedule, type ScheduleText } from '../../domain/recurrence/read-schedule.ts';
import { scheduleProblems } from '../../domain/recurrence/schedule-problems.ts';
import type { Schedule } from '../../domain/recurrence/schedule.ts';
import { seriesAfter } from '../../domain/recurrence/series.ts';
import { DAY_MS, WEEKDAYS } from '../../domain/time/days.ts';
import { formatWall, instantMs, localDay, wallOf } from '../../domain/time/instants.ts';
import type { Zone } from '../../domain/time/zones.ts';
import type { CalendarValues } from '../../store/maintenance/calendars.ts';
import { triggerOf, type PlanFields } from './fields.ts';
import { zoneData } from './zone-data.ts';

export interface PlanSetting {
  fields: PlanFields;
  rules: PlanRules;
  calendar: Pick<CalendarValues, 'workingDays' | 'holidays'> | null;
}

/** Null for a plan that has no dates: something else than time makes it due, or nothing says how often. */
export function scheduleOfPlan(setting: PlanSetting): Schedule | null {
  const { fields } = setting;
  const from = fields.startsAt ?? fields.nextDueAt;
  return from === undefined ? null : anchoredAt(setting, from);
}

function isTimed(fields: PlanFields): fields is PlanFields & { every: NonNullable<PlanFields['every']> } {
  return fields.every !== undefined && triggerOf(fields) === 'time_based';
}

function anchoredAt(setting: PlanSetting, from: string): Schedule | null {
  const { fields } = setting;
  if (!isTimed(fields)) return null;
  const read = readSchedule(textOf(setting, from), zoneData());
  const { zone } = read;
  const wall = wallOf(instantMs(from), zone);
  const anchorDay = Math.floor(wall / DAY_MS);
  const timeMs = wall - anchorDay * DAY_MS;
  const schedule = { ...read, anchorDay, timeMs, until: lastDay(fields, zone, timeMs) };
  const { lastDoneAt } = fields;
  // Floating dates are counted from the last completion; where they are only foreseen, as if each were done on its date.
  if (schedule.basis !== 'floating' || lastDoneAt === undefined || lastDoneAt <= from) return schedule;
  const next = floatingNext(schedule, instantMs(lastDoneAt));
  if (next === null) return schedule;
  const day = Math.floor(next.nominalMs / DAY_MS);
  return { ...schedule, anchorDay: day, timeMs: next.nominalMs - day * DAY_MS };
}

/** The schedule object of docs/schedules.md. */
export function textOf({ fields, rules, calendar }: PlanSetting, from: string): ScheduleText {
  const { lead: _lead, catch_up: _catchUp, if_open: _ifOpen, ...parts } = rules;
  const zone = fields.timeZone ?? 'UTC';
  return {
    ...parts,
    zone,
    anchor: formatWall(wallOf(instantMs(from), zoneData().zone(zone))),
    every: fields.every,
    basis: fields.basis ?? 'floating',
    ...(calendar === null
      ? {}
      : {
          calendar: {
            working_days: calendar.workingDays.flatMap((day) => WEEKDAYS[day] ?? []),
            holidays: calendar.holidays,
          },
        }),
  };
}

/** What a planner cannot have meant; paths are those of the rules. */
export function problemsOfPlan(setting: PlanSetting, now: string): Problem[] {
  const { fields } = setting;
  if (!isTimed(fields)) return [];
  return scheduleProblems(textOf(setting, fields.startsAt ?? fields.nextDueAt ?? now), zoneData());
}

/** The last nominal date whose time of day is not after the end. */
function lastDay({ endsAt }: PlanFields, zone: Zone, timeMs: number): number | null {
  if (endsAt === undefined) return null;
  const day = localDay(instantMs(endsAt), zone);
  return wallOf(instantMs(endsAt), zone) - day * DAY_MS >= timeMs ? day : day - 1;
}

export function instantText(ms: number): string {
  return new Date(ms).toISOString();
}

/** A wall time as the ledger writes it: an instant's text without its zone. */
export function nominalText(nominalMs: number): string {
  return instantText(nominalMs).slice(0, -1);
}

/** The first date after an instant; null when there is no further one. */
export function dueAfter(setting: PlanSetting, after: string): string | null {
  const schedule = scheduleOfPlan(setting);
  const next = schedule === null ? null : seriesAfter(schedule, instantMs(after)).next();
  return next === null ? null : instantText(next.dueMs);
}

/** One period after an instant, where the series begins anew. */
export function onePeriodAfter(setting: PlanSetting, from: string): string | null {
  const { lastDoneAt: _done, ...fields } = setting.fields;
  const schedule = anchoredAt({ ...setting, fields }, from);
  const next = schedule === null ? null : seriesAfter(schedule, instantMs(from)).next();
  return next === null ? null : instantText(next.dueMs);
}

/** When the work of the next date is to be made; null when there is none. */
export function lookAt(setting: PlanSetting, due: string | null | undefined): string | null {
  const schedule = scheduleOfPlan(setting);
  if (schedule === null || due === null || due === undefined) return null;
  return instantText(generateAt(schedule, leadOf(setting.rules), instantMs(due)));
}

export interface Completion {
  /** Planned start of the completed task. */
  plannedFor: string | null;
  completedAt: string;
}

/** What a completion moves; work entered late does not move dates back. */
export function afterWork(
  setting: PlanSetting,
  { plannedFor, completedAt }: Completion,
): { lastDoneAt: string; nextDueAt: string | null } {
  const { lastDoneAt: before, nextDueAt = null } = setting.fields;
  if (before !== undefined && before >= completedAt) return { lastDoneAt: before, nextDueAt };
  const schedule = scheduleOfPlan(setting);
  if (schedule === null) return { lastDoneAt: completedAt, nextDueAt };
  if (schedule.basis === 'floating' || (schedule.basis === 'shifted' && plannedFor !== null)) {
    const lastDueMs = instantMs(plannedFor ?? completedAt);
    const next = nextDue(schedule, { lastDueMs, completedMs: instantMs(completedAt) });
    const due = next === null ? null : instantText(next.dueMs);
    const { endsAt } = setting.fields;
    const isOver = due !== null && endsAt !== undefined && due > endsAt;
    return { lastDoneAt: completedAt, nextDueAt: isOver ? null : due };
  }
  // The date that was served is over; later ones stand.
  const isServed = nextDueAt !== null && plannedFor !== null && nextDueAt <= plannedFor;
  return { lastDoneAt: completedAt, nextDueAt: isServed ? dueAfter(setting, plannedFor) : nextDueAt };
}
