/** Ids of the records that the examples of the routes speak of; `examples.fixture.ts` makes exactly these before each. */
const id = (n: number): string => `01920000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const EXAMPLE = {
  key: id(1),
  connection: id(2),
  run: id(3),
  runningRun: id(4),
  linkedAsset: id(5),
  otherAsset: id(6),
  externalAsset: '5f1e0c0a',
  conflict: id(7),
  quarantined: id(8),
  fieldMapping: id(9),
  schemaConnection: id(10),
  drift: id(11),
  workOrder: id(20),
  template: id(21),
  calendar: id(22),
  schedule: id(23),
  task: id(24),
  startedTask: id(25),
  unusedSchedule: id(26),
  assetTag: 'EX-A',
  assessment: id(40),
  alert: id(41),
} as const;
