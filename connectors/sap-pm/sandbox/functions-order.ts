/** Status actions of orders, notifications and confirmations (contract 2.1 to 2.3): which step is legal from where. */
import { cancelConfirmation } from './rules-confirmation.ts';
import { refuse } from './checks.ts';
import { nowOf, textOf, type Draft } from './draft.ts';
import { ORDER_TYPES } from './customizing.ts';
import type { Arguments, FunctionImport } from './function-import.ts';
import { setNotificationPhase } from './rules-notification.ts';
import { operationsOf, setOrderStatus, stampOrder } from './order-state.ts';
import { assignNotification } from './rules-order.ts';
import { SapError } from './sap-error.ts';
import { tokensOf, withTokens } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

interface Step {
  /** All of these must be active, none of those. */
  needs?: readonly string[];
  oneOf?: readonly string[];
  forbids?: readonly string[];
  add?: readonly string[];
  remove?: readonly string[];
  /** Only order types with the phase model. */
  phases?: boolean;
  parameters?: string;
  fields?: (call: Call, row: Row, args: Arguments) => Draft;
  then?: (call: Call, row: Row, args: Arguments) => void;
}

function statusError(call: Call, text: string): SapError {
  return new SapError(call.world.dials.refusalStatus, 'BS/013', text);
}

function checkStep(call: Call, row: Row, step: Step): void {
  const tokens = tokensOf(row.values);
  const order = textOf(row.values, 'MaintenanceOrder');
  const missing = step.needs?.find((token) => !tokens.includes(token));
  const against = step.forbids?.find((token) => tokens.includes(token));
  if (against !== undefined) throw statusError(call, `System status ${against} is active (ORD ${order})`);
  if (missing !== undefined) throw statusError(call, `System status ${missing} is not active (ORD ${order})`);
  if (step.oneOf !== undefined && !step.oneOf.some((token) => tokens.includes(token))) {
    throw statusError(call, `System status ${step.oneOf.join(' or ')} is not active (ORD ${order})`);
  }
  if (step.phases === true && ORDER_TYPES[textOf(row.values, 'MaintenanceOrderType')]?.phases !== true) {
    throw statusError(
      call,
      `Order type ${textOf(row.values, 'MaintenanceOrderType')} does not use process phases`,
    );
  }
}

function order(step: Step): FunctionImport {
  return {
    parameters: `MaintenanceOrder s12!${step.parameters === undefined ? '' : `, ${step.parameters}`}`,
    set: 'MaintenanceOrder',
    returns: 'dummy',
    run(call, row, args) {
      checkStep(call, row, step);
      let next = setOrderStatus(call, row, step.add ?? [], step.remove ?? [], step.fields?.(call, row, args));
      if (call.world.dials.statusTouchesOrder) next = stampOrder(call, next);
      step.then?.(call, next, args);
      return next;
    },
  };
}

/** Operations follow the release of their header. */
function eachOperation(call: Call, row: Row, add: readonly string[], remove: readonly string[]): void {
  for (const operation of operationsOf(call, textOf(row.values, 'MaintenanceOrder'))) {
    call.world.db.put('MaintenanceOrderOperation', {
      ...operation.values,
      _status: withTokens(operation.values, add, remove),
    });
  }
}

function headNotification(call: Call, row: Row): Row | undefined {
  return call.world.db.get('MaintenanceNotification', textOf(row.values, 'MaintenanceNotification'));
}

function closeNotification(call: Call, row: Row, args: Arguments): void {
  const notification = headNotification(call, row);
  if (args['AssignedMaintNotifIsToBeClosed'] === true && notification !== undefined) {
    setNotificationPhase(call, notification, '4', ['NOCO'], ['OSNO', 'NOPR', 'NOPO']);
  }
}

function reopenNotification(call: Call, row: Row, args: Arguments): void {
  const notification = headNotification(call, row);
  if (args['AssgdMaintNotifIsToBePutInProc'] === true && notification !== undefined) {
    setNotificationPhase(call, notification, '3', ['NOPR'], ['NOCO', 'OSNO']);
  }
}

function reference(call: Call, _row: Row, args: Arguments): Draft {
  return { MaintOrderReferenceDateTime: args['MaintOrderReferenceDateTime'] ?? nowOf(call) };
}

function keep(): Draft {
  return {};
}

const CLOSING = 'MaintOrderReferenceDateTime dto, AssignedMaintNotifIsToBeClosed b';
const HINDERS = ['LKD', 'DLFL', 'NOEX'] as const;

