/** The reference data of the company: what customizing would hold. Values outside of it are refused. */

/** End of the usage period that is in force (contract 2.4). */
export const CURRENT = Date.UTC(9999, 11, 31);

export const PLANT = '1000';
export const COMPANY_CODE = '1000';
export const CONTROLLING_AREA = 'A000';
export const CURRENCY = 'AUD';

export const PLANTS: readonly string[] = [PLANT, '1010', '2000'];
/** The classic types without, SAP's preconfigured ones with the phase model (contract 2.1). */
export const ORDER_TYPES: Readonly<Record<string, { text: string; phases: boolean }>> = {
  PM01: { text: 'Corrective maintenance', phases: false },
  PM02: { text: 'Preventive maintenance', phases: false },
  PM03: { text: 'Improvement', phases: false },
  PM04: { text: 'Refurbishment', phases: false },
  PM05: { text: 'Calibration', phases: false },
  PM06: { text: 'Investment', phases: false },
  PM13: { text: 'Component repair', phases: false },
  YA01: { text: 'Reactive maintenance', phases: true },
  YA02: { text: 'Proactive maintenance', phases: true },
  YBA1: { text: 'Corrective, phases', phases: true },
  YBA2: { text: 'Preventive, phases', phases: true },
};
export const PRIORITIES: readonly string[] = ['', '1', '2', '3', '4'];
/** Days from start to end by priority (contract 2.3). */
export const PRIORITY_DAYS: Readonly<Record<string, number>> = { 1: 1, 2: 3, 3: 14, 4: 30 };
export const WORK_CENTERS: readonly string[] = ['MECH-01', 'ELEC-01', 'BOIL-01', 'SERV-01', 'PLAN-01'];
export const NOTIFICATION_TYPES: readonly string[] = ['M1', 'M2', 'M3', 'Y1', 'Y2'];
export const EQUIPMENT_CATEGORIES: readonly string[] = ['M', 'X', 'F', 'P', 'Q', 'V'];
export const LOCATION_CATEGORIES: readonly string[] = ['M', 'S', 'L'];
export const LOCATION_STRUCTURES: readonly string[] = ['STND', 'PIT'];
export const PLANNER_GROUPS: readonly string[] = ['', '010', '020', '100'];
export const ACTIVITY_TYPES: readonly string[] = ['', '001', '002', '003', '004', 'REP', 'INS', 'SER'];
export const UNITS: readonly string[] = [
  '',
  'PC',
  'EA',
  'H',
  'MIN',
  'DAY',
  'WK',
  'MON',
  'YR',
  'KM',
  'M',
  'L',
  'KG',
  'G',
  'CEL',
  'BAR',
  'PA',
  'S',
  '%',
  'T',
  'CRT',
  'V',
  'A',
  'KWH',
  'M3',
  'MM',
];

/** Where each number range stands at the start, above every seeded number. */
export const FIRST_NUMBER: Readonly<Record<string, number>> = {
  MaintenanceOrder: 4_900_001,
  MaintenanceNotification: 10_900_001,
  Equipment: 10_900_001,
  MaintenancePlan: 900_001,
  MaintenanceItem: 900_001,
  MeasuringPoint: 90_001,
  MeasurementDocument: 900_001,
  Reservation: 90_001,
  MaintOrderConf: 900_001,
  MaterialDocument: 4_900_000_001,
};
