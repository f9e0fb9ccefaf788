/** Materials, running hours, plans and notifications of the pit: invented, around the real machines and orders. */
import { CURRENCY, PLANT } from './customizing.ts';
import { scheduleCalls } from './functions-plan.ts';
import { deriveNotification } from './rules-notification.ts';
import { toSi } from './rules-measuring.ts';
import { padded } from './order-state.ts';
import { pair, putRow } from './seed-rows.ts';
import type { Machine } from './machines.ts';
import type { Draft } from './draft.ts';
import type { Call } from './world.ts';

const DAY_MS = 86_400_000;
const BORN_MS = Date.UTC(2001, 0, 1);

/** Number, name, unit, on hand, reorder point, price, bin, maker's number. */
const MATERIALS: readonly (readonly [string, string, string, number, number, number, string, string])[] = [
  ['GET-120-T', 'TOOTH BUCKET RH120', 'PC', 36, 12, 310, 'G1-04', 'V69SD2'],
  ['CYL-SK-77', 'SEAL KIT BUCKET CYLINDER', 'PC', 6, 2, 845.5, 'H2-01', '2447891'],
  ['HH-125-4SP', 'HOSE HYDRAULIC 1 1/4 IN 4SP', 'M', 35, 10, 128.9, 'H1-07', '4SP-20'],
  ['OR-BOX-9', 'O-RING ASSORTMENT', 'PC', 11, 4, 64, 'H1-02', 'OR-9'],
  ['EF-3555', 'FILTER OIL ENGINE', 'PC', 22, 8, 41.75, 'E1-01', 'LF3555'],
  ['AF-2512', 'FILTER AIR PRIMARY', 'PC', 14, 6, 88, 'E1-02', 'AF25126'],
  ['GR-EP2', 'GREASE EP2 CARTRIDGE', 'PC', 96, 40, 9.8, 'L1-01', 'EP2'],
  ['OIL-15W40', 'OIL ENGINE 15W40', 'L', 800, 400, 4.1, 'L2-01', '15W40'],
  ['BAT-12-200', 'BATTERY 12V 200AH', 'PC', 6, 4, 295, 'E3-02', 'N200'],
  ['TP-740', 'TRACK PAD', 'PC', 9, 6, 740, 'U1-01', 'TP740'],
  ['SM-24', 'STARTER MOTOR 24V', 'PC', 2, 1, 1350, 'E3-05', '39MT'],
  ['LMP-H4', 'LAMP WORK H4', 'PC', 30, 10, 14.5, 'E2-03', 'H4-24'],
];

export function seedPitStock(call: Call): void {
  for (const [at, [product, name, unit, onHand, reorder, price, bin, maker]] of MATERIALS.entries()) {
    const plant = { Product: product, Plant: PLANT, BaseUnit: unit };
    putRow(call, 'A_Product', {
      Product: product,
      ProductType: 'ERSA',
      ProductGroup: 'SPARES',
      BaseUnit: unit,
      IndustrySector: 'M',
      ProductManufacturerNumber: maker,
      CreationDate: BORN_MS,
      CreatedByUser: call.user,
      LastChangeDate: BORN_MS + at * DAY_MS,
      LastChangeDateTime: BORN_MS + at * DAY_MS + 36_000_123,
      LastChangedByUser: call.user,
    });
    putRow(call, 'A_ProductDescription', { Product: product, Language: 'EN', ProductDescription: name });
    putRow(call, 'A_ProductPlant', { ...plant, MRPType: 'VB', PurchasingGroup: '001' });
    putRow(call, 'A_ProductSupplyPlanning', {
      ...plant,
      ReorderThresholdQuantity: reorder,
      SafetyStockQuantity: Math.floor(reorder / 2),
      MaximumStockQuantity: reorder * 4,
      PlannedDeliveryDurationInDays: 14,
    });
    putRow(call, 'A_ProductStorageLocation', {
      Product: product,
      Plant: PLANT,
      StorageLocation: '0001',
      WarehouseStorageBin: bin,
    });
    putRow(call, 'A_ProductValuation', {
      Product: product,
      ValuationArea: PLANT,
      ValuationType: '',
      MovingAveragePrice: price,
      StandardPrice: price,
      PriceUnitQty: 1,
      InventoryValuationProcedure: 'V',
      Currency: CURRENCY,
      BaseUnit: unit,
    });
    putRow(call, 'A_MaterialStock', { Material: product, MaterialBaseUnit: unit });
    for (const [type, quantity] of [
      ['01', onHand],
      ['07', at % 4 === 0 ? 1 : 0],
    ] as const) {
      if (quantity === 0) continue;
      putRow(call, 'A_MatlStkInAcctMod', {
        Material: product,
        Plant: PLANT,
        StorageLocation: '0001',
        Batch: '',
        Supplier: '',
        Customer: '',
        WBSElementInternalID: '0',
        SDDocument: '',
        SDDocumentItem: '0',
        InventorySpecialStockType: '',
        InventoryStockType: type,
        MaterialBaseUnit: unit,
        MatlWrhsStkQtyInMatlBaseUnit: quantity,
      });
    }
  }
}

