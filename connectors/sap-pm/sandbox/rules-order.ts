/**
 * Orders (contract 2.1): numbers, defaults, checks, dates; and which rules hold for what hangs below them. Status and derived
 * fields are in order-state.ts.
 */
import {
  checkEquipment,
  checkLocation,
  checkOneOf,
  checkPlant,
  checkWorkCenter,
  currentEquipment,
  refuse,
} from './checks.ts';
import {
  ACTIVITY_TYPES,
  COMPANY_CODE,
  CONTROLLING_AREA,
  CURRENCY,
  FIRST_NUMBER,
  ORDER_TYPES,
  PLANNER_GROUPS,
  PLANT,
  PRIORITIES,
  PRIORITY_DAYS,
} from './customizing.ts';
import { changedNow, nowOf, patchRow, textOf, todayOf, type Draft, type Rules } from './draft.ts';
import { deriveOrder, orderBelowChanged, phaseOf } from './order-state.ts';
import { componentRules } from './rules-component.ts';
import { addOperation, operationRules } from './rules-operation.ts';
import { longTextRules } from './rules-order-text.ts';
import { tokensOf, withTokens } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const DAY_MS = 86_400_000;

function checkOrder(call: Call, draft: Draft): void {
  checkOneOf(draft, 'MaintPriority', PRIORITIES, 'IW/063', 'Priority');
  checkOneOf(draft, 'MaintenanceActivityType', ACTIVITY_TYPES, 'IW/077', 'Maintenance activity type');
  checkOneOf(draft, 'MaintenancePlannerGroup', PLANNER_GROUPS, 'IW/141', 'Planner group');
  checkPlant(draft, 'MaintenancePlant');
  checkPlant(draft, 'MainWorkCenterPlant');
  checkWorkCenter(draft, 'MainWorkCenter', 'MainWorkCenterPlant');
  checkEquipment(call, draft, 'Equipment');
  checkLocation(call, draft, 'FunctionalLocation');
  const notification = textOf(draft, 'MaintenanceNotification');
  if (notification !== '' && call.world.db.get('MaintenanceNotification', notification) === undefined) {
    throw refuse('IW/055', `Notification ${notification} does not exist`, 'MaintenanceNotification');
  }
  const [start, end] = [draft['MaintOrdBasicStartDateTime'], draft['MaintOrdBasicEndDateTime']];
  if (typeof start === 'number' && typeof end === 'number' && end < start) {
    throw refuse(
      'CO/256',
      'The basic finish date lies before the basic start date',
      'MaintOrdBasicEndDateTime',
    );
  }
}

/** Location and plant come from the equipment when they are not given. */
function inherit(call: Call, draft: Draft, given: ReadonlySet<string>): void {
  const equipment = currentEquipment(call, textOf(draft, 'Equipment'));
  if (equipment === undefined) return;
  if (!given.has('FunctionalLocation'))
    draft['FunctionalLocation'] = textOf(equipment.values, 'FunctionalLocation');
  if (!given.has('MaintenancePlant'))
    draft['MaintenancePlant'] = textOf(equipment.values, 'MaintenancePlant') || PLANT;
}

