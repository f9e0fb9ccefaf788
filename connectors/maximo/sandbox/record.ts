/** Requests for one record and its children: read, write, actions (contract 3.3, 4.1-4.7). */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import {
  findRecord,
  hrefOf,
  objectBody,
  reportWritten,
  selectedTexts,
  structureOf,
  writeContext,
  type Call,
} from './call.ts';
import { etagOf, refuseStale, refuseUnmatched } from './concurrency.ts';
import type { Row } from './database.ts';
import type { ObjectStructure, Relation } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { removeRow, updateRow } from './save-row.ts';
import { relatedRows } from './where.ts';
import { changeStatusAction, createRecord, deleteRecord, syncRecord, updateRecord } from './write-record.ts';
import { current, type WriteContext } from './write-context.ts';

/** The verb a request means: override headers count on POST only, unknown ones are as if absent. */
export function verbOf(call: Call): string {
  const { method, headers } = call.request;
  const override = (headers['x-method-override'] ?? '').toUpperCase();
  if (method === 'POST' && ['PATCH', 'SYNC', 'BULK', 'DELETE'].includes(override)) return override;
  return method;
}

export function isMerge(call: Call): boolean {
  return call.request.headers.patchtype === 'MERGE';
}

/** `properties` asks for the record in the answer; an empty or literal "null" header does not. */
function wantedProperties(call: Call): string | null {
  const properties = call.request.headers.properties;
  return properties === undefined || properties === '' || properties === 'null' ? null : properties;
}

export function showRecord(
  call: Call,
  structure: ObjectStructure,
  row: Row,
  select: string,
): Record<string, unknown> {
  return JSON.parse(selectedTexts(call, structure, select).one(row)) as Record<string, unknown>;
}

/** What a write answers: nothing, or the record when `properties` was sent. */
function written(call: Call, structure: ObjectStructure, row: Row, created: boolean): SandboxResponse {
  const properties = wantedProperties(call);
  const headers: Record<string, string> = { etag: etagOf(row) };
  if (created) headers.location = hrefOf(call, structure, row);
  if (properties === null) return { status: created ? 201 : 204, headers, write: true };
  return {
    status: created ? 201 : 200,
    headers,
    body: showRecord(call, structure, row, properties),
    write: true,
  };
}

function inOneGo<T>(call: Call, work: (context: WriteContext) => T): T {
  const context = writeContext(call);
  const result = call.services.world.db.atomically(() => work(context));
  reportWritten(call, context);
  return result;
}

export function create(call: Call, structure: ObjectStructure): SandboxResponse {
  const payload = objectBody(call);
  return written(
    call,
    structure,
    inOneGo(call, (context) => createRecord(context, structure, payload)),
    true,
  );
}

export function sync(call: Call, structure: ObjectStructure): SandboxResponse {
  const payload = objectBody(call);
  const result = inOneGo(call, (context) => syncRecord(context, structure, payload, isMerge(call)));
  return written(call, structure, result.row, result.created);
}

function readRecord(call: Call, structure: ObjectStructure, found: Row): SandboxResponse {
  const { past } = call.services.world;
  const { query } = call.request;
  const seen = past.seenRow(structure.mbo.name, found.uid);
  past.answered();
  if (seen === undefined) throw new OslcError(404, 'BMXAA8727E', `The resource does not exist.`);
  if (query.get('action') === 'system:candelete') {
    const context = writeContext(call);
    try {
      call.services.world.db.atomically(() => {
        removeRow(context, structure.mbo, found);
        throw new TryOnly();
      });
    } catch (error) {
      if (!(error instanceof TryOnly)) throw error;
    }
    return { status: 200, body: {} };
  }
  const select = query.get('oslc.select') ?? query.get('oslc.properties') ?? '*';
  return { status: 200, headers: { etag: etagOf(seen) }, body: showRecord(call, structure, seen, select) };
}

/** Thrown to undo a delete that was only tried. */
class TryOnly extends Error {}

