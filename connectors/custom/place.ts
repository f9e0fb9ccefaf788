/** Looking into a body by a dotted place, and reading what stands there. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { instantOfLocal } from '../kit/local-time.ts';
import type { Stamp } from './definition.ts';

export function at(body: unknown, place: string | undefined): unknown {
  if (place === undefined) return body;
  let found: unknown = body;
  for (const step of place.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

/** The body came from JSON.parse, so that what is an object holds JSON only. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textAt(body: unknown, place: string | undefined): string | null {
  const value = place === undefined ? undefined : at(body, place);
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Epoch milliseconds of a stamp; null when there is none or it cannot be read. */
export function instantAt(body: JsonObject, stamp: Stamp | undefined): number | null {
  const text = stamp === undefined ? null : textAt(body, stamp.path);
  if (stamp === undefined || text === null) return null;
  if (stamp.format !== 'rfc3339') {
    const number = Number(text);
    if (!Number.isFinite(number)) return null;
    return stamp.format === 'epoch_s' ? number * 1_000 : number;
  }
  return instantOfLocal(text, stamp.zone);
}

export function hashOf(record: Json): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex').slice(0, 32);
}