const orderRules: Rules = {
  create(call, draft, given) {
    checkOneOf(draft, 'MaintenanceOrderType', Object.keys(ORDER_TYPES), 'IW/005', 'Order type');
    if (textOf(draft, 'MaintenancePlanningPlant') === '') {
      throw refuse('IW/090', 'Enter a maintenance planning plant', 'MaintenancePlanningPlant');
    }
    checkPlant(draft, 'MaintenancePlanningPlant');
    if (textOf(draft, 'MainWorkCenter') === '')
      throw refuse('IW/096', 'Enter a main work center', 'MainWorkCenter');
    if (call.world.dials.strictCreate && textOf(draft, 'MaintenanceActivityType') === '') {
      throw refuse('IW/078', 'Enter a maintenance activity type', 'MaintenanceActivityType');
    }
    inherit(call, draft, given);
    checkOrder(call, draft);
    const { db } = call.world;
    const number = String(db.next('MaintenanceOrder', FIRST_NUMBER['MaintenanceOrder'] ?? 1));
    const now = nowOf(call);
    const days = PRIORITY_DAYS[textOf(draft, 'MaintPriority')] ?? 14;
    const start = draft['MaintOrdBasicStartDateTime'] ?? todayOf(call);
    const plant = textOf(draft, 'MaintenancePlanningPlant');
    Object.assign(draft, {
      MaintenanceOrder: number,
      MainWorkCenterPlant: textOf(draft, 'MainWorkCenterPlant') || plant,
      MaintenancePlant: textOf(draft, 'MaintenancePlant') || plant,
      MaintOrdBasicStartDateTime: start,
      MaintOrdBasicEndDateTime: draft['MaintOrdBasicEndDateTime'] ?? Number(start) + days * DAY_MS,
      MaintenanceOrderInternalID: `OR${number.padStart(12, '0')}`,
      MaintOrderRoutingNumber: number,
      MaintenanceObjectList: Number(number) % 1_000_000,
      MaintPriorityType: 'PM',
      CompanyCode: COMPANY_CODE,
      ControllingArea: CONTROLLING_AREA,
      Currency: CURRENCY,
      CreatedByUser: call.user,
      MaintOrderCreationDateTime: now,
      _status: 'CRTD MANC NTUP PRC SETC',
    });
    const [phase, subphase] = phaseOf(textOf(draft, 'MaintenanceOrderType'), ['CRTD']);
    draft['MaintOrdProcessPhaseCode'] = phase;
    draft['MaintOrdProcessSubPhaseCode'] = subphase;
    deriveOrder(call, draft);
  },
  created(call, row, sent) {
    const { db } = call.world;
    if (!sent.has('to_MaintenanceOrderOperation')) addOperation(call, row);
    if (sent.has('to_MaintenanceOrderLongText')) {
      const own = db.get('MaintenanceOrder', row.id);
      if (own !== undefined) patchRow(call, 'MaintenanceOrder', own, { OrderHasLongText: true });
    }
    const notification = db.get('MaintenanceNotification', textOf(row.values, 'MaintenanceNotification'));
    if (notification !== undefined) assignNotification(call, notification, row);
  },
  update(call, before, draft, changed) {
    const tokens = tokensOf(before.values);
    const blocking = ['CLSD', 'DLFL', 'LKD'].find((token) => tokens.includes(token));
    if (blocking !== undefined) {
      throw refuse(
        'BS/013',
        `System status ${blocking} is active (ORD ${textOf(before.values, 'MaintenanceOrder')})`,
      );
    }
    const dated = changed.has('MaintOrdBasicStartDateTime') || changed.has('MaintOrdBasicEndDateTime');
    if (changed.has('MaintPriority') && !dated && call.world.dials.priorityMovesDates) {
      draft['MaintOrdBasicEndDateTime'] =
        Number(draft['MaintOrdBasicStartDateTime'] ?? todayOf(call)) +
        (PRIORITY_DAYS[textOf(draft, 'MaintPriority')] ?? 14) * DAY_MS;
    }
    if (changed.has('Equipment') && !changed.has('FunctionalLocation')) inherit(call, draft, changed);
    checkOrder(call, draft);
    deriveOrder(call, draft);
    Object.assign(draft, changedNow(call));
    draft['LastChangeByUser'] = call.user;
  },
};

export function assignNotification(call: Call, notification: Row, order: Row): void {
  patchRow(call, 'MaintenanceNotification', notification, {
    MaintenanceOrder: textOf(order.values, 'MaintenanceOrder'),
    MaintenanceOrderType: textOf(order.values, 'MaintenanceOrderType'),
    NotifProcessingPhase: '3',
    _status: withTokens(notification.values, ['NOPR', 'ORAS'], ['OSNO']),
    ...changedNow(call),
  });
}

export const ORDER_RULES: Readonly<Record<string, Rules>> = {
  MaintenanceOrder: orderRules,
  MaintenanceOrderOperation: operationRules,
  MaintOrderOpComponent: componentRules,
  MaintenanceOrderLongText: longTextRules('MaintenanceOrderLongText'),
  MaintOrderOpLongText: longTextRules('MaintOrderOpLongText'),
  MaintOrderOpCompLongText: longTextRules('MaintOrderOpCompLongText'),
  MaintOrderObjectListItem: {
    create(call, draft) {
      const number = textOf(draft, 'MaintenanceOrder');
      const order = call.world.db.get('MaintenanceOrder', number);
      const existing = call.world.db.where('MaintOrderObjectListItem', ['MaintenanceOrder'], [number]);
      draft['MaintenanceOrderObjectList'] = order?.values['MaintenanceObjectList'] ?? 0;
      draft['MaintenanceObjectListItem'] = existing.length + 1;
      checkEquipment(call, draft, 'Equipment');
      checkLocation(call, draft, 'FunctionalLocation');
    },
    belowChanged: orderBelowChanged,
  },
  MaintenanceOrderPartner: { belowChanged: orderBelowChanged },
  MaintOrderOpProdnRsceTool: {
    create(call, draft) {
      const existing = call.world.db.where(
        'MaintOrderOpProdnRsceTool',
        ['MaintenanceOrder'],
        [textOf(draft, 'MaintenanceOrder')],
      );
      draft['ProdnRsceToolItemNumber'] = String((existing.length + 1) * 10);
    },
    belowChanged: orderBelowChanged,
  },
  MaintOrderOpRelationship: { belowChanged: orderBelowChanged },
};
