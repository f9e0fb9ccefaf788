/** A row of a described list as a record: its key, its marks, whether it counts as deleted. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import type { Resource } from './definition.ts';
import { at, hashOf, instantAt, textAt } from './place.ts';

export function keyOf(resource: Resource, row: JsonObject): string {
  const parts = resource.id.map((place) => textAt(row, place));
  const missing = parts.indexOf(null);
  if (missing === -1) return parts.join('|');
  const message = `A record of ${resource.list.path} has nothing at "${resource.id[missing] ?? ''}"; correct id in the definition.`;
  throw new Failure('unexpected_response', message, { path: 'id' });
}

export function recordOf(resource: Resource, raw: JsonObject): ExternalRecord {
  const updatedAt = instantAt(raw, resource.updated);
  return {
    externalId: keyOf(resource, raw),
    address: null,
    version: textAt(raw, resource.version) ?? textAt(raw, resource.updated?.path) ?? hashOf(raw),
    updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
    number: textAt(raw, resource.number),
    raw,
  };
}

export function isDeleted({ deleted }: Resource, row: JsonObject): boolean {
  if (deleted === undefined) return false;
  const value = at(row, deleted.path);
  if (deleted.values === undefined)
    return value !== undefined && value !== null && value !== false && value !== '';
  return deleted.values.some((one) => one === value);
}

/** The path of one record: `{id}` is its whole id, `{0}`, `{1}` are its parts. */
export function addressOf(path: string, externalId: string): string {
  const parts = externalId.split('|');
  return path.replace(/\{(id|\d)\}/g, (_, which: string) =>
    encodeURIComponent(which === 'id' ? externalId : (parts[Number(which)] ?? '')),
  );
}
