/** What is sent to a described system: payloads with their places spelled out, records whole or in part, references. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { jsonEqual } from '../../domain/json.ts';
import { mergeDeep, writePath } from '../../domain/path.ts';
import type { CreateOp, ExternalRecord } from '../kit/contract.ts';
import { instantOfLocal } from '../kit/local-time.ts';
import type { ActionDefinition, Resource } from './definition.ts';
import { at, isObject, stepsOf } from './place.ts';

export function createBody({ create }: Resource, op: CreateOp, payload: JsonObject): JsonObject {
  const adds = create?.adds ?? {};
  const fields = mergeDeep(adds, payload);
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
  let body = payload;
  if (sends === 'whole') body = mergeDeep(before.raw, payload);
  if (sends === 'objects') body = withTheirRest(before.raw, payload);
  if (sends !== 'changes') body = withoutComputed(body, omits, payload);
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

/** The body without what the system computes, unless that is what is to be changed. */
function withoutComputed(body: JsonObject, omits: readonly string[], payload: JsonObject): JsonObject {
  return omits.reduce(
    (left, place) => (at(payload, place) === undefined ? without(left, stepsOf(place)) : left),
    body,
  );
}

function without(body: JsonObject, [first = '', ...rest]: readonly string[]): JsonObject {
  if (!Object.hasOwn(body, first)) return body;
  const { [first]: there = null, ...others } = body;
  if (rest.length === 0) return others;
  if (!isObject(there)) return body;
  const left = without(there, rest);
  return Object.keys(left).length === 0 ? others : { ...body, [first]: left };
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
    const places = action.fields.filter((place) => at(own, place) !== undefined);
    if (places.length === 0 || !isMeant(action, payload)) continue;
    carried.push({ action, fields: pick(own, places) });
    own = places.reduce((left, place) => without(left, stepsOf(place)), own);
  }
  return { own, actions: carried };
}

/** The part of a payload that stands at these places. */
export function pick(payload: JsonObject, places: readonly string[]): JsonObject {
  return places.reduce<JsonObject>((picked, place) => {
    const value = at(payload, place) as Json | undefined;
    return writePath(picked, stepsOf(place), value ?? null);
  }, {});
}

function isMeant({ when = {} }: ActionDefinition, payload: JsonObject): boolean {
  return Object.entries(when).every(([place, values]) =>
    values.some((value) => same(at(payload, place) as Json | undefined, value)),
  );
}

/** Whether a record shows these written values; a cleared one may be null, empty or absent. */
export function shows(raw: JsonObject, written: JsonObject): boolean {
  return Object.entries(written).every(([name, value]) => {
    const there = raw[name];
    // Of an object that was sent in part, the rest is the system's own.
    return isObject(value) && isObject(there) ? shows(there, value) : same(there, value);
  });
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
