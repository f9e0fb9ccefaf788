/** Time confirmations (contract 2.2): they release nothing, book hours on the operation and move PCNF and CNF. */
import { checkUnit, refuse } from './checks.ts';
import { nowOf, patchRow, textOf, todayOf, type Draft, type Rules } from './draft.ts';
import { momentOf } from './edm.ts';
import { checkLockOf } from './locks.ts';
import { operationsOf, setOrderStatus, stampOrder } from './order-state.ts';
import { tokensOf, withTokens } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const HOURS: Readonly<Record<string, number>> = { '': 1, H: 1, MIN: 1 / 60, DAY: 8 };

function operationFor(call: Call, draft: Draft): Row {
  const order = textOf(draft, 'MaintenanceOrder');
  const number = textOf(draft, 'MaintenanceOrderOperation').padStart(4, '0');
  const sub = textOf(draft, 'MaintenanceOrderSubOperation');
  const operation = operationsOf(call, order).find(
    ({ values }) =>
      textOf(values, 'MaintenanceOrderOperation') === number &&
      textOf(values, 'MaintenanceOrderSubOperation') === sub,
  );
  if (operation === undefined)
    throw refuse(
      'RU/003',
      `Operation ${number} of order ${order} does not exist`,
      'MaintenanceOrderOperation',
    );
  return operation;
}

function book(call: Call, operation: Row, hours: number, final: boolean | null, counter: number): void {
  const total = Math.max(0, Number(operation.values['ActualWorkQuantity'] ?? 0) + hours);
  const state = final === null ? (total > 0 ? ['PCNF'] : []) : final ? ['CNF'] : ['PCNF'];
  const at = nowOf(call);
  patchRow(call, 'MaintenanceOrderOperation', operation, {
    ActualWorkQuantity: Math.round(total * 1000) / 1000,
    MaintOrderConfCntrValue: String(counter),
    MaintOrdOpHasNoRemainingWork: final === true,
    OpActualExecutionStartDateTime: operation.values['OpActualExecutionStartDateTime'] ?? at,
    _status: withTokens(operation.values, state, ['PCNF', 'CNF']),
  });
}

function refreshOrder(call: Call, number: string): void {
  const order = call.world.db.get('MaintenanceOrder', number);
  if (order === undefined) return;
  const states = operationsOf(call, number).map(({ values }) => tokensOf(values));
  const all = states.every((tokens) => tokens.includes('CNF'));
  const some = states.some((tokens) => tokens.includes('CNF') || tokens.includes('PCNF'));
  const next = setOrderStatus(call, order, all ? ['CNF'] : some ? ['PCNF'] : [], ['CNF', 'PCNF']);
  if (call.world.dials.confirmationsTouchOrder) stampOrder(call, next);
}

function checkOrder(call: Call, draft: Draft): void {
  const number = textOf(draft, 'MaintenanceOrder');
  const order = call.world.db.get('MaintenanceOrder', number);
  if (order === undefined) throw refuse('RU/001', `Order ${number} does not exist`, 'MaintenanceOrder');
  checkLockOf(call, 'MaintenanceOrder', number);
  const tokens = tokensOf(order.values);
  if (!tokens.includes('REL')) throw refuse('RU/129', `Order ${number} is not released`, 'MaintenanceOrder');
  const against = ['LKD', 'DLFL', 'NOEX'].find((token) => tokens.includes(token));
  if (against !== undefined) throw refuse('BS/013', `System status ${against} is active (ORD ${number})`);
}

export const CONFIRMATION_RULES: Readonly<Record<string, Rules>> = {
  MaintOrderConfirmation: {
    create(call, draft) {
      checkOrder(call, draft);
      const operation = operationFor(call, draft);
      checkUnit(draft, 'ActualWorkQuantityUnit');
      const posted = draft['PostingDate'] ?? todayOf(call);
      const closed = momentOf(call.world.dials.closedBefore);
      if (closed !== null && Number(posted) < closed) {
        throw refuse('M7/053', 'Posting only possible in periods that are open', 'PostingDate');
      }
      const counter = Number(operation.values['MaintOrderConfCntrValue'] ?? 0) + 1;
      const unit = textOf(draft, 'ActualWorkQuantityUnit');
      if (HOURS[unit] === undefined)
        throw refuse('RU/028', `Unit ${unit} is not a unit of time`, 'ActualWorkQuantityUnit');
      Object.assign(draft, {
        MaintOrderConf: textOf(operation.values, 'MaintOrderConfirmation'),
        MaintOrderConfCntrValue: String(counter),
        MaintenanceOrderOperation: textOf(operation.values, 'MaintenanceOrderOperation'),
        ActualWorkQuantityUnit: unit || 'H',
        PostingDate: posted,
        // An empty time reads so (contract 2.2).
        ActyConfFcstdEndTime: draft['ActyConfFcstdEndTime'] ?? 'PT24H00M00S',
      });
      const hours = Number(draft['ActualWorkQuantity'] ?? 0) * (HOURS[unit] ?? 1);
      book(call, operation, hours, draft['IsFinalConfirmation'] === true, counter);
      refreshOrder(call, textOf(draft, 'MaintenanceOrder'));
    },
  },
  MaintOrderConfLongText: {
    create(_call, draft) {
      draft['Language'] ??= 'EN';
    },
  },
};

/** Books the opposite of a confirmation. */
export function cancelConfirmation(call: Call, row: Row): Row {
  const { values } = row;
  if (values['_cancelled'] === true)
    throw refuse('RU/101', `Confirmation ${textOf(values, 'MaintOrderConf')} is already cancelled`);
  checkLockOf(call, 'MaintenanceOrder', textOf(values, 'MaintenanceOrder'));
  const operation = operationFor(call, { ...values });
  const counter = Number(operation.values['MaintOrderConfCntrValue'] ?? 0) + 1;
  const work = Number(values['ActualWorkQuantity'] ?? 0);
  patchRow(call, 'MaintOrderConfirmation', row, { _cancelled: true });
  book(call, operation, -work * (HOURS[textOf(values, 'ActualWorkQuantityUnit')] ?? 1), null, counter);
  const reverse = call.world.db.put('MaintOrderConfirmation', {
    ...values,
    MaintOrderConfCntrValue: String(counter),
    ActualWorkQuantity: -work,
    IsFinalConfirmation: false,
    PostingDate: todayOf(call),
    _cancelled: true,
  });
  refreshOrder(call, textOf(values, 'MaintenanceOrder'));
  call.written.push({ kind: 'created', object: 'MaintOrderConfirmation' });
  return reverse;
}
