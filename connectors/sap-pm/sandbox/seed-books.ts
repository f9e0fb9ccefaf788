/** What is kept around the machines of the pit: materials, running hours, plans and notifications. */
import {
  DAY_MS,
  type Plant,
  type PlantMachine,
  type PlantPart,
  type PlantRequest,
} from '../../kit/sandbox/index.ts';
import { CURRENCY, PLANT } from './customizing.ts';
import type { Draft } from './draft.ts';
import { scheduleCalls } from './functions-plan.ts';
import { padded } from './order-state.ts';
import { toSi } from './rules-measuring.ts';
import { deriveNotification } from './rules-notification.ts';
import { equipmentOf, positionOf } from './seed-places.ts';
import { pair, putRow } from './seed-rows.ts';
import type { Call } from './world.ts';

const BORN_MS = Date.UTC(2001, 0, 1);

/** `at`: which of the shelf; of each fourth a piece is blocked. */
function seedMaterial(call: Call, part: PlantPart, at: number): void {
  const { number: Product, name, stock, least, price, bin, maker } = part;
  const BaseUnit = part.unit === 'EA' ? 'PC' : part.unit;
  const born = BORN_MS + at * DAY_MS;
  putRow(call, 'A_Product', {
    ...{ Product, ProductType: 'ERSA', ProductGroup: 'SPARES', BaseUnit, IndustrySector: 'M' },
    ...{ ProductManufacturerNumber: maker, CreationDate: BORN_MS, CreatedByUser: call.user },
    ...{ LastChangeDate: born, LastChangeDateTime: born + 36_000_123, LastChangedByUser: call.user },
  });
  const description = name.toUpperCase();
  putRow(call, 'A_ProductDescription', { Product, Language: 'EN', ProductDescription: description });
  const here = { Product, Plant: PLANT, BaseUnit };
  putRow(call, 'A_ProductPlant', { ...here, MRPType: 'VB', PurchasingGroup: '001' });
  putRow(call, 'A_ProductSupplyPlanning', {
    ...{ ...here, PlannedDeliveryDurationInDays: 14, ReorderThresholdQuantity: least },
    ...{ SafetyStockQuantity: Math.floor(least / 2), MaximumStockQuantity: least * 4 },
  });
  const shelf = { Plant: PLANT, StorageLocation: '0001' };
  putRow(call, 'A_ProductStorageLocation', { Product, ...shelf, WarehouseStorageBin: bin });
  putRow(call, 'A_ProductValuation', {
    ...{ Product, ValuationArea: PLANT, ValuationType: '', InventoryValuationProcedure: 'V' },
    ...{ MovingAveragePrice: price, StandardPrice: price, PriceUnitQty: 1, Currency: CURRENCY, BaseUnit },
  });
  putRow(call, 'A_MaterialStock', { Material: Product, MaterialBaseUnit: BaseUnit });
  const nobodys = { Batch: '', Supplier: '', Customer: '', SDDocument: '', InventorySpecialStockType: '' };
  for (const [type, quantity] of [
    ['01', stock],
    ['07', at % 4 === 0 ? 1 : 0],
  ] as const) {
    if (quantity === 0) continue;
    putRow(call, 'A_MatlStkInAcctMod', {
      ...{ Material: Product, ...shelf, ...nobodys, WBSElementInternalID: '0', SDDocumentItem: '0' },
      ...{ InventoryStockType: type, MaterialBaseUnit: BaseUnit, MatlWrhsStkQtyInMatlBaseUnit: quantity },
    });
  }
}

export function seedStock(call: Call, { parts }: Plant): void {
  for (const [at, part] of parts.entries()) seedMaterial(call, part, at);
}

function pointOf({ number }: PlantMachine): string {
  return `1${number}`;
}

