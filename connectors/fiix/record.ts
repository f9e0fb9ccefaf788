/** What joined rows have in common, whatever they are joined to: tidy values, words of the tenant, the record they become. */
import { createHash } from 'node:crypto';
import type { Entity } from '../../domain/entities/index.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import type { Named, Priority } from './tenant.ts';
import { idOf, intOf, textOf } from './wire.ts';

export interface Joined {
  raw: JsonObject;
  /** Rows whose change is a change of the record without moving its own mark. */
  children: JsonObject[];
}

/** The version is the row's own mark and a digest of its children: links to people have no mark at all (contract 4.2). */
export function recordOf(entity: Entity, { raw, children }: Joined): ExternalRecord {
  const own = intOf(raw['intUpdated']);
  const stamps = [own, ...children.map((child) => intOf(child['intUpdated']))].filter((at) => at !== null);
  const digest =
    children.length === 0
      ? ''
      : `.${createHash('sha256').update(canonicalJson(children)).digest('hex').slice(0, 12)}`;
  return {
    externalId: typeof raw['id'] === 'string' ? raw['id'] : String(idOf(raw)),
    address: null,
    version: own === null && digest === '' ? null : `${own ?? ''}${digest}`,
    updatedAt: stamps.length === 0 ? null : new Date(Math.max(...stamps)).toISOString(),
    number: textOf(raw['strCode']) || null,
    scope: scopeOf(entity, raw),
    raw,
  };
}

/** Codes and names repeat from site to site; a site, a part and a person belong to the whole tenant. */
function scopeOf(entity: Entity, raw: JsonObject): string | null {
  if (entity === 'part' || entity === 'person' || entity === 'meter') return null;
  const site = intOf(raw['intSiteID']);
  return raw['bolIsSite'] === 1 || site === null ? null : String(site);
}

export function priorityOf(priorities: readonly Priority[], row: JsonObject): JsonObject | null {
  const found = priorities.find(({ id }) => id === row['intPriorityID']);
  return found ? { strName: found.name, rank: found.rank } : null;
}

export function typeOf(types: readonly Named[], row: JsonObject): JsonObject | null {
  const found = types.find(({ id }) => id === row['intMaintenanceTypeID']);
  return found ? { strName: found.name } : null;
}

export function* pick(
  children: ReadonlyMap<number, readonly JsonObject[]>,
  field: string,
): Generator<number | null> {
  for (const siblings of children.values()) for (const row of siblings) yield intOf(row[field]);
}

export function known(found: ReadonlyMap<number, unknown>, id: Json | undefined): number | null {
  const value = intOf(id);
  return value !== null && found.has(value) ? value : null;
}

export function present(fields: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null && entry[1] !== '',
    ),
  );
}
