/** Create, update, upsert and delete of a whole record with its children (contract 4.2-4.5, 4.7). */
import { changeWorkOrderStatus } from './change-status.ts';
import { saveChildren } from './children.ts';
import { refuseStale } from './concurrency.ts';
import type { Row } from './database.ts';
import type { ObjectStructure } from './model.ts';
import { OslcError } from './oslc-error.ts';
import type { Payload } from './payload.ts';
import { bookReading } from './rules-meter.ts';
import { insertRow, refuseHistory, removeRow, requestStatus, updateRow } from './save-row.ts';
import { replaceValues } from './stamp-row.ts';
import { ITEM_SET } from './world.ts';
import { current, type WriteContext } from './write-context.ts';

export function createRecord(context: WriteContext, structure: ObjectStructure, payload: Payload): Row {
  const row = insertRow(context, structure.mbo, payload, structure.filter);
  saveChildren(context, structure, row, payload, true);
  return current(context, structure.mbo, row);
}

export function updateRecord(
  context: WriteContext,
  structure: ObjectStructure,
  row: Row,
  payload: Payload,
  merge: boolean,
): Row {
  const { mbo } = structure;
  refuseStale(mbo, row, payload);
  const action = typeof payload._action === 'string' ? payload._action.toLowerCase() : null;
  if (action === 'delete') {
    removeRow(context, mbo, row);
    return row;
  }
  const statusOnly = payload.statusiface === true || payload.statusiface === 1;
  if (!statusOnly) {
    if (structure.children.some((child) => Array.isArray(payload[child.name]))) refuseHistory(mbo, row);
    updateRow(context, mbo, row, payload);
    saveChildren(context, structure, current(context, mbo, row), payload, merge);
  }
  if (typeof payload.status === 'string') {
    requestStatus(context, mbo, current(context, mbo, row), payload.status.toUpperCase(), payload);
  }
  return current(context, mbo, row);
}

export function deleteRecord(context: WriteContext, structure: ObjectStructure, row: Row): void {
  removeRow(context, structure.mbo, row);
}

/** The record a payload names by its key attributes; null when there is none yet. */
export function findByKeys(context: WriteContext, structure: ObjectStructure, payload: Payload): Row | null {
  const { mbo } = structure;
  const values: Record<string, string | number | null> = {};
  for (const key of mbo.keys) {
    const sent = payload[key];
    const implied = key === 'itemsetid' ? ITEM_SET : key === 'class' && mbo.name === 'SR' ? 'SR' : null;
    if (typeof sent === 'number') values[key] = sent;
    else values[key] = typeof sent === 'string' ? sent.toUpperCase() : implied;
    if (key === 'linearassetmeterid') values[key] ??= 0;
  }
  return context.world.db.byKey(mbo.name, values);
}

export interface Synced {
  row: Row;
  created: boolean;
}

export function syncRecord(
  context: WriteContext,
  structure: ObjectStructure,
  payload: Payload,
  merge: boolean,
): Synced {
  const found = findByKeys(context, structure, payload);
  return found === null || !context.user.sites.includes(String(found.values.siteid ?? context.user.sites[0]))
    ? { row: createRecord(context, structure, payload), created: true }
    : { row: updateRecord(context, structure, found, payload, merge), created: false };
}

/** `action=wsmethod:changeStatus`: parameter names are never prefixed. */
export function changeStatusAction(
  context: WriteContext,
  structure: ObjectStructure,
  row: Row,
  payload: Payload,
): Row {
  const { mbo } = structure;
  if (typeof payload.status !== 'string') {
    throw new OslcError(400, 'BMXAA4195E', 'A value is required for the status field.', {
      attribute: 'status',
      object: mbo.name,
    });
  }
  const status = payload.status.toUpperCase();
  if (mbo.name === 'WORKORDER')
    changeWorkOrderStatus(context, row, status, { memo: payload.memo, date: payload.date });
  else if (mbo.name === 'SR') requestStatus(context, mbo, row, status, payload);
  else if (row.values.status !== status) {
    requestStatus(context, mbo, row, status, payload);
    replaceValues(context, mbo, row, { status, statusdate: context.at });
  }
  return current(context, mbo, row);
}

function meterOf(context: WriteContext, payload: Payload): { table: string; row: Row } | null {
  const { db } = context.world;
  const text = (name: string): string =>
    typeof payload[name] === 'string' ? payload[name].toUpperCase() : '';
  const [siteid, metername] = [text('siteid'), text('metername')];
  const table = text('assetnum') === '' ? 'LOCATIONMETER' : 'ASSETMETER';
  const row =
    table === 'ASSETMETER'
      ? db.byKey(table, { assetnum: text('assetnum'), linearassetmeterid: 0, metername, siteid })
      : db.byKey(table, { location: text('location'), metername, siteid });
  return row === null ? null : { table, row };
}

const READING_FIELDS = ['siteid', 'metername', 'newreading', 'newreadingdate', 'inspector'] as const;

/** One entry of MXMETERDATA (contract 4.11): everything that says what, where, when and who is mandatory. */
export function bookMeterData(context: WriteContext, payload: Payload): void {
  const missing = READING_FIELDS.find(
    (name) => payload[name] === undefined || payload[name] === null || payload[name] === '',
  );
  if (missing !== undefined || (payload.assetnum === undefined && payload.location === undefined)) {
    const attribute = missing ?? 'assetnum';
    throw new OslcError(400, 'BMXAA4195E', `A value is required for ${attribute}.`, {
      attribute,
      object: 'METERDATA',
    });
  }
  const meter = meterOf(context, payload);
  if (meter === null || !context.user.sites.includes(String(meter.row.values.siteid))) {
    throw new OslcError(400, 'BMXAA4190E', 'There is no such meter at that asset or location.', {
      attribute: 'metername',
      object: 'METERDATA',
    });
  }
  bookReading(context, meter.table, meter.row, payload);
}
