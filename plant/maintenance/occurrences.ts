/** The planned dates of a schedule: what became of those that were served, and what will become of those to come, and why. */
import { Failure } from '../../domain/kernel/failure.ts';
import { accountFor, type Accounted } from '../../domain/recurrence/account.ts';
import { explainDate, type Explanation } from '../../domain/recurrence/explain.ts';
import type { Schedule } from '../../domain/recurrence/schedule.ts';
import { DAY_MS, formatDate } from '../../domain/time/days.ts';
import { instantMs } from '../../domain/time/instants.ts';
import { listOccurrences } from '../../store/maintenance/occurrences.ts';
import type { Tx } from '../../store/index.ts';
import { assetIdsOf } from '../assets/asset-ids.ts';
import type { PersonDeps } from '../person.ts';
import { loadLive } from '../work-orders/edit.ts';
import { occurrenceAt } from './decide-serving.ts';
import { planFields } from './fields.ts';
import { instantText, nominalText, scheduleOfPlan } from './plan-schedule.ts';
import { loadSetting } from './plan-setting.ts';

/** Most rows of one answer; a range with more is to be asked for in parts. */
const ROWS_MAX = 10_000;
const RANGE_DAYS_MAX = 3_700;

export interface PlannedDate {
  nominal: string;
  dueAt: string | null;
  outcome: 'generated' | 'merged' | 'absorbed' | 'skipped' | 'missed' | 'planned';
  reason: string | null;
  /** Public id; null for dates to come, which are those of all its assets. */
  assetId: string | null;
  workOrderId: string | null;
  tzdb: string;
}

type Deps = Pick<PersonDeps, 'store' | 'tenantId'>;

/** By nominal date, both bounds included. */
export async function occurrencesOfPlan(
  deps: Deps,
  id: string,
  { fromDay, toDay }: { fromDay: number; toDay: number },
): Promise<PlannedDate[]> {
  if (toDay < fromDay) throw new Failure('invalid_request', 'to: must not be before from.', { path: 'to' });
  if (toDay - fromDay > RANGE_DAYS_MAX)
    throw new Failure('invalid_request', `to: at most ${String(RANGE_DAYS_MAX)} days at once.`, {
      path: 'to',
    });
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const plan = await loadLive(tx, 'plan', id);
    const range = { from: `${formatDate(fromDay)}T00:00:00`, to: `${formatDate(toDay)}T23:59:59.999` };
    const rows = await recorded(deps, tx, id, range);
    const schedule = scheduleOfPlan(await loadSetting(tx, plan));
    const { nextDueAt } = planFields(plan);
    const coming =
      schedule === null || nextDueAt === undefined ? [] : toCome(schedule, nextDueAt, fromDay, toDay);
    if (rows.length + coming.length > ROWS_MAX)
      throw new Failure(
        'invalid_request',
        `to: these are more than ${String(ROWS_MAX)} dates; take fewer days.`,
        {
          path: 'to',
        },
      );
    return [...rows, ...coming];
  });
}

async function recorded(
  deps: Deps,
  tx: Tx,
  id: string,
  range: { from: string; to: string },
): Promise<PlannedDate[]> {
  const rows = await listOccurrences(tx, deps.tenantId, id, { ...range, limit: ROWS_MAX + 1 });
  const assets = await assetIdsOf(
    tx,
    rows.map(({ assetId }) => assetId),
  );
  return rows.map(({ nominal, dueAt, outcome, reason, assetId, workOrderId, tzdb }) => ({
    nominal,
    dueAt,
    outcome,
    reason,
    assetId: assets.get(assetId) ?? null,
    workOrderId,
    tzdb,
  }));
}

function toCome(schedule: Schedule, nextDueAt: string, fromDay: number, toDay: number): PlannedDate[] {
  const first = occurrenceAt(schedule, instantMs(nextDueAt));
  const from = Math.max(fromDay, Math.floor(first.nominalMs / DAY_MS));
  if (from > toDay) return [];
  return accountFor(schedule, from, toDay)
    .filter(({ nominalMs }) => nominalMs >= first.nominalMs)
    .map((one) => ({
      nominal: nominalText(one.nominalMs),
      dueAt: one.kind === 'skipped' ? null : instantText(one.dueMs),
      ...outcomeOf(one),
      assetId: null,
      workOrderId: null,
      tzdb: schedule.zone.tzdb,
    }));
}

function outcomeOf(one: Accounted): Pick<PlannedDate, 'outcome' | 'reason'> {
  switch (one.kind) {
    case 'due':
      return { outcome: 'planned', reason: null };
    case 'merged':
      return { outcome: 'merged', reason: 'same_instant' };
    case 'skipped':
      return { outcome: 'skipped', reason: one.reason };
  }
}

/** One sentence for each step that had a say in the date. */
export async function explainPlanDate(deps: Deps, id: string, nominalDay: number): Promise<Explanation> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const plan = await loadLive(tx, 'plan', id);
    const schedule = scheduleOfPlan(await loadSetting(tx, plan));
    if (schedule === null)
      throw new Failure('conflict', `${plan.number} has no dates: nothing says how often.`);
    const explained = explainDate(schedule, nominalDay);
    if (explained !== null) return explained;
    throw new Failure(
      'not_found',
      `${plan.number} has no planned date on ${formatDate(nominalDay)}; take one from its occurrences.`,
    );
  });
}
