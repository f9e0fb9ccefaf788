/** Meter readings through meters of assets and locations (contract 4.11). */
import type { Row } from './database.ts';
import type { Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { sentValue, type Payload } from './payload.ts';
import type { Rules, WriteContext } from './write-context.ts';

interface Reading {
  text: string;
  at: number;
  inspector: string;
  isDelta: boolean;
  rollover: boolean;
}

function refuse(text: string, attribute: string, table: string): never {
  throw new OslcError(400, null, text, { attribute, object: table });
}

function sentReading(context: WriteContext, table: string, payload: Payload): Reading | null {
  const { db, dials } = context.world;
  const mbo = db.table(table).mbo;
  const value = (name: string): Value | undefined => sentValue(mbo, payload, name, dials.zoneOffset);
  const text = value('newreading');
  if (text === undefined || text === null) return null;
  const at = value('newreadingdate');
  return {
    text: String(text),
    at: typeof at === 'number' ? at : context.at,
    inspector: String(value('inspector') ?? context.user.personId),
    isDelta: value('isdelta') === true,
    rollover: value('dorollover') === true,
  };
}

function place(row: Row): Record<string, Value> {
  const { assetnum, location, siteid = null, metername = null } = row.values;
  const base: Record<string, Value> = { siteid, metername };
  if (assetnum !== undefined) base.assetnum = assetnum;
  if (location !== undefined) base.location = location;
  return base;
}

function keepMeasurement(
  context: WriteContext,
  row: Row,
  reading: Reading,
  kind: string,
): Record<string, Value> {
  const measured: Record<string, Value> = {
    ...place(row),
    measuredate: reading.at,
    inspector: reading.inspector,
  };
  if (kind === 'GAUGE') measured.measurementvalue = Number(reading.text);
  else measured.observation = reading.text;
  context.world.db.insert('MEASUREMENT', measured);
  return { lastreading: reading.text };
}

function keepReading(
  context: WriteContext,
  table: string,
  row: Row,
  reading: Reading,
): Record<string, Value> {
  const last = Number(row.values.lastreading ?? 0);
  const number = Number(reading.text);
  const delta = row.values.readingtype === 'DELTA' || reading.isDelta;
  const total = delta ? last + number : number;
  if (total < last && !reading.rollover) {
    refuse(`The reading ${total} is less than the last reading ${last}.`, 'newreading', table);
  }
  const grown = total >= last ? total - last : total + Number(row.values.rollover ?? 0) - last;
  context.world.db.insert('METERREADING', {
    ...place(row),
    reading: String(total),
    delta: grown,
    readingdate: reading.at,
    inspector: reading.inspector,
    enterdate: context.at,
    didrollover: reading.rollover,
    readingsource: 'ENTERED',
  });
  return { lastreading: String(total), lifetodate: Number(row.values.lifetodate ?? 0) + grown };
}

/** Books a reading: it must be later than the last one, a number where the meter counts, and not fall without a rollover. */
export function bookReading(context: WriteContext, table: string, row: Row, payload: Payload): void {
  const reading = sentReading(context, table, payload);
  if (reading === null) return;
  const { db } = context.world;
  const last = row.values.lastreadingdate;
  if (typeof last === 'number' && reading.at <= last) {
    refuse('The reading date must be later than the date of the last reading.', 'newreadingdate', table);
  }
  const kind = String(
    db.byKey('METER', { metername: row.values.metername ?? null })?.values.metertype ?? 'CONTINUOUS',
  );
  if (kind !== 'CHARACTERISTIC' && (reading.text.trim() === '' || Number.isNaN(Number(reading.text)))) {
    refuse(`The reading ${reading.text} is not a number.`, 'newreading', table);
  }
  const values =
    kind === 'CONTINUOUS'
      ? keepReading(context, table, row, reading)
      : keepMeasurement(context, row, reading, kind);
  db.replace(table, row, {
    ...row.values,
    ...values,
    lastreadingdate: reading.at,
    lastreadinginspctr: reading.inspector,
    changedate: context.at,
    changeby: context.user.personId,
  });
  context.written.push({ kind: 'updated', mbo: table });
}

function meterRules(table: string): Rules {
  return {
    defaults(context, draft) {
      if (table === 'ASSETMETER') draft.linearassetmeterid ??= 0;
      draft.active ??= true;
      const meter = context.world.db.byKey('METER', { metername: draft.metername ?? null });
      draft.readingtype ??= meter?.values.readingtype ?? null;
      draft.measureunitid ??= meter?.values.measureunitid ?? null;
    },
    afterInsert: (context, row, payload) => {
      bookReading(context, table, row, payload);
    },
    afterUpdate: (context, row, payload) => {
      bookReading(context, table, row, payload);
    },
  };
}

export const assetMeterRules = meterRules('ASSETMETER');
export const locationMeterRules = meterRules('LOCATIONMETER');
