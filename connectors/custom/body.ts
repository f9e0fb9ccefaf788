/** What is sent to a described system: payloads with their places spelled out, records whole or in part, references. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { jsonEqual } from '../../domain/json.ts';
import { mergeDeep, readPath, writePath } from '../../domain/path.ts';
import type { CreateOp, ExternalRecord } from '../kit/contract.ts';
import { instantOfLocal } from '../kit/local-time.ts';
import type { ActionDefinition, Resource } from './definition.ts';
import { at, isObject, stepsOf } from './place.ts';

/** Payload fields as the system nests them. A field that the record itself shows under its dotted name keeps it. */
export function nested(payload: JsonObject, shown: JsonObject = {}): JsonObject {
  let body: JsonObject = {};
  for (const [field, value] of Object.entries(payload)) {
    const steps = stepsOf(field);
    if (steps.length === 1) body = mergeDeep(body, { [steps[0] ?? field]: value });
    else if (Object.hasOwn(shown, field)) body = { ...body, [field]: value };
    else body = writePath(body, steps, value);
  }
  return body;
}

export function createBody({ create }: Resource, op: CreateOp, payload: JsonObject): JsonObject {
  const adds = create?.adds ?? {};
  const fields = mergeDeep(adds, nested(payload));
  const reference = create?.reference?.field;
  return reference === undefined ? fields : writePath(fields, stepsOf(reference), op.reference);
}

/** The changes as the document wants them sent: alone, with the rest of their objects, or in the whole record. */
export function updateBody(
  { update, version: versionPlace, updated }: Resource,
  payload: JsonObject,
  before: ExternalRecord,
): JsonObject {
  const { sends = 'changes', omits = [], version } = update ?? {};
  const changes = nested(payload, before.raw);
  let body = changes;
  if (sends === 'whole') body = mergeDeep(before.raw, changes);
  if (sends === 'objects') body = withTheirRest(before.raw, changes);
  if (sends !== 'changes') for (const place of omits) body = without(body, stepsOf(place), payload, place);
  if (version === undefined || !('field' in version)) return body;
  // As the system showed it: one that counts its versions refuses "3" where it has 3.
  const place = versionPlace ?? updated?.path;
  const shown = place === undefined ? undefined : at(before.raw, place);
  const mark = typeof shown === 'number' || typeof shown === 'string' ? shown : before.version;
  return writePath(body, stepsOf(version.field), mark);
}

function withTheirRest(raw: JsonObject, changes: JsonObject): JsonObject {
  const whole = mergeDeep(raw, changes);
  return Object.fromEntries(Object.keys(changes).map((name) => [name, whole[name] ?? null]));
}

/** Without a member that the system computes, unless it is what is to be changed. */
function without(body: JsonObject, steps: readonly string[], payload: JsonObject, place: string): JsonObject {
  const [first, ...rest] = steps;
  if (first === undefined || !Object.hasOwn(body, first) || Object.hasOwn(payload, place)) return body;
  const { [first]: there = null, ...others } = body;
  if (rest.length === 0) return others;
  return isObject(there) ? { ...body, [first]: without(there, rest, payload, place) } : body;
}

export interface SplitPayload {
  /** What create or update itself carries. */
  own: JsonObject;
  actions: { action: ActionDefinition; fields: JsonObject }[];
}

/** Which fields travel by calls of their own. */
export function splitPayload(
  { actions }: Resource,
  payload: JsonObject,
  verb: 'create' | 'update',
): SplitPayload {
  let own = payload;
  const carried: SplitPayload['actions'] = [];
  for (const action of actions) {
    if (verb === 'create' && action.on === 'update') continue;
    const names = action.fields.filter((name) => Object.hasOwn(own, name));
    if (names.length === 0 || !isMeant(action, payload)) continue;
    carried.push({ action, fields: Object.fromEntries(names.map((name) => [name, payload[name] ?? null])) });
    own = Object.fromEntries(Object.entries(own).filter(([name]) => !names.includes(name)));
  }
  return { own, actions: carried };
}

function isMeant({ when = {} }: ActionDefinition, payload: JsonObject): boolean {
  return Object.entries(when).every(([name, values]) => values.some((value) => same(payload[name], value)));
}

/** Whether a record shows these written values; a cleared one may be null, empty or absent. */
export function shows(raw: JsonObject, written: JsonObject): boolean {
  return Object.entries(written).every(([field, value]) =>
    showsAt(readPath(raw, stepsOf(field)) as Json | undefined, value),
  );
}

function showsAt(there: Json | undefined, value: Json): boolean {
  // Of an object that was sent in part, the rest is the system's own.
  if (isObject(value) && isObject(there))
    return Object.entries(value).every(([name, inner]) => showsAt(there[name], inner));
  return same(there, value);
}

function same(there: Json | undefined, value: Json): boolean {
  if (value === null || value === '') return there === undefined || there === null || there === '';
  if (jsonEqual(there, value)) return true;
  if (typeof there === 'object' || typeof value === 'object') return false;
  // Numbers and truths as texts are the same value.
  if (typeof there !== 'string' || typeof value !== 'string') return String(there) === String(value);
  // One instant in two spellings.
  if (!/^\d{4}-\d\d-\d\d[T ]/.test(value)) return false;
  const [a, b] = [instantOfLocal(there, 'UTC'), instantOfLocal(value, 'UTC')];
  return a !== null && a === b;
}