export const ORDER_FUNCTIONS: Readonly<Record<string, FunctionImport>> = {
  ReleaseMaintenanceOrder: order({
    needs: ['CRTD'],
    forbids: HINDERS,
    add: ['REL'],
    remove: ['CRTD'],
    then: (call, row) => eachOperation(call, row, ['REL'], ['CRTD']),
  }),
  SetMaintOrdToTechCompleted: order({
    parameters: `MainWrkCmpltdDateTimeIsUsed b, ${CLOSING}`,
    needs: ['REL'],
    forbids: HINDERS,
    add: ['TECO'],
    remove: ['REL'],
    fields: (call, row, args) =>
      args['MainWrkCmpltdDateTimeIsUsed'] === true && row.values['MainWorkCompletedDateTime'] !== undefined
        ? { MaintOrderReferenceDateTime: row.values['MainWorkCompletedDateTime'] }
        : reference(call, row, args),
    then: closeNotification,
  }),
  ResetMaintOrdStsTechCompleted: order({
    parameters: 'AssgdMaintNotifIsToBePutInProc b',
    needs: ['TECO'],
    forbids: ['CLSD', 'DLFL'],
    add: ['REL'],
    remove: ['TECO'],
    fields: () => ({ MaintOrderReferenceDateTime: null }),
    then: reopenNotification,
  }),
  SetMaintOrderStatusToClosed: order({
    parameters: CLOSING,
    needs: ['TECO'],
    forbids: ['CLSD', 'LKD', 'DLFL'],
    add: ['CLSD'],
    remove: ['TECO'],
    fields: (_call, row, args) => {
      const given = args['MaintOrderReferenceDateTime'] ?? row.values['MaintOrderReferenceDateTime'];
      return given === undefined ? {} : { MaintOrderReferenceDateTime: given };
    },
    then: closeNotification,
  }),
  ResetMaintOrderStatusClosed: order({ needs: ['CLSD'], add: ['TECO'], remove: ['CLSD'] }),
  SetMaintOrderToDoNotExecute: order({
    parameters: `${CLOSING}, MaintOrdCancellationAction s1, AssgdMaintNotifIsToBeRsetAlloc b`,
    oneOf: ['CRTD', 'REL'],
    // Work that was booked was done.
    forbids: [...HINDERS, 'PCNF', 'CNF', 'GMPS', 'TECO', 'CLSD'],
    add: ['NOEX'],
    fields: reference,
    then: closeNotification,
  }),
  ResetStatusFromDoNotExecute: order({
    needs: ['NOEX'],
    remove: ['NOEX'],
    fields: () => ({ MaintOrderReferenceDateTime: null }),
  }),
  SetMaintOrdStsToMrkdForDeltn: order({
    parameters: 'AssgdMaintNotifIsToBeSetDel b',
    // A released order is technically completed first.
    oneOf: ['CRTD', 'TECO', 'CLSD', 'NOEX'],
    forbids: ['DLFL', 'LKD'],
    add: ['DLFL'],
  }),
  ResetMaintOrdStsMrkdForDeltn: order({
    parameters: 'AssgdMaintNotifIsToBeResetDel b',
    needs: ['DLFL'],
    remove: ['DLFL'],
  }),
  SetMaintOrderStatusToLocked: order({
    oneOf: ['CRTD', 'REL'],
    forbids: [...HINDERS, 'TECO', 'CLSD'],
    add: ['LKD'],
  }),
  SetMaintOrderStatusToUnlocked: order({ needs: ['LKD'], remove: ['LKD'] }),
  SetMaintOrdToMainWorkComplete: order({
    parameters: 'MainWorkCompletedDateTime dto, MainWrkCmpltdDateTimeIsUsed b',
    needs: ['REL'],
    forbids: HINDERS,
    phases: true,
    fields: (call, _row, args) => ({
      MainWorkCompletedDateTime: args['MainWorkCompletedDateTime'] ?? nowOf(call),
    }),
  }),
  ResetMaintOrdStsMainWorkCmplt: order({
    needs: ['REL'],
    phases: true,
    fields: () => ({ MainWorkCompletedDateTime: null }),
  }),
  ScheduleMaintenanceOrder: order({ oneOf: ['CRTD', 'REL'], forbids: HINDERS, fields: keep }),
  SetMaintOrderToReadyForSchedg: order({ needs: ['REL'], forbids: HINDERS, phases: true }),
  ResetMaintOrderStsRdyForSchedg: order({ needs: ['REL'], phases: true }),
  SetMaintOrderOpsToDispatched: order({ needs: ['REL'], forbids: HINDERS }),
  ResetMaintOrdOpsStsDispatched: order({ needs: ['REL'] }),
  SetMaintOrderOpToDispatched: order({
    parameters: 'MaintenanceOrderOperation s4!, MaintenanceOrderSubOperation s4',
    needs: ['REL'],
    forbids: HINDERS,
  }),
  ResetMaintOrderOpStsDispatched: order({
    parameters: 'MaintenanceOrderOperation s4!, MaintenanceOrderSubOperation s4',
    needs: ['REL'],
  }),
  SubmitMaintOrderForApproval: order({ needs: ['CRTD'], phases: true }),
  ApproveMaintenanceOrder: order({ needs: ['CRTD'], phases: true }),
  RejectMaintenanceOrder: order({ needs: ['CRTD'], phases: true }),
  AssignMaintNotificationToOrder: order({
    parameters: 'MaintenanceNotification s12!, NotificationIsHeaderNotif b',
    forbids: ['CLSD', 'DLFL'],
    fields: (call, _row, args) => {
      const key = String(args['MaintenanceNotification']);
      if (call.world.db.get('MaintenanceNotification', key) === undefined) {
        throw refuse('IW/055', `Notification ${key} does not exist`, 'MaintenanceNotification');
      }
      return args['NotificationIsHeaderNotif'] === false ? {} : { MaintenanceNotification: key };
    },
    then: (call, row, args) => {
      const notification = call.world.db.get(
        'MaintenanceNotification',
        String(args['MaintenanceNotification']),
      );
      if (notification !== undefined) assignNotification(call, notification, row);
    },
  }),
};