function patch(call: Call, structure: ObjectStructure, found: Row): SandboxResponse {
  const action = call.request.query.get('action');
  const payload = objectBody(call);
  const deleted = typeof payload._action === 'string' && payload._action.toLowerCase() === 'delete';
  const row = inOneGo(call, (context) => {
    if (action?.toLowerCase() === 'wsmethod:changestatus')
      return changeStatusAction(context, structure, found, payload);
    if (action !== null && action !== '')
      throw new OslcError(400, null, `The action ${action} does not exist.`);
    return updateRecord(context, structure, found, payload, isMerge(call));
  });
  return deleted ? { status: 200, write: true } : written(call, structure, row, false);
}

export function onRecord(call: Call, structure: ObjectStructure, id: string): SandboxResponse {
  const found = findRecord(call.services, structure, id, call.caller.user);
  const verb = verbOf(call);
  if (verb === 'GET') return readRecord(call, structure, found);
  refuseUnmatched(structure.mbo, found, call.request.headers['if-match']);
  switch (verb) {
    case 'PATCH':
      if (call.request.method === 'POST') return patch(call, structure, found);
      throw new OslcError(
        405,
        null,
        'The method PATCH is not allowed here; send POST with x-method-override.',
      );
    case 'DELETE':
      inOneGo(call, (context) => {
        deleteRecord(context, structure, found);
        return found;
      });
      return { status: 200, write: true };
    case 'POST':
      throw new OslcError(
        400,
        null,
        'oslc#create_on_updateuri - A record cannot be created at the address of a record.',
      );
    default:
      throw new OslcError(405, null, `The method ${call.request.method} is not allowed here.`);
  }
}

function relationAt(structure: ObjectStructure, segment: string): Relation {
  const wanted = segment.toLowerCase();
  for (const relation of structure.mbo.relations.values()) {
    if (relation.segment === wanted || relation.name === wanted) return relation;
  }
  throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${segment} does not exist.`);
}

/** `…/{restid}/{relation}` and `…/{relation}/{index}-{uid}`; `relation.os` shows the rows as that structure. */
export function onChildren(
  call: Call,
  parent: ObjectStructure,
  id: string,
  path: readonly string[],
): SandboxResponse {
  const row = findRecord(call.services, parent, id, call.caller.user);
  const [segment = '', item] = path;
  const [relationName = '', osName] = segment.split('.');
  const relation = relationAt(parent, relationName);
  const { db } = call.services.world;
  const mbo = db.table(relation.mbo).mbo;
  const rows = relatedRows(db, relation, row);
  const own = {
    name: `${parent.name}/${id}/${segment}`,
    mbo,
    children: [],
    filter: {},
    application: parent.application,
  };
  const structure = osName === undefined ? own : structureOf(call.services, osName);
  const select = call.request.query.get('oslc.select') ?? call.request.query.get('oslc.properties');
  if (item === undefined) {
    if (verbOf(call) !== 'GET') throw new OslcError(405, null, 'Write children through their record.');
    const parentHref = hrefOf(call, parent, row);
    const member = rows.map((found, at) => {
      const href =
        osName === undefined
          ? `${parentHref}/${relation.segment}/${at}-${found.uid}`
          : hrefOf(call, structure, found);
      return select === null ? { href } : { ...showRecord(call, structure, found, select), href };
    });
    return {
      status: 200,
      body: { member, href: `${parentHref}/${segment}`, responseInfo: { href: `${parentHref}/${segment}` } },
    };
  }
  const uid = Number(item.split('-').pop());
  const found = rows.find((entry) => entry.uid === uid);
  if (found === undefined)
    throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${item} does not exist.`);
  return onChild(call, structure, found, select ?? '*');
}

function onChild(call: Call, structure: ObjectStructure, found: Row, select: string): SandboxResponse {
  const verb = verbOf(call);
  if (verb === 'GET') return { status: 200, body: showRecord(call, structure, found, select) };
  const row = inOneGo(call, (context) => {
    if (verb === 'DELETE') {
      removeRow(context, structure.mbo, found);
      return found;
    }
    if (verb !== 'PATCH')
      throw new OslcError(405, null, `The method ${call.request.method} is not allowed here.`);
    const payload = objectBody(call);
    refuseStale(structure.mbo, found, payload);
    return current(context, structure.mbo, updateRow(context, structure.mbo, found, payload));
  });
  return verb === 'DELETE' ? { status: 200, write: true } : written(call, structure, row, false);
}
