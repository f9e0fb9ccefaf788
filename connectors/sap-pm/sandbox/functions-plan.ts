/** Scheduling of plans (contract 2.6): calls by the first cycle, their orders, plan statuses. */
import { refuse } from './checks.ts';
import { patchRow, textOf, todayOf } from './draft.ts';
import type { Arguments, FunctionImport } from './function-import.ts';
import { touchPlan, itemsOf } from './rules-plan.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const DAY_MS = 86_400_000;
const UNIT_DAYS: Readonly<Record<string, number>> = { DAY: 1, WK: 7, MON: 30, YR: 365 };
const HORIZON_CALLS = 3;

function cycleDays(call: Call, plan: string): number {
  const [cycle] = call.world.db.where('MaintenancePlanCycle', ['MaintenancePlan'], [plan]);
  const days = UNIT_DAYS[textOf(cycle?.values ?? {}, 'MaintPlanCycRcrrcIntervalUnit')] ?? 0;
  return days * Number(cycle?.values['MaintPlanCycRcrrcIntervalQty'] ?? 0);
}

/** Writes the coming calls of a time-based plan; those not due yet have no order. */
export function scheduleCalls(call: Call, plan: Row, startMs: number): void {
  const { db } = call.world;
  const number = textOf(plan.values, 'MaintenancePlan');
  const days = cycleDays(call, number);
  if (days <= 0) return;
  for (const old of db.where('MaintenancePlanSchedule', ['MaintenancePlan'], [number])) {
    if (old.values['MaintCallHorizonIsNotReached'] === true) db.drop('MaintenancePlanSchedule', old.id);
  }
  const past = db.where('MaintenancePlanSchedule', ['MaintenancePlan'], [number]).length;
  for (let at = 1; at <= HORIZON_CALLS; at += 1) {
    const planned = startMs + at * days * DAY_MS;
    const key = { MaintenancePlan: number, MaintenancePlanCallNumber: past + at };
    db.put('MaintenancePlanSchedule', {
      ...key,
      MaintenancePackage: '',
      SchedulingType: '1',
      SchedulingStatus: '1',
      MaintenanceCallNextPlannedDate: planned,
      MaintenanceCallDate: planned,
      MaintenanceCallIsOutstanding: true,
      MaintCallHorizonIsNotReached: true,
    });
    for (const item of itemsOf(call, number)) {
      db.put('MaintenancePlanCallObject', {
        ...key,
        MaintenanceItem: textOf(item.values, 'MaintenanceItem'),
        MaintCallHorizonIsNotReached: true,
        SchedulingStatus: '1',
        PlannedStartDate: planned,
      });
    }
  }
}

function start(call: Call, row: Row, args: Arguments): Row {
  const day = args['SchedulingStartDate'] ?? todayOf(call);
  const next = patchRow(call, 'MaintenancePlan', row, {
    SchedulingStartDate: day,
    MaintenancePlanSystemStatus: 'I0002',
  });
  scheduleCalls(call, next, Number(day));
  touchPlan(call, next);
  return next;
}

function plan(
  run: FunctionImport['run'],
  parameters = '',
  returns: 'entity' | 'dummy' = 'entity',
): FunctionImport {
  return { parameters: `MaintenancePlan s12!${parameters}`, set: 'MaintenancePlan', returns, run };
}

function status(code: string): FunctionImport {
  return plan(
    (call, row) => {
      const next = patchRow(call, 'MaintenancePlan', row, { MaintenancePlanSystemStatus: code });
      touchPlan(call, next);
      return next;
    },
    '',
    'dummy',
  );
}

export const PLAN_FUNCTIONS: Readonly<Record<string, FunctionImport>> = {
  StartMaintPlnSchedule: plan(
    start,
    ', SchedulingStartDate d, SchedulingStartTime t, MaintPlanStartCntrReadingValue s22, MaintPlnSchedgCallObjUpToDte d',
  ),
  RestartMaintPlnSchedule: plan(
    start,
    ', SchedulingStartDate d, SchedulingStartTime t, MaintPlanStartCntrReadingValue s22, MaintPlanSchedFutrCallsAreKept b',
  ),
  AssignMaintItemToMaintPlan: plan((call, row, args) => {
    // The small i is the contract's.
    const key = String(args['Maintenanceitem']).replace(/^0+(?=\d)/, '');
    const item = call.world.db.get('MaintenanceItem', key);
    if (item === undefined)
      throw refuse('IP/013', `Maintenance item ${key} does not exist`, 'Maintenanceitem');
    const next = patchRow(call, 'MaintenanceItem', item, {
      MaintenancePlan: textOf(row.values, 'MaintenancePlan'),
    });
    touchPlan(call, next);
    return row;
  }, ', Maintenanceitem s16!'),
  SetMaintPlanStatusToActive: status('I0002'),
  SetMaintPlanStatusToInactive: status('I0320'),
  SetMainPlanStsToMrkdForDeltn: status('I0076'),
  ResetMaintPlanStsMrkdForDeltn: status('I0002'),
};