function notification(run: FunctionImport['run'], parameters = ''): FunctionImport {
  return {
    parameters: `MaintenanceNotification s12!${parameters}`,
    set: 'MaintenanceNotification',
    returns: 'entity',
    run,
  };
}

function checkOpen(call: Call, row: Row): void {
  const phase = textOf(row.values, 'NotifProcessingPhase');
  if (phase === '4' || phase === '5') {
    throw new SapError(
      call.world.dials.refusalStatus,
      'BS/013',
      `System status NOCO is active (NOT ${textOf(row.values, 'MaintenanceNotification')})`,
    );
  }
}

export const NOTIFICATION_FUNCTIONS: Readonly<Record<string, FunctionImport>> = {
  SetMaintNotifToInProcess: notification((call, row) => {
    checkOpen(call, row);
    return setNotificationPhase(call, row, '3', ['NOPR'], ['OSNO', 'NOPO']);
  }),
  CompleteMaintNotification: notification((call, row, args) => {
    checkOpen(call, row);
    const date = args['NotificationReferenceDate'] ?? null;
    const time = args['NotificationReferenceTime'] ?? 'PT00H00M00S';
    const own = date === null ? {} : { NotificationReferenceDate: date, NotificationReferenceTime: time };
    const dated: Row = { ...row, values: { ...row.values, ...own } };
    return setNotificationPhase(call, dated, '4', ['NOCO'], ['OSNO', 'NOPO', 'NOPR']);
  }, ', MaintNotifReferenceDateTime dto, NotificationReferenceDate d, NotificationReferenceTime t'),
  ApproveMaintWorkRequest: notification((call, row) => {
    checkOpen(call, row);
    return setNotificationPhase(call, row, '1', ['OSNO'], []);
  }),
  RejectMaintWorkRequest: notification((call, row, args) => {
    checkOpen(call, row);
    const reason = args['MaintNotifRejectionReasonCode'] ?? '';
    const rejected: Row = { ...row, values: { ...row.values, MaintNotifRejectionReasonCode: reason } };
    return setNotificationPhase(call, rejected, '5', ['DLFL', 'NOCO'], ['OSNO', 'NOPO', 'NOPR']);
  }, ', MaintNotifRejectionReasonCode s3, MaintNotifLongTextForEdit s1333, TextObjectCategory s10, NotificationType s2, MaintRequestEditableLongText s'),
  SetMaintNotifToInfoRequired: notification((call, row, args) => {
    checkOpen(call, row);
    const reason = args['MaintNotifRejectionReasonCode'] ?? '';
    const asked: Row = { ...row, values: { ...row.values, MaintNotifRejectionReasonCode: reason } };
    return setNotificationPhase(call, asked, '2', ['NOPO'], ['OSNO', 'NOPR']);
  }, ', MaintNotifRejectionReasonCode s3, MaintNotifLongTextForEdit s1333, MaintRequestEditableLongText s'),
};

export const CONFIRMATION_FUNCTIONS: Readonly<Record<string, FunctionImport>> = {
  CancelMaintOrderConfirmation: {
    parameters: 'MaintOrderConf s10#!, MaintOrderConfCntrValue s8#!',
    set: 'MaintOrderConfirmation',
    returns: 'entity',
    writes: false,
    run: (call, row) => cancelConfirmation(call, row),
  },
};
