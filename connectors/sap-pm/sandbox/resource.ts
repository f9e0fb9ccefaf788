/** One request on a resource: the address, then reading, creating, changing, deleting (contract 1.6, 3). */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { emptyAnswer, jsonAnswer, textAnswer, wantsJson } from './answer.ts';
import { atomEntry, atomFeed } from './atom.ts';
import { attachmentContent, createAttachment } from './attachments.ts';
import { createEmitter, related, type Projection } from './emit.ts';
import { checkMatch, etagOf } from './etag.ts';
import { callBound, callFunction, functionOf } from './functions.ts';
import { metadataOf, serviceDocument } from './metadata.ts';
import { parseKey, parseSegments, type Segment } from './resource-path.ts';
import { checkOptions, pageOf, readProjection } from './query.ts';
import { SapError } from './sap-error.ts';
import type { EntitySet, Nav } from './schema.ts';
import { valueOf } from './schema.ts';
import { showV2, showV4 } from './edm.ts';
import { idOf, type Row } from './tables.ts';
import { createRow, createUnder, deleteRow, notAllowed, updateRow, type Payload } from './write.ts';
import type { Call } from './world.ts';

interface Collection {
  kind: 'collection';
  set: EntitySet;
  /** Below a row; null for the whole set. */
  parent: { set: EntitySet; row: Row; nav: Nav } | null;
}
interface Entity {
  kind: 'entity';
  set: EntitySet;
  row: Row;
}
/** A single-valued navigation that leads nowhere yet. */
interface Nothing {
  kind: 'nothing';
  set: EntitySet;
  parent: { set: EntitySet; row: Row; nav: Nav };
}
type Target = Collection | Entity | Nothing;

function gone(set: EntitySet, key: string): SapError {
  return new SapError(
    404,
    '/IWBEP/CM_MGW_RT/020',
    `Resource not found for segment '${set.type}' with key ${key}`,
  );
}

function findRow(call: Call, set: EntitySet, key: string): Row {
  const values = parseKey(set, key);
  const { db } = call.world;
  const keys = db.keysOf(set.table);
  const direct = keys.every(({ name }) => name in values) ? db.get(set.table, idOf(keys, values)) : undefined;
  const names = Object.keys(values);
  const row =
    direct ??
    db.where(
      set.table,
      names,
      names.map((name) => values[name] ?? null),
    )[0];
  if (row === undefined || call.world.dials.hiddenSets.includes(set.name)) throw gone(set, key);
  return row;
}

