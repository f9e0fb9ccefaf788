/** Measuring points and documents (contract 2.7): SI values beside what was typed, counters, reference objects. */
import { checkEquipment, checkLocation, checkUnit, refuse } from './checks.ts';
import { FIRST_NUMBER } from './customizing.ts';
import { nowOf, textOf, timeOf, todayOf, type Draft, type Rules } from './draft.ts';
import { padded } from './order-state.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

/** Factor to the SI unit; temperatures shift instead. */
const SI: Readonly<Record<string, number>> = {
  H: 3600,
  MIN: 60,
  S: 1,
  DAY: 86_400,
  KM: 1000,
  M: 1,
  MM: 0.001,
  BAR: 100_000,
  PA: 1,
  T: 1000,
  KG: 1,
  G: 0.001,
  L: 0.001,
  M3: 1,
  KWH: 3_600_000,
};

export function toSi(value: number, unit: string): number {
  if (unit === 'CEL') return value + 273.15;
  return Number((value * (SI[unit] ?? 1)).toPrecision(15));
}

export function fromSi(value: number, unit: string): number {
  if (unit === 'CEL') return value - 273.15;
  return Number((value / (SI[unit] ?? 1)).toPrecision(15));
}

/** Documents of a point in the order they were read. */
export function documentsOf(call: Call, point: string): Row[] {
  const when = (row: Row): string =>
    `${String(row.values['MsmtRdngDate']).padStart(16)}${textOf(row.values, 'MsmtRdngTime')}`;
  return call.world.db
    .where('MeasurementDocument', ['MeasuringPoint'], [point])
    .filter((row) => row.values['MsmtRdngIsReversed'] !== true)
    .sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : 0));
}

function derivePoint(draft: Draft): void {
  const equipment = textOf(draft, 'Equipment');
  const location = textOf(draft, 'FunctionalLocation');
  draft['TechnicalObjectType'] = equipment !== '' ? 'EAMS_EQUI' : 'EAMS_FL';
  draft['MeasuringPointObjectIdentifier'] = equipment !== '' ? `IE${padded(equipment)}` : `IF${location}`;
  draft['CharcValueUnit'] = textOf(draft, 'MeasurementRangeUnit');
}

function checkPoint(call: Call, draft: Draft): void {
  checkEquipment(call, draft, 'Equipment');
  checkLocation(call, draft, 'FunctionalLocation');
  checkUnit(draft, 'MeasurementRangeUnit');
}

/** What is known of a reading: the typed pair, or SI values, or a difference of a counter. */
function deriveReading(call: Call, draft: Draft, given: ReadonlySet<string>, point: Row): void {
  const unit = textOf(draft, 'MeasurementReadingEntryUoM') || textOf(point.values, 'MeasurementRangeUnit');
  const counter = point.values['MeasuringPointIsCounter'] === true;
  const last = counter ? documentsOf(call, textOf(point.values, 'MeasuringPoint')).at(-1) : undefined;
  const before = Number(last?.values['MeasurementCounterReading'] ?? 0);
  const typed = given.has('MeasurementReadingInEntryUoM');
  let reading = typed
    ? toSi(Number(draft['MeasurementReadingInEntryUoM']), unit)
    : Number(draft['MeasurementReading'] ?? draft['MeasurementCounterReading'] ?? 0);
  if (draft['MsmtCntrReadingDiffIsEntered'] === true) {
    const step = typed ? reading : Number(draft['MsmtCounterReadingDifference'] ?? 0);
    reading = before + step;
  }
  const replaced = draft['MsmtCounterReadingIsReplaced'] === true;
  const backwards = point.values['MsrgPtIsCountingBackwards'] === true;
  if (counter && last !== undefined && !replaced && !backwards && reading < before) {
    throw refuse(
      'IR/208',
      'Counter reading is smaller than the previous reading',
      'MeasurementReadingInEntryUoM',
    );
  }
  Object.assign(draft, {
    MeasurementReading: reading,
    MeasurementReadingEntryUoM: unit,
    MeasurementReadingInEntryUoM: fromSi(reading, unit),
    CharcValueUnit: textOf(point.values, 'CharcValueUnit'),
    MeasurementCounterReading: counter ? reading : 0,
    MsmtCounterReadingDifference: counter && !replaced ? reading - before : 0,
  });
}

export const MEASURING_RULES: Readonly<Record<string, Rules>> = {
  MeasuringPoint: {
    create(call, draft) {
      if (textOf(draft, 'Equipment') === '' && textOf(draft, 'FunctionalLocation') === '') {
        throw refuse('IR/003', 'Enter the object the measuring point belongs to', 'Equipment');
      }
      checkPoint(call, draft);
      draft['MeasuringPoint'] = String(
        call.world.db.next('MeasuringPoint', FIRST_NUMBER['MeasuringPoint'] ?? 1),
      );
      draft['CreationDate'] = todayOf(call);
      derivePoint(draft);
    },
    update(call, _before, draft) {
      checkPoint(call, draft);
      draft['LastChangeDate'] = todayOf(call);
      derivePoint(draft);
    },
  },
  MeasurementDocument: {
    create(call, draft, given) {
      const number = textOf(draft, 'MeasuringPoint');
      const point = call.world.db.get('MeasuringPoint', number);
      if (point === undefined)
        throw refuse('IR/004', `Measuring point ${number} does not exist`, 'MeasuringPoint');
      if (point.values['MeasuringPointIsInactive'] === true) {
        throw refuse('IR/006', `Measuring point ${number} is inactive`, 'MeasuringPoint');
      }
      checkUnit(draft, 'MeasurementReadingEntryUoM');
      const now = nowOf(call);
      Object.assign(draft, {
        MeasurementDocument: String(
          call.world.db.next('MeasurementDocument', FIRST_NUMBER['MeasurementDocument'] ?? 1),
        ),
        MsmtRdngDate: draft['MsmtRdngDate'] ?? todayOf(call),
        MsmtRdngTime: draft['MsmtRdngTime'] ?? timeOf(now),
        MsmtRdngByUser: textOf(draft, 'MsmtRdngByUser') || call.user,
        Characteristic:
          textOf(draft, 'Characteristic') || textOf(point.values, 'MsrgPtInternalCharacteristic'),
      });
      deriveReading(call, draft, given, point);
    },
    update(_call, before, _draft, changed) {
      const fixed = [
        'MeasuringPoint',
        'MeasurementReading',
        'MeasurementReadingInEntryUoM',
        'MeasurementCounterReading',
      ];
      const touched = fixed.find((name) => changed.has(name));
      if (touched !== undefined) {
        throw refuse(
          'IR/112',
          `The reading of document ${textOf(before.values, 'MeasurementDocument')} cannot be changed`,
          touched,
        );
      }
    },
  },
};