function hoursOf(machine: Machine): number {
  return 18_000 + 2_350 * Number(machine.equipment.slice(-1));
}

function pointOf(machine: Machine): string {
  return `1${machine.equipment.slice(-1)}`;
}

export function seedPitMeters(call: Call, machines: readonly Machine[]): void {
  for (const machine of machines) {
    const point = pointOf(machine);
    putRow(call, 'MeasuringPoint', {
      MeasuringPoint: point,
      MeasuringPointDescription: `RUNNING HOURS EXCAVATOR ${machine.letter}`,
      MeasuringPointPositionNumber: 'HOURMETER',
      MeasuringPointCategory: 'M',
      MeasuringPointIsCounter: true,
      MsrgPtInternalCharacteristic: 'HOURS',
      MeasuringPointDecimalPlaces: 1,
      MeasurementRangeUnit: 'H',
      CharcValueUnit: 'H',
      MeasuringPointAnnualEstimate: toSi(6_000, 'H'),
      Equipment: machine.equipment,
      TechnicalObjectType: 'EAMS_EQUI',
      MeasuringPointObjectIdentifier: `IE${padded(machine.equipment)}`,
      CreationDate: BORN_MS,
    });
    let before = 0;
    for (const [week, hours] of [
      hoursOf(machine) - 262,
      hoursOf(machine) - 131,
      hoursOf(machine),
    ].entries()) {
      const at = Date.UTC(2012, 10, 17 + week * 7, 6);
      const reading = toSi(hours, 'H');
      putRow(call, 'MeasurementDocument', {
        MeasurementDocument: `${point}0${week + 1}`,
        MeasuringPoint: point,
        ...pair('MsmtRdngDate', 'MsmtRdngTime', at),
        Characteristic: 'HOURS',
        CharcValueUnit: 'H',
        MeasurementReading: reading,
        MeasurementReadingInEntryUoM: hours,
        MeasurementReadingEntryUoM: 'H',
        MeasurementCounterReading: reading,
        MsmtCounterReadingDifference: before === 0 ? 0 : reading - before,
        MsmtRdngByUser: 'MSANTOS',
      });
      before = reading;
    }
  }
}

interface PlanSeed {
  number: string;
  text: string;
  machine: Machine;
  quantity: number;
  unit: string;
  point?: string;
  type: string;
}

function seedPlan(call: Call, plan: PlanSeed): void {
  const { number, text, machine, quantity, unit, point = '', type } = plan;
  const stamps: Draft = {
    CreationDate: Date.UTC(2012, 0, 2),
    CreatedByUser: 'WREED',
    LastChangeDate: Date.UTC(2012, 0, 2),
    LastChangedByUser: 'WREED',
  };
  const start = Date.UTC(2012, 10, 5);
  putRow(call, 'MaintenancePlan', {
    MaintenancePlan: number,
    MaintenancePlanDesc: text,
    MaintenancePlanCategory: 'PM',
    MaintenancePlanCallObject: '1',
    MaintPlanSchedgIndicator: point === '' ? '' : '3',
    CallHorizonPercent: '90',
    SchedulingDuration: '365',
    SchedulingDurationUnit: 'DAY',
    CycleModificationRatio: 1,
    SchedulingStartDate: start,
    MaintenancePlanInternalID: `WO${number.padStart(12, '0')}`,
    MaintenancePlanSystemStatus: 'I0002',
    NumberOfMaintenanceItems: '1',
    ...stamps,
  });
  putRow(call, 'MaintenancePlanCycle', {
    MaintenancePlan: number,
    MaintenancePlanCycle: '1',
    MaintPlanCycRcrrcIntervalQty: quantity,
    MaintPlanCycRcrrcIntervalUnit: unit,
    MaintPlanCycleDesc: `${quantity} ${unit}`,
    MeasuringPoint: point,
  });
  putRow(call, 'MaintenanceItem', {
    MaintenanceItem: number,
    MaintenanceItemDescription: text,
    MaintenancePlan: number,
    MaintenancePlanItemPosition: '0001',
    MaintenancePlanCategory: 'PM',
    MaintenancePlanCallObject: '1',
    Equipment: machine.equipment,
    FunctionalLocationLabelName: `${machine.pit}-EX${machine.letter}`,
    MaintenancePlanningPlant: PLANT,
    MaintenancePlant: PLANT,
    MaintenancePlannerGroup: '010',
    MaintenanceOrderType: type,
    MaintenanceActivityType: 'SER',
    MainWorkCenter: 'SERV-01',
    MainWorkCenterPlant: PLANT,
    MaintPriority: '3',
    MaintPriorityType: 'PM',
    ...stamps,
  });
  const row = call.world.db.get('MaintenancePlan', number);
  if (row !== undefined) scheduleCalls(call, row, start);
}