export function seedMeters(call: Call, { machines }: Plant): void {
  for (const machine of machines) {
    const MeasuringPoint = pointOf(machine);
    const equipment = equipmentOf(machine);
    putRow(call, 'MeasuringPoint', {
      ...{ MeasuringPoint, MeasuringPointDescription: `RUNNING HOURS EXCAVATOR ${machine.key}` },
      ...{ MeasuringPointPositionNumber: 'HOURMETER', MeasuringPointCategory: 'M' },
      ...{ MeasuringPointIsCounter: true, MsrgPtInternalCharacteristic: 'HOURS' },
      ...{ MeasuringPointDecimalPlaces: 1, MeasurementRangeUnit: 'H', CharcValueUnit: 'H' },
      ...{ MeasuringPointAnnualEstimate: toSi(6_000, 'H'), CreationDate: BORN_MS },
      ...{ Equipment: equipment, TechnicalObjectType: 'EAMS_EQUI' },
      MeasuringPointObjectIdentifier: `IE${padded(equipment)}`,
    });
    const weeks = [machine.hours - 262, machine.hours - 131, machine.hours];
    for (const [week, hours] of weeks.entries()) {
      const reading = toSi(hours, 'H');
      putRow(call, 'MeasurementDocument', {
        ...{ MeasurementDocument: `${MeasuringPoint}0${week + 1}`, MeasuringPoint },
        ...pair('MsmtRdngDate', 'MsmtRdngTime', Date.UTC(2012, 10, 17 + week * 7, 6)),
        ...{ Characteristic: 'HOURS', CharcValueUnit: 'H', MeasurementReadingEntryUoM: 'H' },
        ...{ MeasurementReading: reading, MeasurementCounterReading: reading },
        ...{ MeasurementReadingInEntryUoM: hours, MsmtRdngByUser: 'MSANTOS' },
        MsmtCounterReadingDifference: week === 0 ? 0 : reading - toSi(weeks[week - 1] ?? 0, 'H'),
      });
    }
  }
}

interface PlanSeed {
  number: string;
  text: string;
  machine: PlantMachine;
  quantity: number;
  unit: string;
  point?: string;
}

function seedPlan(call: Call, { number, text, machine, quantity, unit, point = '' }: PlanSeed): void {
  const made = Date.UTC(2012, 0, 2);
  const stamps = { CreationDate: made, CreatedByUser: 'WREED', LastChangeDate: made };
  const start = Date.UTC(2012, 10, 5);
  const kind = { MaintenancePlanCategory: 'PM', MaintenancePlanCallObject: '1', LastChangedByUser: 'WREED' };
  putRow(call, 'MaintenancePlan', {
    ...{ MaintenancePlan: number, MaintenancePlanDesc: text, ...kind, ...stamps },
    ...{ MaintPlanSchedgIndicator: point === '' ? '' : '3', CallHorizonPercent: '90' },
    ...{ SchedulingDuration: '365', SchedulingDurationUnit: 'DAY', SchedulingStartDate: start },
    ...{ CycleModificationRatio: 1, MaintenancePlanInternalID: `WO${number.padStart(12, '0')}` },
    ...{ MaintenancePlanSystemStatus: 'I0002', NumberOfMaintenanceItems: '1' },
  });
  putRow(call, 'MaintenancePlanCycle', {
    ...{ MaintenancePlan: number, MaintenancePlanCycle: '1', MeasuringPoint: point },
    ...{ MaintPlanCycRcrrcIntervalQty: quantity, MaintPlanCycRcrrcIntervalUnit: unit },
    MaintPlanCycleDesc: `${quantity} ${unit}`,
  });
  putRow(call, 'MaintenanceItem', {
    ...{ MaintenanceItem: number, MaintenanceItemDescription: text, ...kind, ...stamps },
    ...{ MaintenancePlan: number, MaintenancePlanItemPosition: '0001' },
    ...{ Equipment: equipmentOf(machine), FunctionalLocationLabelName: positionOf(machine) },
    ...{ MaintenancePlanningPlant: PLANT, MaintenancePlant: PLANT, MaintenancePlannerGroup: '010' },
    ...{ MaintenanceOrderType: 'PM02', MaintenanceActivityType: 'SER' },
    ...{ MainWorkCenter: 'SERV-01', MainWorkCenterPlant: PLANT },
    ...{ MaintPriority: '3', MaintPriorityType: 'PM' },
  });
  const row = call.world.db.get('MaintenancePlan', number);
  if (row !== undefined) scheduleCalls(call, row, start);
}

