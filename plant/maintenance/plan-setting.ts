/** Loads what a plan's dates follow from beside its own fields: the planner's rules and the calendar they name. */
import { planRules, type PlanRules } from '../../domain/recurrence/plan-rules.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { loadCalendar } from '../../store/maintenance/calendars.ts';
import { loadRules } from '../../store/maintenance/rules.ts';
import { planFields } from './fields.ts';
import type { PlanSetting } from './plan-schedule.ts';

/** As they were stored; they were judged then. */
export function rulesFrom(stored: unknown): PlanRules {
  return planRules.parse(stored);
}

export async function loadSetting(tx: Tx, plan: HubRecord): Promise<PlanSetting> {
  const row = await loadRules(tx, plan.id);
  return {
    fields: planFields(plan),
    rules: row === null ? {} : rulesFrom(row.rules),
    calendar: row === null || row.calendarId === null ? null : await loadCalendar(tx, row.calendarId),
  };
}
