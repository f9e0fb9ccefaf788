/** What a changed calendar does to the schedules that follow it: their next date keeps its nominal time and is computed anew. */
import { repositories, type Tx } from '../../store/index.ts';
import type { CalendarValues } from '../../store/maintenance/calendars.ts';
import { plansOfCalendar, setLook } from '../../store/maintenance/rules.ts';
import type { PersonDeps } from '../person.ts';
import { editRecord } from '../work-orders/edit.ts';
import { nextUnder } from './plan-rules.ts';
import { lookAt } from './plan-schedule.ts';
import { loadSetting } from './plan-setting.ts';

const PAGE = 500;

export async function replan(
  deps: PersonDeps,
  tx: Tx,
  change: { calendarId: string; before: CalendarValues; after: CalendarValues; at: string },
): Promise<void> {
  const { calendarId, at } = change;
  let after: string | null = null;
  for (;;) {
    const ids: string[] = await plansOfCalendar(tx, calendarId, { after, limit: PAGE });
    const plans = await repositories.hubRecords.lock(tx, ids);
    for (const plan of plans.values()) {
      if (plan.deletedAt !== null) continue;
      const setting = await loadSetting(tx, plan);
      const before = { ...setting, calendar: change.before };
      const now = { ...setting, calendar: change.after };
      const nextDueAt = nextUnder(before, now);
      await editRecord(deps, tx, plan, { nextDueAt }, { action: 'schedule.change', at });
      await setLook(tx, plan.id, lookAt(now, nextDueAt));
    }
    after = ids.at(-1) ?? null;
    if (ids.length < PAGE) return;
  }
}