function step(call: Call, from: Entity, segment: Segment): Target {
  const nav = from.set.navs.get(segment.name);
  const set = nav === undefined ? undefined : call.service.sets.get(nav.target);
  if (nav === undefined || set === undefined) {
    throw new SapError(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${segment.name}'`);
  }
  const [only] = nav.many ? [] : related(call, nav, from.row);
  if (!nav.many)
    return only === undefined
      ? { kind: 'nothing', set, parent: { set: from.set, row: from.row, nav } }
      : { kind: 'entity', set, row: only };
  if (segment.key === null) return { kind: 'collection', set, parent: { set: from.set, row: from.row, nav } };
  return { kind: 'entity', set, row: findRow(call, set, segment.key) };
}

interface Address {
  target: Target;
  /** `$count`, `$value`, a property, an action. */
  tail: string | null;
}

function resolve(call: Call, segments: readonly Segment[]): Address {
  const [first, ...rest] = segments;
  const set = first === undefined ? undefined : call.service.sets.get(first.name);
  if (first === undefined || set === undefined) {
    throw new SapError(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${first?.name ?? ''}'`);
  }
  let target: Target =
    first.key === null
      ? { kind: 'collection', set, parent: null }
      : { kind: 'entity', set, row: findRow(call, set, first.key) };
  for (const [at, segment] of rest.entries()) {
    const last = at === rest.length - 1;
    const special = segment.name.startsWith('$') || segment.name.includes('.');
    const property = target.kind === 'entity' && target.set.fields.has(segment.name);
    if (last && (special || property)) return { target, tail: segment.name };
    if (target.kind !== 'entity') {
      throw new SapError(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${segment.name}'`);
    }
    target = step(call, target, segment);
  }
  return { target, tail: null };
}

/** With the dial, a V2 service answers like a V4 one. */
function shown(call: Call): Call {
  if (!call.world.dials.v4Json || call.service.protocol === 4) return call;
  return { ...call, service: { ...call.service, protocol: 4 } };
}

function entityBody(call: Call, set: EntitySet, row: Row, projection: Projection): string {
  const out = shown(call);
  const text = createEmitter(out, set, projection).text(row);
  if (out.service.protocol === 2) return `{"d":${text}}`;
  const context = JSON.stringify(`$metadata#${set.name}/$entity`);
  return `{"@odata.context":${context},${text.slice(1, -1)},"SAP__Messages":[]}`;
}

function etagHeaders(call: Call, set: EntitySet, row: Row): Record<string, string> {
  return set.free ? {} : { etag: etagOf(call.world.dials, set, row) };
}

export function entityAnswer(
  call: Call,
  set: EntitySet,
  row: Row,
  projection: Projection,
  status = 200,
  more: Record<string, string> = {},
): SandboxResponse {
  const headers = { ...etagHeaders(call, set, row), ...more };
  if (!wantsJson(call)) return atomEntry(call, set, row, status, headers);
  return jsonAnswer(shown(call), status, entityBody(call, set, row, projection), headers);
}

function nextLink(call: Call, path: string, next: number): string {
  const query = new URLSearchParams(call.request.query);
  query.set('$skiptoken', String(next));
  const text = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const link = `${call.root}${path}?${text}`;
  const bent = call.world.paging.link(path.slice(1), link);
  return call.service.protocol === 2 || bent !== link ? bent : `${path.slice(1)}?${text}`;
}

function listAnswer(call: Call, path: string, { set, parent }: Collection): SandboxResponse {
  const { query } = call.request;
  checkOptions(call, query);
  const source = parent === null ? null : related(call, parent.nav, parent.row);
  const page = pageOf(call, set, source, query);
  const out = shown(call);
  const projection = readProjection(call, set, query);
  if (!wantsJson(call)) return atomFeed(call, set, page.rows);
  const emitter = createEmitter(out, set, projection);
  const rows = page.rows.map((row) => emitter.text(row)).join();
  call.world.past.answered();
  call.world.paging.served(set.name, query.toString());
  if (page.silent) return emptyAnswer(call);
  if (out.service.protocol === 4) {
    const context = `"@odata.context":${JSON.stringify(`$metadata#${set.name}`)}`;
    const count = query.get('$count') === 'true' ? `,"@odata.count":${page.count}` : '';
    const next =
      page.next === null ? '' : `,"@odata.nextLink":${JSON.stringify(nextLink(call, path, page.next))}`;
    return jsonAnswer(out, 200, `{${context}${count},"value":[${rows}]${next}}`);
  }
  const count = query.get('$inlinecount') === 'allpages' ? `"__count":"${page.count}",` : '';
  const next = page.next === null ? '' : `,"__next":${JSON.stringify(nextLink(call, path, page.next))}`;
  return jsonAnswer(out, 200, `{"d":{${count}"results":[${rows}]${next}}}`);
}

function read(call: Call, path: string, { target, tail }: Address): SandboxResponse {
  if (target.kind === 'collection') {
    if (tail === '$count') {
      const source = target.parent === null ? null : related(call, target.parent.nav, target.parent.row);
      return textAnswer(call, String(pageOf(call, target.set, source, call.request.query).count));
    }
    if (tail === null) return listAnswer(call, path, target);
  }
  if (target.kind === 'nothing') {
    return call.service.protocol === 4 ? emptyAnswer(call) : jsonAnswer(call, 200, '{"d":null}');
  }
  if (target.kind === 'entity') {
    checkOptions(call, call.request.query);
    if (tail === null) {
      const projection = readProjection(call, target.set, call.request.query);
      return entityAnswer(call, target.set, target.row, projection);
    }
    if (tail === '$value') return attachmentContent(call, target.set, target.row);
    const field = target.set.fields.get(tail);
    if (field !== undefined) {
      const show = call.service.protocol === 2 ? showV2 : showV4;
      const text = show(field, valueOf(target.row.values, field));
      const body = call.service.protocol === 2 ? `{"d":{"${tail}":${text}}}` : `{"value":${text}}`;
      return jsonAnswer(call, 200, body);
    }
  }
  throw new SapError(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${tail ?? ''}'`);
}

function payloadOf(call: Call): Payload {
  const body = call.request.json();
  const wrapped = typeof body === 'object' && body !== null && 'd' in body ? body.d : body;
  if (typeof wrapped !== 'object' || wrapped === null || Array.isArray(wrapped)) {
    throw new SapError(400, 'CX_SXML_PARSE_ERROR/001', 'Send the entity as a JSON object');
  }
  return wrapped as Payload;
}

/** The tree a deep insert sent comes back expanded. */
function sentProjection(call: Call, set: EntitySet, payload: Payload): Projection {
  const expand = new Map<string, Projection>();
  for (const [name, nav] of set.navs) {
    const given = payload[name];
    const list: unknown =
      typeof given === 'object' && given !== null && 'results' in given ? given.results : given;
    const [first] = Array.isArray(list) ? (list as unknown[]) : [list];
    const target = call.service.sets.get(nav.target);
    if (typeof first !== 'object' || first === null || '__deferred' in first || target === undefined)
      continue;
    expand.set(name, sentProjection(call, target, first as Payload));
  }
  return { select: null, expand };
}

const SAVED: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  MaintenanceOrder: ['IW/085', 'Order'],
  MaintenanceNotification: ['IM/420', 'Notification'],
};

function savedMessage(set: EntitySet, row: Row): Record<string, string> {
  const [code, noun] = SAVED[set.table] ?? [];
  if (code === undefined || noun === undefined) return {};
  const message = `${noun} saved with number ${row.id}`;
  return { 'sap-message': JSON.stringify({ code, message, severity: 'info', target: '', details: [] }) };
}

function create(call: Call, { set, parent }: Collection | Nothing): SandboxResponse {
  if (set.name === 'AttachmentContentSet') {
    const row = createAttachment(call, set);
    return entityAnswer(call, set, row, { select: null, expand: new Map() }, 201);
  }
  if (parent === null && !set.may.includes('C')) throw notAllowed('Create', set);
  const payload = payloadOf(call);
  const row =
    parent === null
      ? createRow(call, set, payload)
      : createUnder(call, parent.set, parent.row, parent.nav.name, payload);
  const location = createEmitter(call, set, { select: null, expand: new Map() }).uri(row);
  return entityAnswer(call, set, row, sentProjection(call, set, payload), 201, {
    location,
    ...savedMessage(set, row),
  });
}

function change(call: Call, { set, row }: Entity): SandboxResponse {
  const { method, headers } = call.request;
  if (!set.may.includes(method === 'DELETE' ? 'D' : 'U'))
    throw notAllowed(method === 'DELETE' ? 'Delete' : 'Update', set);
  checkMatch(call.world.dials, set, row, headers['if-match']);
  if (method === 'DELETE') {
    deleteRow(call, set, row);
    return emptyAnswer(call);
  }
  const next = updateRow(call, set, row, payloadOf(call), { replace: method === 'PUT' });
  const fresh = call.world.db.get(set.table, next.id) ?? next;
  if (call.service.protocol === 4 && !/return=minimal/.test(headers['prefer'] ?? '')) {
    return entityAnswer(call, set, fresh, { select: null, expand: new Map() });
  }
  return emptyAnswer(call, etagHeaders(call, set, fresh));
}

/** `path` is what stands behind the service. */
export function handleResource(call: Call, path: string): SandboxResponse {
  const { method } = call.request;
  const segments = parseSegments(path);
  const [first] = segments;
  if (first === undefined) return serviceDocument(call);
  if (first.name === '$metadata') return metadataOf(call);
  const named = segments.length === 1 && first.key === null ? functionOf(call, first.name) : undefined;
  if (named !== undefined) return callFunction(call, named);
  if (method !== 'GET' && call.service.readOnly) {
    throw new SapError(
      405,
      '/IWBEP/CM_MGW_RT/021',
      `Service ${call.service.name} is read-only in this version`,
    );
  }
  const address = resolve(call, segments);
  const { target, tail } = address;
  if (method === 'GET') return read(call, path.replace(/\/+$/, ''), address);
  if (method === 'POST' && target.kind === 'entity' && tail !== null)
    return callBound(call, target.set, target.row, tail);
  if (method === 'POST' && target.kind !== 'entity' && tail === null) return create(call, target);
  if (/^(PATCH|MERGE|PUT|DELETE)$/.test(method) && target.kind === 'entity' && tail === null)
    return change(call, target);
  throw new SapError(405, '/IWBEP/CM_MGW_RT/021', `Method ${method} is not allowed for this resource`);
}
