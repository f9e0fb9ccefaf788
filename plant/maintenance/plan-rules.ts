/**
 * The rules of a schedule: calendar, season, lead time, what becomes of dates that passed or meet open work. Changed here, and
 * shown before they are changed: which dates would move, and which orders are planned for a date that moves.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { JsonObject } from '../../domain/json.ts';
import { compareSchedules, type ComparedOccurrence } from '../../domain/recurrence/compare-schedules.ts';
import type { PlanRules } from '../../domain/recurrence/plan-rules.ts';
import type { Schedule } from '../../domain/recurrence/schedule.ts';
import { seriesAfter } from '../../domain/recurrence/series.ts';
import { DAY_MS } from '../../domain/time/days.ts';
import { instantMs } from '../../domain/time/instants.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { loadCalendar } from '../../store/maintenance/calendars.ts';
import { openTasks } from '../../store/maintenance/maintenance.ts';
import { loadRules, saveRules } from '../../store/maintenance/rules.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { editRecord, loadLive, lockLive, type VersionCheck } from '../work-orders/edit.ts';
import { occurrenceAt } from './decide-serving.ts';
import { planFields, triggerOf } from './fields.ts';
import {
  instantText,
  lookAt,
  nominalText,
  problemsOfPlan,
  scheduleOfPlan,
  type PlanSetting,
} from './plan-schedule.ts';
import { loadSetting, rulesFrom } from './plan-setting.ts';

export interface RulesInput {
  rules: PlanRules;
  calendarId: string | null;
}

export interface RulesView extends RulesInput {
  /** Of the rules; 0 while the schedule has none. */
  version: number;
}

export async function readRules(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
): Promise<RulesView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await loadLive(tx, 'plan', id);
    return viewOf(tx, id);
  });
}

async function viewOf(tx: Tx, id: string): Promise<RulesView> {
  const row = await loadRules(tx, id);
  return row === null
    ? { rules: {}, calendarId: null, version: 0 }
    : { rules: rulesFrom(row.rules), calendarId: row.calendarId, version: row.version };
}

/** Rules are replaced as a whole; the next date follows them at once. */
export async function changeRules(
  deps: PersonDeps,
  id: string,
  input: RulesInput,
  checkVersion: VersionCheck,
): Promise<RulesView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'plan', id);
    const stored = await viewOf(tx, id);
    checkVersion(stored.version);
    const at = instantOf(deps);
    const before = await loadSetting(tx, hub);
    const after = await wantedSetting(tx, hub, input, at);
    const nextDueAt = nextUnder(before, after);
    await editRecord(deps, tx, hub, { nextDueAt }, { action: 'schedule.change', at });
    const row = {
      planId: id,
      calendarId: input.calendarId,
      rules: input.rules as JsonObject,
      lookAt: lookAt(after, nextDueAt),
      at,
    };
    await saveRules(tx, deps.tenantId, row);
    await audit(deps, tx, {
      action: 'schedule.rules',
      subject: `record/${id}`,
      before: { ...(stored.rules as JsonObject), calendar_id: stored.calendarId },
      after: { ...(input.rules as JsonObject), calendar_id: input.calendarId },
      at,
    });
    return viewOf(tx, id);
  });
}

/** Refuses what cannot be meant, with the field at fault. */
async function wantedSetting(tx: Tx, hub: HubRecord, input: RulesInput, now: string): Promise<PlanSetting> {
  const fields = planFields(hub);
  if (triggerOf(fields) !== 'time_based' || fields.every === undefined)
    throw new Failure('conflict', `${hub.number} is not due by time, so it has no rules for dates.`);
  const calendar = input.calendarId === null ? null : await loadCalendar(tx, input.calendarId);
  if (input.calendarId !== null && calendar === null)
    throw new Failure('invalid_request', `calendar_id: there is no calendar ${input.calendarId}.`, {
      path: 'calendar_id',
    });
  const setting = { fields, rules: input.rules, calendar };
  const [problem] = problemsOfPlan(setting, now);
  if (problem === undefined) return setting;
  const path = problem.path === '' ? 'rules' : `rules.${problem.path}`;
  throw new Failure('invalid_request', `${path}: ${problem.reason}.`, { path });
}

/** How many dates the search for the same nominal time passes: far more than a month of hours. */
const SEARCH_MAX = 2_000;
/** How far a date may lie before its nominal time: a working day before a long shutdown. */
const BEFORE_MS = 60 * DAY_MS;

/** The next date keeps its nominal time: what was served stays served, and nothing after it is lost. */
export function nextUnder(before: PlanSetting, after: PlanSetting): string | null {
  const [old, fresh] = [scheduleOfPlan(before), scheduleOfPlan(after)];
  const { nextDueAt } = before.fields;
  if (old === null || fresh === null || nextDueAt === undefined) return nextDueAt ?? null;
  const { nominalMs } = occurrenceAt(old, instantMs(nextDueAt));
  const series = seriesAfter(fresh, nominalMs - BEFORE_MS);
  let next = series.next();
  for (let n = 0; next !== null && next.nominalMs < nominalMs && n < SEARCH_MAX; n += 1) next = series.next();
  return next === null ? null : instantText(next.dueMs);
}

export interface Preview {
  occurrences: {
    nominal: string;
    change: ComparedOccurrence['change'];
    before: string | null;
    after: string | null;
  }[];
  /** Open orders that are planned for a date that would move or go. They stay as they are. */
  affectedOrders: { orderId: string; planned: string; wouldBe: string | null }[];
  tzdb: string;
}

/** The next dates under the rules given, beside those of today. Nothing is stored. */
export async function previewRules(
  deps: PersonDeps,
  id: string,
  input: RulesInput,
  count: number,
): Promise<Preview> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await loadLive(tx, 'plan', id);
    const now = instantOf(deps);
    const [before, after] = [
      scheduleOfPlan(await loadSetting(tx, hub)),
      scheduleOfPlan(await wantedSetting(tx, hub, input, now)),
    ];
    if (before === null || after === null) return { occurrences: [], affectedOrders: [], tzdb: '' };
    const tasks = await openTasks(tx, deps.tenantId, id);
    return {
      occurrences: compareSchedules({ before, after }, instantMs(now), count).map((one) => ({
        nominal: nominalText(one.nominalMs),
        change: one.change,
        before: one.beforeMs === null ? null : instantText(one.beforeMs),
        after: one.afterMs === null ? null : instantText(one.afterMs),
      })),
      affectedOrders: tasks.flatMap(({ id: orderId, start }) => {
        const wouldBe = movedTo(before, after, instantMs(start));
        return wouldBe === 'same' ? [] : [{ orderId, planned: start, wouldBe }];
      }),
      tzdb: after.zone.tzdb,
    };
  });
}

/** Where a planned date would be; null where it would not be any more. */
function movedTo(before: Schedule, after: Schedule, dueMs: number): string | null {
  const { nominalMs } = occurrenceAt(before, dueMs);
  const series = seriesAfter(after, nominalMs - BEFORE_MS);
  let next = series.next();
  for (let n = 0; next !== null && next.nominalMs < nominalMs && n < SEARCH_MAX; n += 1) next = series.next();
  if (next?.nominalMs !== nominalMs) return null;
  return next.dueMs === dueMs ? 'same' : instantText(next.dueMs);
}
