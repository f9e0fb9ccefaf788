/** UpKeep's rows as the records a pull shows; a row that is none is set aside with the reason. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { BrokenRecord, ExternalRecord } from '../kit/contract.ts';
import { instantOf, normalise, OBJECTS } from './wire.ts';

export function recordOf(entity: Entity, raw: JsonObject): ExternalRecord {
  const externalId = idIn(raw);
  if (externalId === null) throw nameless(entity);
  const updatedAt = instantOf(raw['updatedAt']);
  const number = raw['workOrderNo'];
  return {
    externalId,
    address: null,
    version: updatedAt,
    updatedAt,
    number: entity === 'work_order' && typeof number === 'string' ? number : null,
    raw,
  };
}

export function idIn(row: JsonObject): string | null {
  const id = row['id'] ?? row['_id'];
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : null;
}

/** Epoch milliseconds, NaN where there is none. */
export function epochOf(value: Json | undefined): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}

export interface Sorted {
  /** Rows that are records, normalised, in the order they came. */
  rows: JsonObject[];
  broken: BrokenRecord[];
}

/** Rows without an id are no records; of what is followed by its changes, neither are those without a time of change. */
export function sortOut(entity: Entity, rows: readonly JsonObject[], followed = false): Sorted {
  const sorted: Sorted = { rows: [], broken: [] };
  for (const row of rows) {
    const raw = normalise(entity, row);
    const externalId = idIn(raw);
    if (externalId === null) sorted.broken.push({ externalId, failure: nameless(entity), raw: row });
    else if (followed && Number.isNaN(epochOf(raw['updatedAt'])))
      sorted.broken.push({ externalId, failure: undated(entity, externalId), raw: row });
    else sorted.rows.push(raw);
  }
  return sorted;
}

/** One record per (template, schedule); soft-deleted templates are listed too and say so (contract 3.8). */
export function plansOf(template: JsonObject): ExternalRecord[] {
  const { schedules, ...rest } = template;
  if (!Array.isArray(schedules)) return [];
  return schedules.flatMap((entry): ExternalRecord[] => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
    const schedule = normalise('plan', entry);
    const [own, its] = [idIn(template), idIn(schedule)];
    if (own === null || its === null) return [];
    const id = `${own}:${its}`;
    const stamps = [rest['updatedAt'], schedule['updatedAt']].map(instantOf).filter((at) => at !== null);
    const updatedAt = stamps.sort().at(-1) ?? null;
    const raw: JsonObject = { id, template: rest, schedule };
    return [{ externalId: id, address: null, version: updatedAt, updatedAt, number: null, raw }];
  });
}

function nameless(entity: Entity): Failure {
  return new Failure(
    'unexpected_response',
    `UpKeep sent a ${OBJECTS[entity].noun} without an id; report it to the vendor.`,
    { path: 'id', code: 'NO_ID' },
  );
}

function undated(entity: Entity, id: string): Failure {
  return new Failure(
    'unexpected_response',
    `UpKeep sent the ${OBJECTS[entity].noun} ${id} without updatedAt, so its changes cannot be followed; change it there.`,
    { path: 'updatedAt' },
  );
}
