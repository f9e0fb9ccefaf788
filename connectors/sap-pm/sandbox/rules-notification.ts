/** Notifications (contract 2.3): numbers, reference object, dates by priority, long texts, processing phase. */
import { checkOneOf, checkPlant, checkWorkCenter, currentEquipment, refuse } from './checks.ts';
import { FIRST_NUMBER, NOTIFICATION_TYPES, PLANT, PRIORITIES, PRIORITY_DAYS } from './customizing.ts';
import {
  changedNow,
  nowOf,
  patchRow,
  textOf,
  timeMs,
  timeOf,
  todayOf,
  type Draft,
  type Rules,
} from './draft.ts';
import { dayOf, stripZeros } from './edm.ts';
import { padded } from './order-state.ts';
import { withTokens } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const DAY_MS = 86_400_000;
/** The moment twins of newer releases (contract 2.3). */
const TWINS: readonly (readonly [moment: string, date: string, time: string])[] = [
  ['CreationDateTime', 'CreationDate', 'CreationTime'],
  ['MalfunctionStartDateTime', 'MalfunctionStartDate', 'MalfunctionStartTime'],
  ['MalfunctionEndDateTime', 'MalfunctionEndDate', 'MalfunctionEndTime'],
  ['NotificationCreationDateTime', 'NotificationCreationDate', 'NotificationCreationTime'],
  ['MaintNotifRqdStartDateTime', 'RequiredStartDate', 'RequiredStartTime'],
];

function deriveObject(call: Call, draft: Draft): void {
  const given = textOf(draft, 'TechnicalObject');
  const kind = textOf(draft, 'TechObjIsEquipOrFuncnlLoc');
  const none: Draft = {
    TechnicalObjectLabel: '',
    TechnicalObjectDescription: '',
    FunctionalLocation: '',
    FunctionalLocationLabelName: '',
  };
  if (given === '') {
    Object.assign(draft, none, { TechObjIsEquipOrFuncnlLoc: '' });
    return;
  }
  if (kind === 'EAMS_EQUI') {
    const label = stripZeros(given);
    const row = currentEquipment(call, label);
    if (row === undefined) throw refuse('IE/002', `Equipment ${label} does not exist`, 'TechnicalObject');
    Object.assign(draft, none, {
      TechnicalObject: padded(label),
      TechnicalObjectLabel: label,
      TechnicalObjectDescription: textOf(row.values, 'EquipmentName'),
      TechObjIsEquipOrFuncnlLocDesc: 'Equipment',
      FunctionalLocation: textOf(row.values, 'FunctionalLocation'),
      FunctionalLocationLabelName: textOf(row.values, 'FunctionalLocationLabelName'),
      ABCIndicator: textOf(row.values, 'ABCIndicator'),
    });
    return;
  }
  if (kind !== 'EAMS_FL') {
    throw refuse(
      'IM/301',
      'Say with TechObjIsEquipOrFuncnlLoc what the technical object is',
      'TechObjIsEquipOrFuncnlLoc',
    );
  }
  const row = call.world.db.get('FunctionalLocation', given);
  if (row === undefined)
    throw refuse('IL/003', `Functional location ${given} does not exist`, 'TechnicalObject');
  Object.assign(draft, none, {
    TechnicalObjectLabel: textOf(row.values, 'FunctionalLocationLabelName'),
    TechnicalObjectDescription: textOf(row.values, 'FunctionalLocationName'),
    TechObjIsEquipOrFuncnlLocDesc: 'Functional Location',
    FunctionalLocation: given,
    FunctionalLocationLabelName: textOf(row.values, 'FunctionalLocationLabelName'),
  });
}

/** A priority overwrites the dates a client sent (contract 2.3). */
function datesByPriority(call: Call, draft: Draft): void {
  const days = PRIORITY_DAYS[textOf(draft, 'MaintPriority')];
  if (days === undefined) return;
  const start = nowOf(call);
  const end = start + days * DAY_MS;
  draft['RequiredStartDate'] = dayOf(start);
  draft['RequiredStartTime'] = timeOf(start);
  draft['RequiredEndDate'] = dayOf(end);
  draft['RequiredEndTime'] = timeOf(end);
  draft['LatestAcceptableCompletionDate'] = dayOf(end);
}

export function deriveNotification(draft: Draft): void {
  for (const [moment, date, time] of TWINS) {
    const day = draft[date];
    draft[moment] = typeof day === 'number' ? day + timeMs(draft[time]) : null;
  }
  const end = draft['RequiredEndDate'];
  draft['MaintNotifRqdEndDateTime'] = typeof end === 'number' ? end + timeMs(draft['RequiredEndTime']) : null;
}

function longText(call: Call, draft: Draft, given: ReadonlySet<string>): void {
  const name = ['MaintRequestEditableLongText', 'MaintNotifLongTextForEdit'].find((field) =>
    given.has(field),
  );
  if (name === undefined) return;
  const text = textOf(draft, name);
  const before = textOf(draft, 'MaintNotificationLongText');
  const log = `* ${new Date(nowOf(call)).toISOString().slice(0, 19).replace('T', ' ')} UTC ${call.user}\n`;
  draft['MaintNotificationLongText'] =
    call.world.dials.appendLongText && before !== '' ? `${before}\n${log}${text}` : text;
  draft['MaintRequestEditableLongText'] = '';
  draft['MaintNotifLongTextForEdit'] = '';
}

function stamp(call: Call, draft: Draft): void {
  const now = nowOf(call);
  Object.assign(draft, changedNow(call));
  draft['LastChangeDate'] = dayOf(now);
  draft['LastChangeTime'] = timeOf(now);
}

