/**
 * Answers of OData V2 and V4 as plain rows: `d`, `results`, `/Date()/`, `PT..`, deferred links and metadata end here
 * (contract 2.7, 3.2). An answer of the other version, or of another shape, is told in one sentence.
 */
import type { Json, JsonObject } from '../../../domain/json.ts';
import { Failure } from '../../../domain/kernel/failure.ts';
import type { Applied } from '../../../domain/kernel/failure.ts';
import type { SapRow } from '../transport.ts';
import { isObject } from '../wire.ts';
import { isTimeName } from './literals.ts';
import type { Protocol, ServiceInfo } from './services.ts';

export interface Page {
  rows: SapRow[];
  /** Where the server says the list goes on. */
  next: string | null;
}

const V2_TIME = /^\/Date\((-?\d+)([+-]\d{1,4})?\)\/$/;
const DURATION = /^PT(\d{1,2})H(\d{1,2})M(\d{1,2})(?:\.\d+)?S$/;

export function pageOf(service: ServiceInfo, body: unknown, host: string): Page {
  const inside = envelope(service, body, host, 'no');
  if (service.protocol === 'v4') {
    if (!Array.isArray(inside.value)) throw strange(service, host, 'no', '"value"');
    return { rows: rowsOf('v4', inside.value), next: textOrNull(inside['@odata.nextLink']) };
  }
  const { d } = inside;
  const results = Array.isArray(d) ? d : isObject(d) ? d.results : undefined;
  if (!Array.isArray(results)) throw strange(service, host, 'no', '"d.results"');
  return { rows: rowsOf('v2', results), next: isObject(d) ? textOrNull(d.__next) : null };
}

/** A single entity; `applied` is `unknown` after a write, whose status said that it was carried out. */
export function entityOf(service: ServiceInfo, body: unknown, host: string, applied: Applied): SapRow {
  const inside = envelope(service, body, host, applied);
  if (service.protocol === 'v4') return rowOf('v4', inside);
  // Old gateways wrap a single entity in `results` as well (contract 3.2).
  const { d } = inside;
  const entity = isObject(d) && isObject(d.results) ? d.results : d;
  if (!isObject(entity)) throw strange(service, host, applied, '"d"');
  return rowOf('v2', entity);
}

function envelope(service: ServiceInfo, body: unknown, host: string, applied: Applied): JsonObject {
  if (!isObject(body)) throw strange(service, host, applied, 'an object');
  const found = 'd' in body ? 'v2' : '@odata.context' in body || 'value' in body ? 'v4' : null;
  if (found === null || found === service.protocol) return body;
  const words = { v2: 'OData V2', v4: 'OData V4' };
  throw new Failure(
    'unexpected_response',
    `${host} answered in ${words[found]} where ${words[service.protocol]} was expected; correct services.${service.name} (now ${service.path}).`,
    { applied, code: 'ODATA_VERSION', path: `services.${service.name}` },
  );
}

function strange(service: ServiceInfo, host: string, applied: Applied, missing: string): Failure {
  return new Failure(
    'unexpected_response',
    `An answer of ${host} has no ${missing}; check that ${service.path} is the service it should be.`,
    { applied },
  );
}

function rowsOf(protocol: Protocol, list: readonly unknown[]): SapRow[] {
  return list.filter(isObject).map((entity) => rowOf(protocol, entity));
}

export function rowOf(protocol: Protocol, entity: JsonObject): SapRow {
  const childVersions = new Map<string, string>();
  const doc = docOf(protocol, entity, '', childVersions);
  return { doc, version: etagOf(entity), childVersions };
}

function docOf(
  protocol: Protocol,
  entity: JsonObject,
  place: string,
  versions: Map<string, string>,
): JsonObject {
  const doc: JsonObject = {};
  for (const name in entity) {
    const value = entity[name];
    if (value === undefined || value === null || value === '') continue;
    if (name === '__metadata' || name.startsWith('@') || name === 'SAP__Messages') continue;
    const plain =
      typeof value === 'object' ? child(protocol, value, place + name, versions) : scalar(name, value);
    if (plain !== null) doc[name] = plain;
  }
  return doc;
}

function child(protocol: Protocol, value: Json, place: string, versions: Map<string, string>): Json | null {
  const list = Array.isArray(value)
    ? value
    : isObject(value) && Array.isArray(value.results)
      ? value.results
      : null;
  if (list !== null) {
    return list.filter(isObject).map((entity, index) => {
      const at = `${place}.${String(index)}`;
      remember(entity, at, versions);
      return docOf(protocol, entity, `${at}.`, versions);
    });
  }
  if (!isObject(value) || '__deferred' in value) return null;
  remember(value, place, versions);
  const doc = docOf(protocol, value, `${place}.`, versions);
  return Object.keys(doc).length === 0 ? null : doc;
}

function remember(entity: JsonObject, place: string, versions: Map<string, string>): void {
  const etag = etagOf(entity);
  if (etag !== null) versions.set(place, etag);
}

function etagOf(entity: JsonObject): string | null {
  const metadata = entity.__metadata;
  const own = isObject(metadata) ? metadata.etag : entity['@odata.etag'];
  return textOrNull(own);
}

/** `/Date()/` without an offset is a calendar date, with one a moment (contract 3.2, 4.3); a date is never shifted. */
function scalar(name: string, value: Json): Json {
  if (typeof value !== 'string' || !isTimeName(name)) return value;
  const time = V2_TIME.exec(value);
  if (time) {
    const at = new Date(Number(time[1]));
    if (Number.isNaN(at.getTime())) return value;
    return time[2] === undefined ? at.toISOString().slice(0, 10) : at.toISOString();
  }
  const duration = DURATION.exec(value);
  if (duration) {
    return duration
      .slice(1, 4)
      .map((part) => part.padStart(2, '0'))
      .join(':');
  }
  return value;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The name space of the answering service, e.g. `cds_api_maintenanceorder_2` (contract 1.1). */
export function nameSpaceIn(body: unknown): string | null {
  const d = isObject(body) ? body.d : undefined;
  const first = isObject(d) && Array.isArray(d.results) ? d.results[0] : d;
  const metadata = isObject(first) ? first.__metadata : undefined;
  const type = isObject(metadata) ? metadata.type : undefined;
  return typeof type === 'string' ? (type.split('.')[0] ?? null) : null;
}
