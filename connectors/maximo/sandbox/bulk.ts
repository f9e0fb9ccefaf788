/** BULK (contract 4.8): flat and envelope rows, one answer a row, HTTP 200 even when all of them failed. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { bodyOf, findByHref, hrefOf, reportWritten, writeContext, type Call } from './call.ts';
import { etagOf } from './concurrency.ts';
import type { Row } from './database.ts';
import type { ObjectStructure } from './model.ts';
import { leanError, namespacedError, OslcError } from './oslc-error.ts';
import { isObject, type Payload } from './payload.ts';
import { isMerge, showRecord } from './record.ts';
import {
  changeStatusAction,
  createRecord,
  deleteRecord,
  findByKeys,
  syncRecord,
  updateRecord,
} from './write-record.ts';
import type { WriteContext } from './write-context.ts';

interface Operation {
  verb: 'create' | 'update' | 'delete' | 'sync' | 'status';
  payload: Payload;
  href: unknown;
  merge: boolean;
  properties: string | null;
}

function envelope(row: Payload, merge: boolean): Operation {
  const meta = isObject(row._meta) ? row._meta : {};
  const method = typeof meta.method === 'string' ? meta.method.toUpperCase() : '';
  const verbs: Readonly<Record<string, Operation['verb']>> = {
    PATCH: 'update',
    MERGE: 'update',
    SYNC: 'sync',
    DELETE: 'delete',
  };
  return {
    verb: verbs[method] ?? 'create',
    payload: isObject(row._data) ? row._data : {},
    href: meta.uri,
    merge: method === 'MERGE' || meta.patchtype === 'MERGE' || (meta.patchtype === undefined && merge),
    properties: typeof meta.properties === 'string' && meta.properties !== '' ? meta.properties : null,
  };
}

function flat(row: Payload, merge: boolean): Operation {
  const action = typeof row._action === 'string' ? row._action.toLowerCase() : '';
  const base = { payload: row, href: row.href, merge, properties: null };
  if (action === 'update') return { ...base, verb: 'update' };
  if (action === 'delete') return { ...base, verb: 'delete' };
  if (action === 'addchange') return { ...base, verb: row.href === undefined ? 'sync' : 'update' };
  return { ...base, verb: action === '' && row.href !== undefined ? 'update' : 'create' };
}

function readOperation(call: Call, row: unknown): Operation {
  if (!isObject(row)) throw new OslcError(400, null, 'Every row of a bulk request must be a JSON object.');
  const merge = isMerge(call);
  const operation =
    row._data !== undefined || row._meta !== undefined ? envelope(row, merge) : flat(row, merge);
  const action = (call.request.query.get('action') ?? '').toLowerCase();
  return action === 'wsmethod:changestatus' ? { ...operation, verb: 'status' } : operation;
}

function target(call: Call, context: WriteContext, structure: ObjectStructure, operation: Operation): Row {
  if (operation.href !== undefined)
    return findByHref(call.services, structure, operation.href, call.caller.user);
  const found = findByKeys(context, structure, operation.payload);
  if (found !== null) return found;
  throw new OslcError(404, 'BMXAA8727E', 'The resource does not exist.');
}

interface Done {
  status: number;
  row: Row | null;
}

function perform(call: Call, context: WriteContext, structure: ObjectStructure, operation: Operation): Done {
  const payload: Record<string, unknown> = { ...operation.payload };
  delete payload._action;
  switch (operation.verb) {
    case 'create':
      return { status: 201, row: createRecord(context, structure, payload) };
    case 'sync': {
      const { row, created } = syncRecord(context, structure, payload, operation.merge);
      return { status: created ? 201 : 204, row };
    }
    case 'delete':
      deleteRecord(context, structure, target(call, context, structure, operation));
      return { status: 204, row: null };
    case 'status':
      return {
        status: 204,
        row: changeStatusAction(context, structure, target(call, context, structure, operation), payload),
      };
    default:
      return {
        status: 204,
        row: updateRecord(
          context,
          structure,
          target(call, context, structure, operation),
          payload,
          operation.merge,
        ),
      };
  }
}

function rowAnswer(
  call: Call,
  structure: ObjectStructure,
  operation: Operation,
  done: Done,
): Record<string, unknown> {
  const meta: Record<string, unknown> = { status: String(done.status) };
  if (done.row === null) return { _responsemeta: meta };
  meta.ETag = etagOf(done.row);
  if (done.status === 201) meta.Location = hrefOf(call, structure, done.row);
  const header = call.request.headers.properties;
  const properties =
    operation.properties ?? (header === undefined || header === '' || header === 'null' ? null : header);
  if (properties === null) return { _responsemeta: meta };
  if (done.status === 204) meta.status = '200';
  return { _responsemeta: meta, _responsedata: showRecord(call, structure, done.row, properties) };
}

function failedAnswer(call: Call, error: OslcError): Record<string, unknown> {
  const data = call.lean ? leanError(error, call.root) : namespacedError(error, call.root);
  return { _responsemeta: { status: String(error.status) }, _responsedata: data };
}

/** Undoes the whole request when one row failed under `allornothing`. */
class OneFailed extends Error {}

export function bulk(call: Call, structure: ObjectStructure): SandboxResponse {
  const rows = bodyOf(call);
  if (!Array.isArray(rows)) throw new OslcError(400, null, 'A bulk request must be a JSON array.');
  const { db } = call.services.world;
  const all = call.request.headers.allornothing === '1';
  const context = writeContext(call);
  const answers: Record<string, unknown>[] = [];
  let failed = false;

  const one = (entry: unknown): void => {
    const mark = context.written.length;
    try {
      const operation = readOperation(call, entry);
      const done = db.atomically(() =>
        perform(call, { ...context, at: call.services.world.stamp.forWrite() }, structure, operation),
      );
      answers.push(rowAnswer(call, structure, operation, done));
    } catch (error) {
      if (!(error instanceof OslcError)) throw error;
      failed = true;
      context.written.length = mark;
      answers.push(failedAnswer(call, error));
    }
  };

  try {
    db.atomically(() => {
      rows.forEach(one);
      if (all && failed) throw new OneFailed();
    });
  } catch (error) {
    if (!(error instanceof OneFailed)) throw error;
    context.written.length = 0;
    const undone = new OslcError(
      400,
      null,
      'The row was rolled back because another row of the request failed.',
    );
    answers.forEach((answer, at) => {
      if (isObject(answer._responsemeta) && String(answer._responsemeta.status).startsWith('2')) {
        answers[at] = failedAnswer(call, undone);
      }
    });
  }
  reportWritten(call, context);
  return { status: 200, body: answers, write: context.written.length > 0 };
}