/** Greasing by the week and an oil sample by the month from the calendar; the 250 h service from the counter. */
export function seedPitPlans(call: Call, machines: readonly Machine[]): void {
  for (const machine of machines) {
    const { letter } = machine;
    const at = Number(machine.equipment.slice(-1));
    seedPlan(call, {
      number: String(100 + at),
      text: `WEEKLY GREASE INSPECTION EXC ${letter}`,
      machine,
      quantity: 1,
      unit: 'WK',
      type: 'PM02',
    });
    seedPlan(call, {
      number: String(200 + at),
      text: `250 H SERVICE EXC ${letter}`,
      machine,
      quantity: 250,
      unit: 'H',
      point: pointOf(machine),
      type: 'PM02',
    });
  }
  const [sampled] = machines.filter(({ letter }) => letter === 'D');
  if (sampled !== undefined) {
    seedPlan(call, {
      number: '301',
      text: 'OIL SAMPLE MONTHLY EXC D',
      machine: sampled,
      quantity: 1,
      unit: 'MON',
      type: 'PM02',
    });
  }
}

const NOTIFICATIONS: readonly (readonly [
  letter: string,
  text: string,
  type: string,
  phase: string,
  priority: string,
  by: string,
])[] = [
  ['A', 'HORN NOT WORKING', 'M1', '3', '2', 'SOKAFOR'],
  ['B', 'OIL ON GROUND UNDER SLEW RING', 'M2', '1', '2', 'TBAKER'],
  ['C', 'FIRE SUPPRESSION LIGHT STAYS ON', 'M2', '3', '1', 'LCHEN'],
  ['C', 'CABIN SEAT LOOSE', 'M1', '1', '4', 'SOKAFOR'],
  ['D', 'AIR CON BLOWS WARM AIR', 'M1', '1', '3', 'SOKAFOR'],
  ['E', 'DOOR HANDLE LOOSE', 'M1', '4', '4', 'SOKAFOR'],
  ['E', 'SECOND MIRROR WANTED', 'M1', '5', '4', 'SOKAFOR'],
];
const PHASE_TOKENS: Readonly<Record<string, string>> = {
  1: 'OSNO',
  2: 'NOPO',
  3: 'NOPR',
  4: 'NOCO',
  5: 'DLFL NOCO',
};

export function seedPitNotifications(call: Call, machines: readonly Machine[]): void {
  for (const [at, [letter, text, type, phase, priority, by]] of NOTIFICATIONS.entries()) {
    const machine = machines.find((candidate) => candidate.letter === letter);
    if (machine === undefined) continue;
    const place = `${machine.pit}-EX${letter}`;
    const number = String(10_000_101 + at);
    const created = Date.UTC(2012, 11, 1 + at, 6, 30);
    const equipment = call.world.db.where('Equipment', ['Equipment'], [machine.equipment])[0];
    const draft: Draft = {
      MaintenanceNotification: number,
      MaintNotifInternalID: `QM${number.padStart(12, '0')}`,
      NotificationText: text,
      NotificationType: type,
      NotifProcessingPhase: phase,
      _status: PHASE_TOKENS[phase] ?? 'OSNO',
      MaintPriority: priority,
      ReportedByUser: by,
      MaintenancePlanningPlant: PLANT,
      MaintenancePlant: PLANT,
      MaintenancePlannerGroup: '010',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: PLANT,
      TechnicalObject: padded(machine.equipment),
      TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI',
      TechObjIsEquipOrFuncnlLocDesc: 'Equipment',
      TechnicalObjectLabel: machine.equipment,
      TechnicalObjectDescription: equipment?.values['EquipmentName'] ?? '',
      FunctionalLocation: place,
      FunctionalLocationLabelName: place,
      ABCIndicator: 'A',
      NotificationTimeZone: 'UTC',
      MaintenanceObjectIsDown: type === 'M2' && phase === '3',
      ...pair('NotificationCreationDate', 'NotificationCreationTime', created),
      ...pair('CreationDate', 'CreationTime', created),
      ...pair('MalfunctionStartDate', 'MalfunctionStartTime', created - 3_600_000),
      ...pair('RequiredStartDate', 'RequiredStartTime', created),
      ...pair('RequiredEndDate', 'RequiredEndTime', created + 3 * DAY_MS),
      ...pair('LastChangeDate', 'LastChangeTime', created + 60_000),
      // The pair and the moment were seen to differ by seconds (contract 4.1).
      LastChangeDateTime: created + 63_000,
      CreatedByUser: by,
    };
    deriveNotification(draft);
    putRow(call, 'MaintenanceNotification', draft);
  }
}
