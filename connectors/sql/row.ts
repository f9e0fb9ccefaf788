/** Between a row and a record: keys, versions, values as JSON, and values as a column takes them. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import { localOf } from '../kit/local-time.ts';
import type { Column } from './catalog.ts';
import { epochOf, markOf, Moment } from './moment.ts';
import type { Dialect } from './config.ts';
import type { Source } from './source.ts';

export type Row = Record<string, unknown>;

export function recordOf(source: Source, row: Row): ExternalRecord {
  const { config, zone } = source;
  const raw: JsonObject = {};
  const exact: JsonObject = {};
  for (const [name, value] of Object.entries(row)) {
    raw[name] = jsonOf(value, zone);
    exact[name] = value instanceof Moment ? value.text : raw[name];
  }
  const mark = config.changedAt === undefined ? null : row[config.changedAt];
  const epoch = mark instanceof Moment ? mark.epochMs(zone) : markEpoch(mark, source);
  const number = config.number === undefined ? null : raw[config.number];
  return {
    externalId: keyValues(source, row).map(String).join('|'),
    address: null,
    // Of the row as it is written there, so finer than our milliseconds, and good for tables without a changed-at.
    version: createHash('sha256').update(canonicalJson(exact)).digest('hex').slice(0, 32),
    updatedAt: epoch === null ? null : new Date(epoch).toISOString(),
    number: typeof number === 'string' || typeof number === 'number' ? String(number) : null,
    raw,
  };
}

function markEpoch(value: unknown, source: Source): number | null {
  const mark = markOf(value);
  return mark === null ? null : epochOf(mark, source.zoned, source.zone);
}

export function keyValues(source: Source, row: Row): (string | number)[] {
  return source.key.map((name) => {
    const value = row[name];
    if (value instanceof Moment) return value.text;
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return value;
    const message = `A row of ${source.name} has nothing in its key column ${name}; name columns that identify every row in entities.${source.entity}.key.`;
    throw new Failure('unexpected_response', message, { path: `entities.${source.entity}.key` });
  });
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
    const epoch = value.epochMs(zone);
    return epoch === null ? value.text : new Date(epoch).toISOString();
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  // Out of a JSON column.
  return JSON.parse(JSON.stringify(value)) as Json;
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