function check(draft: Draft): void {
  checkOneOf(draft, 'MaintPriority', PRIORITIES, 'IM/063', 'Priority');
  checkPlant(draft, 'MaintenancePlanningPlant');
  checkPlant(draft, 'MaintenancePlant');
  checkWorkCenter(draft, 'MainWorkCenter', 'MainWorkCenterPlant');
}

function assignedOrder(call: Call, draft: Draft): void {
  const number = textOf(draft, 'MaintenanceOrder');
  const order = number === '' ? undefined : call.world.db.get('MaintenanceOrder', number);
  if (number !== '' && order === undefined)
    throw refuse('IW/004', `Order ${number} does not exist`, 'MaintenanceOrder');
  draft['MaintenanceOrderType'] = order === undefined ? '' : textOf(order.values, 'MaintenanceOrderType');
  draft['_status'] = order === undefined ? withTokens(draft, [], ['ORAS']) : withTokens(draft, ['ORAS']);
}

const notificationRules: Rules = {
  create(call, draft, given) {
    checkOneOf(draft, 'NotificationType', NOTIFICATION_TYPES, 'IM/002', 'Notification type');
    check(draft);
    const number = String(
      call.world.db.next('MaintenanceNotification', FIRST_NUMBER['MaintenanceNotification'] ?? 1),
    );
    const now = nowOf(call);
    Object.assign(draft, {
      MaintenanceNotification: number,
      MaintNotifInternalID: `QM${number.padStart(12, '0')}`,
      NotifProcessingPhase: '1',
      _status: 'OSNO',
      MaintenancePlanningPlant: textOf(draft, 'MaintenancePlanningPlant') || PLANT,
      MaintenancePlant: textOf(draft, 'MaintenancePlant') || PLANT,
      ReportedByUser: textOf(draft, 'ReportedByUser') || call.user,
      NotificationTimeZone: 'UTC',
      NotificationCreationDate: draft['NotificationCreationDate'] ?? dayOf(now),
      NotificationCreationTime: draft['NotificationCreationTime'] ?? timeOf(now),
      CreationDate: dayOf(now),
      CreationTime: timeOf(now),
      CreatedByUser: call.user,
    });
    deriveObject(call, draft);
    datesByPriority(call, draft);
    longText(call, draft, given);
    assignedOrder(call, draft);
    deriveNotification(draft);
    stamp(call, draft);
  },
  update(call, before, draft, changed) {
    if (textOf(before.values, 'NotifProcessingPhase') === '4') {
      throw refuse('IM/101', `Notification ${textOf(before.values, 'MaintenanceNotification')} is completed`);
    }
    check(draft);
    if (changed.has('TechnicalObject') || changed.has('TechObjIsEquipOrFuncnlLoc')) deriveObject(call, draft);
    if (changed.has('MaintPriority')) datesByPriority(call, draft);
    longText(call, draft, changed);
    if (changed.has('MaintenanceOrder')) assignedOrder(call, draft);
    deriveNotification(draft);
    stamp(call, draft);
  },
};

export function setNotificationPhase(
  call: Call,
  row: Row,
  phase: string,
  add: readonly string[],
  remove: readonly string[],
): Row {
  const draft: Draft = {
    ...row.values,
    NotifProcessingPhase: phase,
    _status: withTokens(row.values, add, remove),
  };
  if (phase === '4') {
    draft['NotificationCompletionDate'] = draft['NotificationCompletionDate'] ?? todayOf(call);
    draft['CompletionTime'] = draft['CompletionTime'] ?? timeOf(nowOf(call));
  }
  stamp(call, draft);
  return patchRow(call, 'MaintenanceNotification', row, draft);
}

function numbered(table: string, field: string, parents: readonly string[]): Rules {
  return {
    create(call, draft) {
      const existing = call.world.db.where(
        table,
        parents,
        parents.map((name) => draft[name] ?? ''),
      );
      const last = existing.reduce((max, row) => Math.max(max, Number(row.values[field] ?? 0)), 0);
      draft[field] = String(last + 1);
    },
    belowChanged(call, row) {
      const own = call.world.db.get('MaintenanceNotification', textOf(row.values, 'MaintenanceNotification'));
      if (own === undefined) return;
      const draft: Draft = { ...own.values };
      stamp(call, draft);
      patchRow(call, 'MaintenanceNotification', own, draft);
    },
  };
}

export const NOTIFICATION_RULES: Readonly<Record<string, Rules>> = {
  MaintenanceNotification: notificationRules,
  MaintenanceNotificationItem: numbered('MaintenanceNotificationItem', 'MaintenanceNotificationItem', [
    'MaintenanceNotification',
  ]),
  MaintNotificationItemCause: numbered('MaintNotificationItemCause', 'MaintenanceNotificationCause', [
    'MaintenanceNotification',
    'MaintenanceNotificationItem',
  ]),
  MaintNotificationItemActivity: numbered('MaintNotificationItemActivity', 'MaintNotificationActivity', [
    'MaintenanceNotification',
    'MaintenanceNotificationItem',
  ]),
  MaintenanceNotificationPartner: numbered(
    'MaintenanceNotificationPartner',
    'NotificationPartnerObjectNmbr',
    ['MaintenanceNotification'],
  ),
  MaintNotificationEffectCode: numbered('MaintNotificationEffectCode', 'MaintenanceNotificationEffect', [
    'MaintenanceNotification',
  ]),
};
