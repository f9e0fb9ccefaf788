/** Between a row and a record: keys, versions, values as JSON, and values as a column takes them. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { LOST_CHARACTER, storableJson, storableText } from '../../domain/kernel/text.ts';
import type { BrokenRecord, ExternalRecord } from '../kit/contract.ts';
import { localOf } from '../kit/local-time.ts';
import type { Column } from './catalog.ts';
import type { KeyValue } from './cursor.ts';
import { epochOf, markOf, Moment } from './moment.ts';
import type { Dialect } from './config.ts';
import { OWN_COLUMN } from './references.ts';
import type { Source } from './source.ts';

export type Row = Record<string, unknown>;

export interface SortedRows {
  records: ExternalRecord[];
  broken?: BrokenRecord[];
}

/** Rows as records; those that identify nothing are set aside, those that count as deleted are left out. */
export function sortRows(source: Source, rows: readonly Row[]): SortedRows {
  const records: ExternalRecord[] = [];
  const broken: BrokenRecord[] = [];
  for (const row of rows) {
    if (isDeleted(source, row)) continue;
    const fault = faultOfKey(source, row);
    if (fault === null) records.push(recordOf(source, row));
    else broken.push(setAside(source, row, fault));
  }
  const [first, second] = broken;
  // Not a single row with a key: the settings are wrong, not the rows.
  if (first !== undefined && second !== undefined && records.length === 0) throw first.failure;
  return broken.length === 0 ? { records } : { records, broken };
}

/** Rows whose key says nothing, as what they are. */
export function rowsWithoutKey(source: Source, rows: readonly Row[]): BrokenRecord[] {
  return rows.flatMap((row) => {
    const fault = faultOfKey(source, row);
    return fault === null ? [] : [setAside(source, row, fault)];
  });
}

function setAside(source: Source, row: Row, failure: Failure): BrokenRecord {
  return { externalId: null, failure, raw: valuesOf(source, row).raw };
}

export function recordOf(source: Source, row: Row): ExternalRecord {
  const { config, zone } = source;
  const { raw, exact } = valuesOf(source, row);
  const mark = config.changedAt === undefined ? null : markOf(row[config.changedAt]);
  const zoned =
    row[config.changedAt ?? ''] instanceof Moment
      ? (row[config.changedAt ?? ''] as Moment).zoned
      : source.zoned;
  const epoch = mark === null ? null : epochOf(mark, zoned, zone);
  const number = config.number === undefined ? null : raw[config.number];
  return {
    externalId: idOf(keyValues(source, row)),
    address: null,
    // Of the row as it is written there, so finer than our milliseconds, and good for tables without a changed-at.
    version: createHash('sha256').update(canonicalJson(exact)).digest('hex').slice(0, 32),
    updatedAt: epoch === null ? null : new Date(epoch).toISOString(),
    number: typeof number === 'string' || typeof number === 'number' ? String(number) : null,
    raw,
  };
}

/** The values of a row: `raw` as mappings read them, references spelled as the key they mean; `exact` as they stand there. */
function valuesOf(source: Source, row: Row): { raw: JsonObject; exact: JsonObject } {
  const raw: JsonObject = {};
  const exact: JsonObject = {};
  for (const [name, value] of Object.entries(row)) {
    if (name.startsWith(OWN_COLUMN)) continue;
    const shown = storableText(name);
    const own = jsonOf(value, source.zone);
    exact[shown] = value instanceof Moment ? value.text : own;
    const meant = source.references.find(({ column }) => column === name);
    const target = meant === undefined ? null : row[meant.alias];
    raw[shown] =
      target === null || target === undefined ? toldAs(source, name, own) : jsonOf(target, source.zone);
  }
  return { raw, exact };
}

/** Small integers stay what they are unless the settings say that they are truths. */
function toldAs({ config }: Source, name: string, value: Json): Json {
  return config.booleans?.includes(name) === true && typeof value === 'number' ? value !== 0 : value;
}

/** Why a row's key identifies nothing for sure; null when it does. */
function faultOfKey(source: Source, row: Row): Failure | null {
  const path = `entities.${source.entity}.key`;
  for (const name of source.key) {
    const value = keyValueOf(row[name]);
    const refuse = (what: string): Failure =>
      new Failure(
        'unexpected_response',
        `A row of ${source.name} ${what} in its key column ${name}; ${ADVICE} ${path}.`,
        { path },
      );
    if (value === null) return refuse('has nothing');
    if (typeof value !== 'string') continue;
    if (storableText(value).includes(LOST_CHARACTER))
      return refuse(`holds a character that cannot be kept (${storableText(value)})`);
    if (source.key.length > 1 && value.includes('|'))
      return refuse(`holds "|", with which parts of a key are joined (${value}),`);
  }
  return null;
}

const ADVICE = 'correct it there, or name columns that identify every row in';

function keyValueOf(value: unknown): KeyValue | null {
  if (value instanceof Moment) return value.text;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The values of a row's key as the database compares them. */
export function keyValues(source: Source, row: Row): KeyValue[] {
  return source.key.map((name) => {
    const value = keyValueOf(row[name]);
    if (value === null) throw faultOfKey(source, row) ?? new Failure('bug', 'A key without a value.');
    return value;
  });
}

export function hasKey(source: Source, row: Row): boolean {
  return faultOfKey(source, row) === null;
}

export function idOf(values: readonly KeyValue[]): string {
  return values.map(String).join('|');
}

/** The values of a key out of an external id; null when it cannot be one of this source. */
export function keyOfId(source: Source, externalId: string): string[] | null {
  if (source.key.length === 1) return [externalId];
  const parts = externalId.split('|');
  return parts.length === source.key.length ? parts : null;
}

export function isDeleted({ config }: Source, row: Row): boolean {
  const { deleted } = config;
  if (deleted === undefined) return false;
  const value = row[deleted.column];
  if (deleted.value === undefined)
    return value !== null && value !== undefined && value !== false && value !== 0;
  // A truth is 1 in databases that have no other word for it.
  const wanted =
    typeof deleted.value === 'boolean' && typeof value === 'number' ? Number(deleted.value) : deleted.value;
  return value === wanted || String(value) === String(wanted);
}

function jsonOf(value: unknown, zone: string): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Moment) {
    // "For ever" is no time anybody could keep an appointment at.
    if (/^-?infinity$/i.test(value.text)) return null;
    const epoch = value.epochMs(zone);
    return epoch === null ? value.text : new Date(epoch).toISOString();
  }
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  // Out of a JSON column.
  return storableJson(JSON.parse(JSON.stringify(value)) as Json);
}

/** A payload value as it is bound for a column: instants in the column's own way of writing. */
export function boundValue(value: Json, column: Column, dialect: Dialect, zone: string): unknown {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  if (column.type !== 'instant' || typeof value !== 'string') return value;
  const epoch = Date.parse(value);
  if (!/T/.test(value) || Number.isNaN(epoch)) return value;
  if (dialect === 'postgres' && column.zoned) return value;
  return localOf(epoch, column.zoned ? 'UTC' : zone);
}