/** Greasing by the week and an oil sample by the month from the calendar; the 250 h service from the counter. */
export function seedPlans(call: Call, { machines }: Plant): void {
  for (const machine of machines) {
    const { key, number } = machine;
    const grease = { number: String(100 + number), text: `WEEKLY GREASE INSPECTION EXC ${key}` };
    seedPlan(call, { ...grease, machine, quantity: 1, unit: 'WK' });
    const service = { number: String(200 + number), text: `250 H SERVICE EXC ${key}` };
    seedPlan(call, { ...service, machine, quantity: 250, unit: 'H', point: pointOf(machine) });
    const sample = { number: '301', text: `OIL SAMPLE MONTHLY EXC ${key}` };
    if (key === 'D') seedPlan(call, { ...sample, machine, quantity: 1, unit: 'MON' });
  }
}

/** Phase of processing and the words of the status. */
const PHASES: Readonly<Record<PlantRequest['state'], readonly [phase: string, status: string]>> = {
  ...{ new: ['1', 'OSNO'], started: ['3', 'NOPR'], done: ['4', 'NOCO'], rejected: ['5', 'DLFL NOCO'] },
};

export function seedNotifications(call: Call, { machines, requests }: Plant): void {
  for (const { text, machine: key, by, state, urgency, at } of requests) {
    const machine = machines.find((candidate) => candidate.key === key);
    if (machine === undefined) continue;
    const place = positionOf(machine);
    const equipment = equipmentOf(machine);
    const number = String(10_000_100 + new Date(at).getUTCDate());
    const [first, last] = by.toUpperCase().split('.');
    const user = `${first?.charAt(0) ?? ''}${last ?? ''}`;
    const [phase, status] = PHASES[state];
    const breakdown = urgency <= 2;
    const draft: Draft = {
      ...{ MaintenanceNotification: number, MaintNotifInternalID: `QM${number.padStart(12, '0')}` },
      ...{ NotificationText: text.toUpperCase(), NotificationType: breakdown ? 'M2' : 'M1' },
      ...{ NotifProcessingPhase: phase, _status: status, MaintPriority: String(urgency) },
      ...{ ReportedByUser: user, CreatedByUser: user, MaintenanceObjectIsDown: urgency === 1 },
      ...{ MaintenancePlanningPlant: PLANT, MaintenancePlant: PLANT, MaintenancePlannerGroup: '010' },
      ...{ MainWorkCenter: 'MECH-01', MainWorkCenterPlant: PLANT, ABCIndicator: 'A' },
      ...{ TechnicalObject: padded(equipment), TechnicalObjectLabel: equipment },
      ...{ TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI', TechObjIsEquipOrFuncnlLocDesc: 'Equipment' },
      TechnicalObjectDescription:
        call.world.db.where('Equipment', ['Equipment'], [equipment])[0]?.values['EquipmentName'] ?? '',
      ...{ FunctionalLocation: place, FunctionalLocationLabelName: place, NotificationTimeZone: 'UTC' },
      ...pair('NotificationCreationDate', 'NotificationCreationTime', at),
      ...pair('CreationDate', 'CreationTime', at),
      ...pair('MalfunctionStartDate', 'MalfunctionStartTime', at - 3_600_000),
      ...pair('RequiredStartDate', 'RequiredStartTime', at),
      ...pair('RequiredEndDate', 'RequiredEndTime', at + 3 * DAY_MS),
      ...pair('LastChangeDate', 'LastChangeTime', at + 60_000),
      // The pair and the moment were seen to differ by seconds (contract 4.1).
      LastChangeDateTime: at + 63_000,
    };
    deriveNotification(draft);
    putRow(call, 'MaintenanceNotification', draft);
  }
}
