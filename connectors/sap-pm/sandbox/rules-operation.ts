/** Operations of an order (contract 2.1): numbers in tens, defaults out of the order, when one may be changed or removed. */
import { checkPlant, checkUnit, checkWorkCenter, refuse } from './checks.ts';
import { FIRST_NUMBER, PLANT } from './customizing.ts';
import { textOf, type Draft, type Rules } from './draft.ts';
import { nextInSteps, operationsOf, orderBelowChanged } from './order-state.ts';
import { tokensOf } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

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

export const operationRules: Rules = {
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
