/** One authenticated request as the handlers see it, and the switches every answer understands. */
import type { Paging, SandboxRequest } from '../../kit/sandbox/index.ts';
import type { Caller, Sessions } from './auth.ts';
import { restIdOf, type Row } from './database.ts';
import { addressOnly, compileSelect, type EmitOptions } from './emit.ts';
import type { ObjectStructure } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { isObject, leanPayload, type Payload } from './payload.ts';
import type { Queries } from './query.ts';
import type { RowTexts, SelectedTexts } from './row-texts.ts';
import { decodeRestId } from './rest-id.ts';
import { parseSelect } from './select-parse.ts';
import type { User, World } from './world.ts';
import type { WriteContext } from './write-context.ts';

export interface Services {
  world: World;
  queries: Queries;
  sessions: Sessions;
  texts: RowTexts;
  /** Transaction ids seen, with the time they are forgotten. */
  transactions: Map<string, number>;
  /** Stable result sets by id. */
  stable: Map<string, StableSet>;
  nextToken(): string;
  paging: Paging;
}

export interface StableSet {
  rows: readonly Row[];
  next: number;
  expiresAt: number;
}

export interface Call {
  services: Services;
  request: SandboxRequest;
  caller: Caller;
  lean: boolean;
  /** What hrefs start with: x-public-uri, else `/oslc` of the host called. */
  root: string;
}

export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === '1' || value === 'true';
}

export function wholeNumber(query: URLSearchParams, name: string): number | null {
  const value = query.get(name);
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}

export function structureOf(services: Services, name: string): ObjectStructure {
  const structure = services.world.db.model.structures.get(name.toLowerCase());
  if (structure !== undefined) return structure;
  throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${name} does not exist.`);
}

function emitOptions(call: Call): EmitOptions {
  const { query } = call.request;
  return {
    lean: call.lean,
    internalValues: flag(query, 'internalvalues'),
    dropNulls: query.get('_dropnulls') !== '0',
    collectionRefs: !flag(query, 'ignorecollectionref'),
  };
}

/** Writes the rows of this call; compiled once for all pages of a query. */
export function selectedTexts(call: Call, structure: ObjectStructure, select: string | null): SelectedTexts {
  const { world, texts } = call.services;
  const { dials, db } = world;
  const options = emitOptions(call);
  const base = baseOf(call, structure);
  const domains = db.table('SYNONYMDOMAIN').version;
  const { unknownAttributes, zoneOffset } = dials;
  const key = JSON.stringify([
    structure.name,
    select,
    options,
    base,
    unknownAttributes,
    zoneOffset.text,
    domains,
  ]);
  return texts.of(key, structure, base, () =>
    select === null
      ? addressOnly(options.lean)
      : compileSelect(world, structure, parseSelect(select), options),
  );
}

export function baseOf(call: Call, structure: ObjectStructure): string {
  if (flag(call.request.query, 'relativeuri')) return `oslc/os/${structure.name}`;
  return `${call.root}/os/${structure.name}`;
}

export function hrefOf(call: Call, structure: ObjectStructure, row: Row): string {
  return `${baseOf(call, structure)}/${restIdOf(structure.mbo, row)}`;
}

function visible(structure: ObjectStructure, row: Row, user: User): boolean {
  const site = row.values.siteid;
  const inSite = site === undefined || site === null || user.sites.includes(String(site));
  return inSite && Object.entries(structure.filter).every(([name, value]) => row.values[name] === value);
}

/** The record an id in a URL means: a rest id or the numeric unique id (contract 3.1). */
export function findRecord(services: Services, structure: ObjectStructure, id: string, user: User): Row {
  const { db } = services.world;
  const { mbo } = structure;
  let row: Row | null = null;
  if (/^\d+$/.test(id)) row = db.get(mbo.name, Number(id)) ?? null;
  else {
    const parts = decodeRestId(id);
    if (parts?.length === mbo.keys.length) {
      row = db.byKey(mbo.name, Object.fromEntries(mbo.keys.map((key, at) => [key, parts[at] ?? null])));
    }
  }
  if (row !== null && visible(structure, row, user)) return row;
  throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${id} does not exist.`);
}

/** The record a href in a payload means, whatever its root. */
export function findByHref(services: Services, structure: ObjectStructure, href: unknown, user: User): Row {
  const match = typeof href === 'string' ? /\/os\/(\w+)\/([^/?]+)/.exec(href) : null;
  if (match?.[1]?.toLowerCase() !== structure.name) {
    throw new OslcError(404, 'BMXAA8727E', `The resource ${JSON.stringify(href)} does not exist.`);
  }
  return findRecord(services, structure, decodeURIComponent(match[2] ?? ''), user);
}

export function writeContext(call: Call): WriteContext {
  const { world } = call.services;
  return { world, user: call.caller.user, at: world.stamp.forWrite(), written: [] };
}

export function reportWritten(call: Call, context: WriteContext): void {
  for (const { kind, mbo } of context.written) call.services.world.report(kind, mbo);
}

/** The JSON of a request, with names reduced to lean ones. */
export function bodyOf(call: Call): unknown {
  let body: unknown;
  try {
    body = call.request.json();
  } catch {
    throw new OslcError(400, null, 'The request body is not valid JSON.');
  }
  return leanPayload(body, call.lean);
}

export function objectBody(call: Call): Payload {
  const body = bodyOf(call) ?? {};
  if (isObject(body)) return body;
  throw new OslcError(400, null, 'The request body must be a JSON object.');
}
