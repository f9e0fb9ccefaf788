/** Maintenance plans and items (contract 2.6): numbers, stamps, counts. Calls are made by the schedule (functions-plan.ts). */
import {
  checkEquipment,
  checkLocation,
  checkOneOf,
  checkPlant,
  checkUnit,
  checkWorkCenter,
  refuse,
} from './checks.ts';
import { FIRST_NUMBER, ORDER_TYPES, PRIORITIES } from './customizing.ts';
import { changedNow, patchRow, textOf, todayOf, type Draft, type Rules } from './draft.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

function stamp(call: Call, draft: Draft): void {
  Object.assign(draft, changedNow(call));
  draft['LastChangeDate'] = todayOf(call);
  draft['LastChangedByUser'] = call.user;
}

/** The day of the last change is filled from the start, its moment is not (contract 4.1). */
function born(call: Call, draft: Draft): void {
  Object.assign(draft, {
    CreationDate: todayOf(call),
    CreatedByUser: call.user,
    LastChangeDate: todayOf(call),
    LastChangedByUser: call.user,
    LastChangeDateTime: null,
  });
}

export function touchPlan(call: Call, row: Row): void {
  const plan = call.world.db.get('MaintenancePlan', textOf(row.values, 'MaintenancePlan'));
  if (plan === undefined) return;
  const draft: Draft = { ...plan.values };
  stamp(call, draft);
  draft['NumberOfMaintenanceItems'] = String(itemsOf(call, textOf(plan.values, 'MaintenancePlan')).length);
  patchRow(call, 'MaintenancePlan', plan, draft);
}

export function itemsOf(call: Call, plan: string): Row[] {
  return call.world.db.where('MaintenanceItem', ['MaintenancePlan'], [plan]);
}

function checkItem(call: Call, draft: Draft): void {
  checkEquipment(call, draft, 'Equipment');
  checkLocation(call, draft, 'FunctionalLocationLabelName');
  checkPlant(draft, 'MaintenancePlanningPlant');
  checkWorkCenter(draft, 'MainWorkCenter', 'MainWorkCenterPlant');
  checkOneOf(draft, 'MaintPriority', PRIORITIES, 'IP/063', 'Priority');
  checkOneOf(draft, 'MaintenanceOrderType', ['', ...Object.keys(ORDER_TYPES)], 'IW/005', 'Order type');
  const plan = textOf(draft, 'MaintenancePlan');
  if (plan !== '' && call.world.db.get('MaintenancePlan', plan) === undefined) {
    throw refuse('IP/012', `Maintenance plan ${plan} does not exist`, 'MaintenancePlan');
  }
}

export const PLAN_RULES: Readonly<Record<string, Rules>> = {
  MaintenancePlan: {
    create(call, draft) {
      born(call, draft);
      const number =
        textOf(draft, 'MaintenancePlan') ||
        String(call.world.db.next('MaintenancePlan', FIRST_NUMBER['MaintenancePlan'] ?? 1));
      if (call.world.db.get('MaintenancePlan', number) !== undefined)
        throw refuse('IP/011', `Maintenance plan ${number} already exists`);
      Object.assign(draft, {
        MaintenancePlan: number,
        MaintenancePlanInternalID: `WO${number.padStart(12, '0')}`,
        MaintenancePlanSystemStatus: 'I0001',
        MaintenancePlanCallObject: textOf(draft, 'MaintenancePlanCallObject') || '1',
        NumberOfMaintenanceItems: '0',
        MaintenanceCall: 0,
      });
    },
    created(call, row) {
      const items = itemsOf(call, textOf(row.values, 'MaintenancePlan')).length;
      if (items > 0) patchRow(call, 'MaintenancePlan', row, { NumberOfMaintenanceItems: String(items) });
    },
    update(call, _before, draft) {
      stamp(call, draft);
    },
  },
  MaintenanceItem: {
    create(call, draft) {
      born(call, draft);
      draft['MaintenanceItem'] =
        textOf(draft, 'MaintenanceItem') ||
        String(call.world.db.next('MaintenanceItem', FIRST_NUMBER['MaintenanceItem'] ?? 1));
      draft['MaintenancePlan'] ??= '';
      draft['MaintPriorityType'] = 'PM';
      checkItem(call, draft);
    },
    update(call, _before, draft) {
      checkItem(call, draft);
      stamp(call, draft);
    },
    belowChanged: touchPlan,
  },
  MaintenancePlanCycle: {
    create(call, draft) {
      const plan = call.world.db.get('MaintenancePlan', textOf(draft, 'MaintenancePlan'));
      if (textOf(plan?.values ?? {}, 'MaintenanceStrategy') !== '')
        throw refuse('IP/081', 'A strategy plan has the cycles of its strategy');
      const existing = call.world.db.where(
        'MaintenancePlanCycle',
        ['MaintenancePlan'],
        [textOf(draft, 'MaintenancePlan')],
      );
      draft['MaintenancePlanCycle'] = textOf(draft, 'MaintenancePlanCycle') || String(existing.length + 1);
      checkUnit(draft, 'MaintPlanCycRcrrcIntervalUnit');
    },
    update(_call, _before, draft) {
      checkUnit(draft, 'MaintPlanCycRcrrcIntervalUnit');
    },
    belowChanged: touchPlan,
  },
  MaintenancePlanText: { belowChanged: touchPlan },
};
