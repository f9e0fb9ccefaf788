/** Function imports (V2, POST with parameters in the query) and bound actions (V4): finding, reading parameters, answering. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { emptyAnswer, jsonAnswer } from './answer.ts';
import { readJson, readLiteral } from './edm.ts';
import { createEmitter } from './emit.ts';
import { checkMatch, etagOf } from './etag.ts';
import { ASSET_FUNCTIONS } from './functions-asset.ts';
import { ATTACHMENT_FUNCTIONS } from './functions-attachment.ts';
import type { FunctionImport } from './function-import.ts';
import { MEASURING_ACTIONS } from './functions-measuring.ts';
import { CONFIRMATION_FUNCTIONS, NOTIFICATION_FUNCTIONS, ORDER_FUNCTIONS } from './functions-order.ts';
import { PLAN_FUNCTIONS } from './functions-plan.ts';
import { parseParameters } from './function-import.ts';
import { checkLock } from './locks.ts';
import { SapError } from './sap-error.ts';
import type { EntitySet, Value } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, FunctionImport>>>> = {
  API_MAINTENANCEORDER: ORDER_FUNCTIONS,
  API_MAINTORDERCONFIRMATION: CONFIRMATION_FUNCTIONS,
  API_MAINTNOTIFICATION: NOTIFICATION_FUNCTIONS,
  API_EQUIPMENT: ASSET_FUNCTIONS.equipment,
  API_FUNCTIONALLOCATION: ASSET_FUNCTIONS.location,
  API_MAINTENANCEPLAN: PLAN_FUNCTIONS,
  API_CV_ATTACHMENT_SRV: ATTACHMENT_FUNCTIONS,
};

export interface NamedFunction {
  name: string;
  spec: FunctionImport;
}

export function functionsOf(service: {
  name: string;
  readOnly: boolean;
}): Readonly<Record<string, FunctionImport>> {
  return service.readOnly ? {} : (FUNCTIONS[service.name] ?? {});
}

export function functionOf(call: Call, name: string): NamedFunction | undefined {
  const specs = functionsOf(call.service);
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  return spec === undefined ? undefined : { name, spec };
}

function readArguments(call: Call, { name, spec }: NamedFunction): Record<string, Value> {
  const args: Record<string, Value> = {};
  for (const field of parseParameters(spec.parameters)) {
    const given = call.request.query.get(field.name);
    if (given === null) {
      if (!field.required) continue;
      throw new SapError(
        400,
        '/IWBEP/CM_MGW_RT/170',
        `Parameter '${field.name}' of function import '${name}' is missing`,
      );
    }
    args[field.name] = readLiteral(field, given);
  }
  return args;
}

/** The row a function works on. */
function subject(call: Call, set: EntitySet, args: Readonly<Record<string, Value>>): Row {
  const names = set.keys.map(({ name }) => name).filter((name) => name in args);
  const [row] = call.world.db.where(
    set.table,
    names,
    names.map((name) => args[name] ?? null),
  );
  const shown = names.map((name) => String(args[name])).join(', ');
  if (row === undefined || names.length === 0) {
    throw new SapError(
      404,
      '/IWBEP/CM_MGW_RT/020',
      `Resource not found for segment '${set.type}' with key ${shown}`,
    );
  }
  return row;
}

export function callFunction(call: Call, named: NamedFunction): SandboxResponse {
  const { name, spec } = named;
  const { dials, db } = call.world;
  const method = spec.method ?? 'POST';
  if (call.request.method !== method) {
    throw new SapError(
      405,
      '/IWBEP/CM_MGW_RT/021',
      `Function import '${name}' must be called with ${method}`,
    );
  }
  const args = readArguments(call, named);
  const refused = dials.refuseFunctions[name];
  if (refused !== undefined) throw new SapError(dials.refusalStatus, 'BS/013', refused);
  const set = call.service.sets.get(spec.set);
  if (set === undefined)
    throw new SapError(501, '/IWBEP/CM_MGW_RT/021', `Function import '${name}' is not implemented`);
  if (spec.list !== undefined) return listResult(call, set, spec.list(call, args));
  const row = subject(call, set, args);
  const match = call.request.headers['if-match'];
  if (match !== undefined || dials.functionsNeedEtag) checkMatch(dials, set, row, match);
  checkLock(call, set, row.values);
  const result = spec.run(call, row, args);
  const fresh = db.get(set.table, result.id) ?? result;
  if (spec.writes !== false) call.written.push({ kind: 'updated', object: set.table });
  if (spec.returns === 'entity') {
    const text = createEmitter(call, set, { select: null, expand: new Map() }).text(fresh);
    return jsonAnswer(call, 200, `{"d":${text}}`, set.free ? {} : { etag: etagOf(dials, set, fresh) });
  }
  const dummy = {
    __metadata: { type: `${call.service.namespace}.DummyFunctionImportResult` },
    IsInvalid: false,
  };
  return jsonAnswer(call, 200, JSON.stringify({ d: { [name]: dummy } }));
}

function listResult(call: Call, set: EntitySet, rows: readonly Row[]): SandboxResponse {
  const emitter = createEmitter(call, set, { select: null, expand: new Map() });
  return jsonAnswer(call, 200, `{"d":{"results":[${rows.map((row) => emitter.text(row)).join()}]}}`);
}

/** `POST …/MeasuringPoint('12')/SAP__self.DeactivateMeasuringPoint`; V2 knows no such form (contract 7). */
export function callBound(call: Call, set: EntitySet, row: Row, tail: string): SandboxResponse {
  const name = tail.split('.').at(-1) ?? '';
  const action = call.service.protocol === 4 ? MEASURING_ACTIONS[`${set.name}.${name}`] : undefined;
  if (action === undefined || !tail.includes('.')) {
    throw new SapError(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${tail}'`);
  }
  const match = call.request.headers['if-match'];
  checkMatch(call.world.dials, set, row, match);
  checkLock(call, set, row.values);
  const body = (call.request.json() ?? {}) as Record<string, unknown>;
  const args: Record<string, Value> = {};
  for (const field of parseParameters(action.parameters))
    args[field.name] = readJson(field, body[field.name]);
  const next = action.run(call, row, args);
  call.written.push({ kind: 'updated', object: set.table });
  if (/return=minimal/.test(call.request.headers['prefer'] ?? '')) return emptyAnswer(call);
  const text = createEmitter(call, set, { select: null, expand: new Map() }).text(next);
  return jsonAnswer(
    call,
    200,
    `{"@odata.context":"$metadata#${set.name}/$entity",${text.slice(1, -1)},"SAP__Messages":[]}`,
    {
      etag: etagOf(call.world.dials, set, next),
    },
  );
}
