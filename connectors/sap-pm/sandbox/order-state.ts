/** What follows from an order's own values: its derived fields, status, process phase and stamps (contract 2.1). */
import { currentEquipment } from './checks.ts';
import { ORDER_TYPES } from './customizing.ts';
import { changedNow, patchRow, textOf, timeOf, type Draft } from './draft.ts';
import { dayOf } from './edm.ts';
import { tokensOf, withTokens } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

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

/** Child changes may or may not move the order's time (contract 10.2). */
export function orderBelowChanged(call: Call, row: Row): void {
  const order = call.world.db.get('MaintenanceOrder', textOf(row.values, 'MaintenanceOrder'));
  if (order !== undefined && call.world.dials.childrenTouchOrder) stampOrder(call, order);
}

export function nextInSteps(rows: readonly Row[], field: string, step: number, width: number): string {
  const last = rows.reduce((max, row) => Math.max(max, Number(row.values[field] ?? 0) || 0), 0);
  return String((Math.floor(last / step) + 1) * step).padStart(width, '0');
}
