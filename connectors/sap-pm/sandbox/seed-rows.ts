/** Rows as the rules would have made them, written without them: seeds are big and lie in the past. */
import { COMPANY_CODE, CONTROLLING_AREA, CURRENCY, CURRENT, PLANT } from './customizing.ts';
import { present, timeOf, type Draft } from './draft.ts';
import { dayOf } from './edm.ts';
import { deriveEquipment } from './rules-asset.ts';
import { deriveOrder, phaseOf } from './order-state.ts';
import type { Values } from './schema.ts';
import { tokensOf } from './status-line.ts';
import type { Call } from './world.ts';

function put(call: Call, table: string, draft: Draft): void {
  call.world.db.put(table, present(draft));
}

export function seedLocation(
  call: Call,
  key: string,
  name: string,
  superior: string,
  more: Values = {},
): void {
  put(call, 'FunctionalLocation', {
    FunctionalLocation: key,
    FunctionalLocationLabelName: key,
    FunctionalLocationName: name,
    SuperiorFunctionalLocation: superior,
    SuperiorFuncnlLocLabelName: superior,
    FunctionalLocationCategory: 'M',
    FuncLocationStructure: 'PIT',
    MaintenancePlant: PLANT,
    MaintenancePlanningPlant: PLANT,
    CompanyCode: COMPANY_CODE,
    EquipmentInstallationIsAllowed: true,
    FunctionalLocationIsActive: true,
    FunctionalLocationIsCreated: true,
    CreationDate: Date.UTC(2001, 0, 1),
    CreatedByUser: call.user,
    ...more,
  });
}

export function seedEquipment(call: Call, key: string, name: string, more: Values): void {
  const draft: Draft = {
    Equipment: key,
    ValidityEndDate: CURRENT,
    ValidityStartDate: Date.UTC(2001, 0, 1),
    EquipmentValidityEndDateTime: CURRENT,
    EquipmentName: name,
    EquipmentCategory: 'M',
    MaintenancePlant: PLANT,
    MaintenancePlanningPlant: PLANT,
    CompanyCode: COMPANY_CODE,
    CreationDate: Date.UTC(2001, 0, 1),
    CreatedByUser: call.user,
    MaintObjectInternalID: `IE${key.padStart(18, '0')}`,
    EquipUsagePeriodSequenceNumber: '1',
    NextEquipUsagePeriodSqncNmbr: '999',
    ...more,
  };
  deriveEquipment(call, draft);
  put(call, 'Equipment', draft);
}

export interface SeedOrder {
  number: string;
  type: string;
  text: string;
  status: string;
  startMs: number;
  endMs: number;
  createdMs: number;
  /** Null for an order nobody touched since it was migrated (contract 4.1). */
  changedMs: number | null;
  more: Values;
}

export function seedOrder(call: Call, order: SeedOrder): void {
  const { number, type, text, status, startMs, endMs, createdMs, changedMs, more } = order;
  const draft: Draft = {
    MaintenanceOrder: number,
    MaintenanceOrderType: type,
    MaintenanceOrderDesc: text,
    MaintenancePlanningPlant: PLANT,
    MaintenancePlant: PLANT,
    MainWorkCenter: 'MECH-01',
    MainWorkCenterPlant: PLANT,
    MaintOrdBasicStartDateTime: startMs,
    MaintOrdBasicEndDateTime: endMs,
    MaintenanceOrderInternalID: `OR${number.padStart(12, '0')}`,
    MaintOrderRoutingNumber: number,
    MaintenanceObjectList: Number(number) % 1_000_000,
    MaintPriorityType: 'PM',
    CompanyCode: COMPANY_CODE,
    ControllingArea: CONTROLLING_AREA,
    Currency: CURRENCY,
    CreatedByUser: call.user,
    MaintOrderCreationDateTime: createdMs,
    LastChangeDateTime: changedMs,
    LastChangeByUser: changedMs === null ? '' : 'WREED',
    _status: status,
    ...more,
  };
  const [phase, subphase] = phaseOf(type, tokensOf(draft));
  draft['MaintOrdProcessPhaseCode'] = phase;
  draft['MaintOrdProcessSubPhaseCode'] = subphase;
  deriveOrder(call, draft);
  put(call, 'MaintenanceOrder', draft);
}

export function seedOperation(call: Call, order: string, confirmation: number, more: Values): void {
  put(call, 'MaintenanceOrderOperation', {
    MaintenanceOrder: order,
    MaintenanceOrderOperation: '0010',
    MaintenanceOrderSubOperation: '',
    OperationControlKey: 'PM01',
    WorkCenter: 'MECH-01',
    Plant: PLANT,
    MaintOrdOpWorkDurationUnit: 'H',
    MaintOrdOperationDurationUnit: 'H',
    MaintOrderOperationInternalID: `OV${order.padStart(10, '0')}00000010`,
    MaintOrderRoutingNumber: order,
    MaintenanceOrderRoutingNode: '1',
    MaintOrderConfirmation: String(confirmation),
    MaintOrderConfCntrValue: '0',
    Language: 'EN',
    ...more,
  });
}

/** The date and time pair of a moment. */
export function pair(date: string, time: string, ms: number): Draft {
  return { [date]: dayOf(ms), [time]: timeOf(ms) };
}

export { put as putRow };
