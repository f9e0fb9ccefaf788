/**
 * Turns a member of a collection into the record a pull shows. Runs once per record of every pull, so it copies what is
 * content and checks only what identity needs; transport marks (`_rowstamp`, `href`, links) stay out of `raw`, because
 * they differ between servers and reads while the record is the same.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import type { VendorObject } from './objects.ts';
import { externalIdOf } from './objects.ts';
import { epochOf } from './where.ts';
import { addressOf, isObject, textOf } from './wire.ts';
import type { Member } from './wire.ts';

function isMark(name: string): boolean {
  if (name === '_rowstamp' || name === 'href' || name === 'localref' || name === '_id') return true;
  return name.endsWith('_collectionref');
}

/** A row without its transport marks and without nulls. */
export function content(source: JsonObject): JsonObject {
  const target: JsonObject = {};
  for (const name in source) {
    const value = source[name];
    if (value === undefined || value === null || isMark(name)) continue;
    target[name] = value;
  }
  return target;
}

function byAttribute(attribute: string): (a: JsonObject, b: JsonObject) => number {
  return (a, b) => {
    const left = a[attribute] ?? null;
    const right = b[attribute] ?? null;
    if (left === right) return 0;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return textOf(left) < textOf(right) ? -1 : 1;
  };
}

export function rowsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((row): row is JsonObject => isObject(row)) : [];
}

export function toRecord(object: VendorObject, member: Member): ExternalRecord {
  const externalId = externalIdOf(object, member);
  if (externalId === null) {
    throw new Failure(
      'unexpected_response',
      `A row of ${object.os} lacks ${object.key.join(' or ')}; include these attributes in the object structure.`,
    );
  }
  const raw = content(member);
  for (const child in object.children) {
    if (raw[child] === undefined) continue;
    raw[child] = rowsOf(raw[child])
      .map(content)
      .sort(byAttribute(object.children[child] ?? ''));
  }
  const number = member[object.number];
  return {
    externalId,
    address: addressOf(member.href),
    version: typeof member._rowstamp === 'string' ? member._rowstamp : null,
    updatedAt: instantOf(member.changedate),
    number: typeof number === 'string' ? number : null,
    scope: scopeIn(object, member),
    // CLOSE and CAN set the flag, and the record is locked for good (contract 4.7).
    ...(member.historyflag === true ? { readOnly: true } : {}),
    raw,
  };
}

/** Numbers are unique per site, those of items per item set, those of people and tickets everywhere (contract 2.1, 7.13). */
function scopeIn({ key }: VendorObject, member: Member): string | null {
  const name = ['siteid', 'itemsetid'].find((part) => key.includes(part));
  const value = name === undefined ? null : member[name];
  return typeof value === 'string' ? value : null;
}

/** A Maximo DATETIME as a UTC instant with milliseconds, null when it is none. */
export function instantOf(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  const epoch = epochOf(value);
  return Number.isNaN(epoch) ? null : new Date(epoch).toISOString();
}
