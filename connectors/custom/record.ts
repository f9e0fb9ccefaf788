/** A row of a described list as a record: its key, its marks, whether it counts as deleted; what is no record is set aside. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { LOST_CHARACTER } from '../../domain/kernel/text.ts';
import type { BrokenRecord, ExternalRecord } from '../kit/contract.ts';
import type { Resource } from './definition.ts';
import { instantAt } from './instants.ts';
import { at, hashOf, isObject, textAt } from './place.ts';

/** A row of a list, with what is known of it before it is a record. */
export interface ListedRow {
  value: unknown;
  key: string | null;
  /** What in it is no JSON: `NaN at purchase_cost`. */
  oddity: string | null;
}

/** Null when the row has nothing at a place of its id. */
export function keyOf(resource: Resource, row: JsonObject): string | null {
  const parts = resource.id.map((place) => textAt(row, place));
  return parts.includes(null) ? null : parts.join('|');
}

export function recordOf(resource: Resource, raw: JsonObject): ExternalRecord {
  const key = keyOf(resource, raw);
  if (key === null) throw noKey(resource, `A record of ${resource.list.path}`);
  const updatedAt = instantAt(raw, resource.updated);
  return {
    externalId: key,
    address: null,
    version: textAt(raw, resource.version) ?? textAt(raw, resource.updated?.path) ?? hashOf(raw),
    updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
    number: textAt(raw, resource.number),
    raw,
  };
}

/** A row as a record, or why it is none. */
export function sortOut(
  entity: Entity,
  resource: Resource,
  { value, key, oddity }: ListedRow,
): { record: ExternalRecord } | { broken: BrokenRecord } {
  const where = `of ${resource.list.path}`;
  const broken = (failure: Failure): { broken: BrokenRecord } => ({
    broken: { externalId: key, failure, raw: isObject(value) ? value : { value: (value ?? null) as Json } },
  });
  if (!isObject(value))
    return broken(new Failure('unexpected_response', `An element ${where} is no object; correct it there.`));
  if (key === null) return broken(noKey(resource, `A record ${where} (${entity})`));
  if (key.includes(LOST_CHARACTER)) {
    const message = `The ${entity} "${key}" ${where} has an id with a character that cannot be kept (NUL or half of one), so that it could be taken for another; give it another id there.`;
    return broken(new Failure('unexpected_response', message, { path: resource.id.join('|') }));
  }
  if (oddity !== null) {
    const message = `The ${entity} ${key} ${where} holds ${oddity}, which is no JSON; correct the value there.`;
    return broken(new Failure('unexpected_response', message, { path: oddity.split(' at ').at(-1) ?? '' }));
  }
  return { record: recordOf(resource, value) };
}

function noKey(resource: Resource, what: string): Failure {
  const places = resource.id.map((place) => `"${place}"`).join(' and ');
  const message = `${what} has nothing at ${places}, which identifies it; give it an id there, or correct id in the definition.`;
  return new Failure('unexpected_response', message, { path: 'id' });
}

export function isDeleted({ deleted }: Resource, row: unknown): boolean {
  if (deleted === undefined) return false;
  const value = at(row, deleted.path);
  if (deleted.values === undefined)
    return value !== undefined && value !== null && value !== false && value !== '';
  return deleted.values.some((one) => one === value);
}

/** The path of one record: `{id}` is its whole id, `{0}`, `{1}` are its parts, other names are fields of the payload. */
export function addressOf(path: string, externalId: string, payload: JsonObject = {}): string {
  const parts = externalId.split('|');
  return path.replace(/\{(\w+)\}/g, (braces, which: string) => {
    const value = which === 'id' ? externalId : /^\d$/.test(which) ? parts[Number(which)] : payload[which];
    if (value === undefined && !/^(id|\d)$/.test(which)) return braces;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (text !== '') return encodeURIComponent(text);
    // Without it the call would go to the list, or to another record.
    throw new Failure('rejected', `The id ${externalId} has nothing for ${braces} in ${path}.`, { path });
  });
}
