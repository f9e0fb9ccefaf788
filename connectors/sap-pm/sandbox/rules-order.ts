/** Orders and what hangs below them (contract 2.1): numbers, defaults, reference object, dates, status after a change. */
import {
  checkEquipment,
  checkLocation,
  checkOneOf,
  checkPlant,
  checkUnit,
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
import { changedNow, nowOf, patchRow, textOf, timeOf, todayOf, type Draft, type Rules } from './draft.ts';
import { dayOf } from './edm.ts';
import { tokensOf, withTokens } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const DAY_MS = 86_400_000;

/** The read-only twins of a moment (contract 2.1 notes). */
function splitMoment(draft: Draft, moment: string, date: string, time: string): void {
  const ms = draft[moment];
  draft[date] = typeof ms === 'number' ? dayOf(ms) : null;
  draft[time] = typeof ms === 'number' ? timeOf(ms) : null;
}

export function padded(key: string): string {
  return /^\d+$/.test(key) ? key.padStart(18, '0') : key;
}

/** Technical object, its label and kind out of equipment and location; equipment leads. */
function deriveObject(call: Call, draft: Draft): void {
  const equipment = textOf(draft, 'Equipment');
  const location = textOf(draft, 'FunctionalLocation');
  const own = equipment === '' ? undefined : currentEquipment(call, equipment);
  draft['EquipmentName'] = own === undefined ? '' : textOf(own.values, 'EquipmentName');
  draft['TechnicalObject'] = equipment === '' ? location : padded(equipment);
  draft['TechnicalObjectLabel'] = equipment === '' ? location : equipment;
  draft['TechObjIsEquipOrFuncnlLoc'] = equipment !== '' ? 'EAMS_EQUI' : location === '' ? '' : 'EAMS_FL';
}

export function deriveOrder(call: Call, draft: Draft): void {
  splitMoment(draft, 'MaintOrdBasicStartDateTime', 'MaintOrdBasicStartDate', 'MaintOrdBasicStartTime');
  splitMoment(draft, 'MaintOrdBasicEndDateTime', 'MaintOrdBasicEndDate', 'MaintOrdBasicEndTime');
  draft['MaintOrdSchedldBscStrtDateTime'] = draft['MaintOrdBasicStartDateTime'] ?? null;
  draft['MaintOrdSchedldBscEndDateTime'] = draft['MaintOrdBasicEndDateTime'] ?? null;
  splitMoment(draft, 'MaintOrdSchedldBscStrtDateTime', 'ScheduledBasicStartDate', 'ScheduledBasicStartTime');
  splitMoment(draft, 'MaintOrdSchedldBscEndDateTime', 'ScheduledBasicEndDate', 'ScheduledBasicEndTime');
  splitMoment(draft, 'MaintOrderReferenceDateTime', 'MaintOrderReferenceDate', 'MaintOrderReferenceTime');
  deriveObject(call, draft);
}

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

/** Process phase of the new order types; the classic ones have none. */
export function phaseOf(type: string, tokens: readonly string[]): readonly [string, string] {
  if (ORDER_TYPES[type]?.phases !== true) return ['', ''];
  if (tokens.includes('DLFL')) return ['09', '0105'];
  if (tokens.includes('NOEX')) return ['09', '0092'];
  if (tokens.includes('CLSD')) return ['09', '0095'];
  if (tokens.includes('TECO')) return ['09', '0085'];
  if (tokens.includes('_MWC')) return ['08', '0075'];
  if (tokens.includes('CNF')) return ['08', '0080'];
  if (tokens.includes('PCNF')) return ['07', '0070'];
  if (tokens.includes('REL')) return ['05', '0055'];
  return ['03', '0035'];
}

/** Sets status tokens of an order and what follows from them. */
export function setOrderStatus(
  call: Call,
  row: Row,
  add: readonly string[],
  remove: readonly string[],
  more: Draft = {},
): Row {
  const status = withTokens(row.values, add, remove);
  const draft: Draft = { ...row.values, ...more, _status: status };
  const tokens = [
    ...tokensOf(draft),
    ...(typeof draft['MainWorkCompletedDateTime'] === 'number' ? ['_MWC'] : []),
  ];
  const [phase, subphase] = phaseOf(textOf(draft, 'MaintenanceOrderType'), tokens);
  draft['MaintOrdProcessPhaseCode'] = phase;
  draft['MaintOrdProcessSubPhaseCode'] = subphase;
  deriveOrder(call, draft);
  return patchRow(call, 'MaintenanceOrder', row, draft);
}

export function stampOrder(call: Call, row: Row): Row {
  return patchRow(call, 'MaintenanceOrder', row, {
    ...changedNow(call),
    LastChangeByUser: call.user,
  });
}

export function operationsOf(call: Call, order: string): Row[] {
  return call.world.db.where('MaintenanceOrderOperation', ['MaintenanceOrder'], [order]);
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

/** The operation an order is created with when none is given. */
export function addOperation(call: Call, order: Row): Row {
  const number = textOf(order.values, 'MaintenanceOrder');
  const draft: Draft = {
    MaintenanceOrder: number,
    OperationDescription: textOf(order.values, 'MaintenanceOrderDesc'),
    WorkCenter: textOf(order.values, 'MainWorkCenter'),
  };
  operationRules.create?.(call, draft, new Set());
  return call.world.db.put('MaintenanceOrderOperation', draft);
}

export function assignNotification(call: Call, notification: Row, order: Row): void {
  patchRow(call, 'MaintenanceNotification', notification, {
    MaintenanceOrder: textOf(order.values, 'MaintenanceOrder'),
    MaintenanceOrderType: textOf(order.values, 'MaintenanceOrderType'),
    NotifProcessingPhase: '3',
    _status: withTokens(notification.values, ['NOPR', 'ORAS'], ['OSNO']),
    ...changedNow(call),
  });
}

/** Child changes may or may not move the order's time (contract 10.2). */
function orderBelowChanged(call: Call, row: Row): void {
  const order = call.world.db.get('MaintenanceOrder', textOf(row.values, 'MaintenanceOrder'));
  if (order !== undefined && call.world.dials.childrenTouchOrder) stampOrder(call, order);
}

function nextInSteps(rows: readonly Row[], field: string, step: number, width: number): string {
  const last = rows.reduce((max, row) => Math.max(max, Number(row.values[field] ?? 0) || 0), 0);
  return String((Math.floor(last / step) + 1) * step).padStart(width, '0');
}

const operationRules: Rules = {
  create(call, draft) {
    const { db } = call.world;
    const number = textOf(draft, 'MaintenanceOrder');
    const order = db.get('MaintenanceOrder', number);
    const existing = operationsOf(call, number);
    const given = textOf(draft, 'MaintenanceOrderOperation');
    const operation =
      given === '' ? nextInSteps(existing, 'MaintenanceOrderOperation', 10, 4) : given.padStart(4, '0');
    const sub = textOf(draft, 'MaintenanceOrderSubOperation');
    if (
      existing.some(
        (row) =>
          row.values['MaintenanceOrderOperation'] === operation &&
          textOf(row.values, 'MaintenanceOrderSubOperation') === sub,
      )
    ) {
      throw refuse('CN/314', `Operation ${operation} already exists`, 'MaintenanceOrderOperation');
    }
    checkWorkCenter(draft, 'WorkCenter', 'Plant');
    checkPlant(draft, 'Plant');
    checkUnit(draft, 'MaintOrdOpWorkDurationUnit');
    const released = order !== undefined && tokensOf(order.values).includes('REL');
    const confirmation = db.next('MaintOrderConf', FIRST_NUMBER['MaintOrderConf'] ?? 1);
    Object.assign(draft, {
      MaintenanceOrderOperation: operation,
      MaintenanceOrderSubOperation: sub,
      OperationControlKey: textOf(draft, 'OperationControlKey') || 'PM01',
      WorkCenter: textOf(draft, 'WorkCenter') || textOf(order?.values ?? {}, 'MainWorkCenter'),
      Plant: textOf(draft, 'Plant') || textOf(order?.values ?? {}, 'MaintenancePlant') || PLANT,
      MaintOrdOpWorkDurationUnit: textOf(draft, 'MaintOrdOpWorkDurationUnit') || 'H',
      MaintOrdOperationDurationUnit: textOf(draft, 'MaintOrdOperationDurationUnit') || 'H',
      MaintOrderOperationInternalID: `OV${number.padStart(10, '0')}${operation.padStart(8, '0')}`,
      MaintOrderRoutingNumber: number,
      MaintenanceOrderRoutingNode: String(Number(operation) / 10),
      MaintOrderConfirmation: String(confirmation),
      MaintOrderConfCntrValue: '0',
      Language: 'EN',
      _status: released ? 'REL' : 'CRTD',
    });
  },
  update(call, before, draft) {
    checkWorkCenter(draft, 'WorkCenter', 'Plant');
    checkPlant(draft, 'Plant');
    checkUnit(draft, 'MaintOrdOpWorkDurationUnit');
    if (tokensOf(before.values).includes('CNF') && call.world.dials.strictCreate) {
      throw refuse('CN/402', 'The operation is already confirmed');
    }
  },
  remove(call, row) {
    if (tokensOf(row.values).some((token) => token === 'CNF' || token === 'PCNF')) {
      throw refuse(
        'CN/403',
        `Operation ${textOf(row.values, 'MaintenanceOrderOperation')} is confirmed and cannot be deleted`,
      );
    }
    if (operationsOf(call, textOf(row.values, 'MaintenanceOrder')).length === 1) {
      throw refuse('CN/404', 'An order needs at least one operation');
    }
  },
  belowChanged: orderBelowChanged,
};

const componentRules: Rules = {
  create(call, draft) {
    const { db } = call.world;
    const order = textOf(draft, 'MaintenanceOrder');
    const existing = db.where('MaintOrderOpComponent', ['MaintenanceOrder'], [order]);
    checkProduct(call, draft);
    checkUnit(draft, 'UnitOfEntry');
    checkPlant(draft, 'Plant');
    const item = nextInSteps(existing, 'MaintenanceOrderComponent', 10, 4);
    const reservation =
      existing.map((row) => textOf(row.values, 'Reservation')).find((number) => number !== '') ??
      String(db.next('Reservation', FIRST_NUMBER['Reservation'] ?? 1));
    const quantity = draft['QuantityInUnitOfEntry'] ?? draft['MaintOrdOpCompRequiredQuantity'] ?? 0;
    const position = existing.length + 1;
    const product = db.get('A_Product', textOf(draft, 'Product'));
    Object.assign(draft, {
      MaintenanceOrderComponent: textOf(draft, 'MaintenanceOrderComponent') || item,
      MaintOrderComponentInternalID: `OK${reservation.padStart(10, '0')}${String(position).padStart(4, '0')}`,
      Plant: textOf(draft, 'Plant') || PLANT,
      UnitOfEntry: textOf(draft, 'UnitOfEntry') || textOf(product?.values ?? {}, 'BaseUnit') || 'PC',
      BaseUnit: textOf(product?.values ?? {}, 'BaseUnit') || textOf(draft, 'UnitOfEntry') || 'PC',
      QuantityInUnitOfEntry: quantity,
      MaintOrdOpCompRequiredQuantity: quantity,
      MaintComponentItemCategory:
        textOf(draft, 'MaintComponentItemCategory') || (product === undefined ? 'T' : 'L'),
      GoodsMovementType: '261',
      GoodsMovementIsAllowed: true,
      Reservation: reservation,
      ReservationItem: String(position),
    });
    const key = { Reservation: reservation, RecordType: '', OrderID: order };
    if (db.where('A_ReservationDocumentHeader', ['Reservation'], [reservation]).length === 0) {
      db.put('A_ReservationDocumentHeader', {
        ...key,
        GoodsMovementType: '261',
        ReservationDate: todayOf(call),
      });
    }
    db.put('A_ReservationDocumentItem', {
      ...key,
      ReservationItem: String(position),
      Product: textOf(draft, 'Product'),
      Plant: textOf(draft, 'Plant'),
      StorageLocation: textOf(draft, 'StorageLocation'),
      BaseUnit: textOf(draft, 'BaseUnit'),
      ResvnItmRequiredQtyInBaseUnit: quantity,
      GoodsMovementType: '261',
    });
    const owner = db.get('MaintenanceOrder', order);
    if (owner !== undefined && tokensOf(owner.values).includes('NMAT'))
      setOrderStatus(call, owner, ['MANC'], ['NMAT']);
  },
  update(call, _before, draft, changed) {
    checkProduct(call, draft);
    checkUnit(draft, 'UnitOfEntry');
    if (changed.has('QuantityInUnitOfEntry'))
      draft['MaintOrdOpCompRequiredQuantity'] = draft['QuantityInUnitOfEntry'] ?? 0;
  },
  belowChanged: orderBelowChanged,
};

function checkProduct(call: Call, draft: Draft): void {
  const product = textOf(draft, 'Product');
  if (product !== '' && call.world.db.get('A_Product', product) === undefined) {
    throw refuse('M3/305', `Material ${product} does not exist or is not activated`, 'Product');
  }
}

const TEXT_TYPES: Readonly<Record<string, readonly string[]>> = {
  MaintenanceOrderLongText: ['KOPF'],
  MaintOrderOpLongText: ['AVOT'],
  MaintOrderOpCompLongText: ['MATK'],
};

function longTextRules(table: string): Rules {
  return {
    create(call, draft) {
      if (!(TEXT_TYPES[table] ?? []).includes(textOf(draft, 'TextObjectType'))) {
        throw refuse(
          'TD/600',
          `Text ID ${textOf(draft, 'TextObjectType')} is not defined for text object AUFK`,
          'TextObjectType',
        );
      }
      draft['Language'] ??= 'EN';
      const keys = call.world.db.table(table).keys;
      const twin = call.world.db.where(
        table,
        keys.map(({ name }) => name),
        keys.map(({ name }) => draft[name] ?? ''),
      );
      if (twin.length > 0)
        throw refuse('TD/601', `Text in language ${textOf(draft, 'Language')} already exists`, 'Language');
    },
    belowChanged(call, row) {
      const order = call.world.db.get('MaintenanceOrder', textOf(row.values, 'MaintenanceOrder'));
      if (order !== undefined && table === 'MaintenanceOrderLongText') {
        const texts = call.world.db.where(
          table,
          ['MaintenanceOrder'],
          [textOf(row.values, 'MaintenanceOrder')],
        );
        patchRow(call, 'MaintenanceOrder', order, { OrderHasLongText: texts.length > 0 });
      }
      orderBelowChanged(call, row);
    },
  };
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
