/**
 * What a push carries. Lists are laid onto what the vendor has: only what the hub changed is changed there, and what waits for
 * a person goes out as the vendor has it. What both sides agree on afterwards is `bases-after-push.ts`.
 */
import type { FieldShape, FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import type { HeldPaths, HeldValues } from './held-values.ts';
import {
  elementPath,
  isNothing,
  isObject,
  keyElements,
  memberPath,
  rootOf,
  withValueAt,
  type Elements,
} from './value-path.ts';

/** The fields that a push has to carry: those whose hub value left its base in something that nobody is deciding by hand. */
export function fieldsToPush(input: {
  hub: JsonObject;
  baseHub: JsonObject;
  pushFields: readonly string[];
  held: HeldPaths;
  shapes?: FieldShapes;
}): Set<string> {
  return new Set(
    input.pushFields.filter((field) =>
      differs(
        field,
        { now: input.hub[field] ?? null, base: input.baseHub[field] ?? null },
        input.held,
        input.shapes?.[field],
      ),
    ),
  );
}

function differs(
  field: string,
  { now, base }: { now: Json; base: Json },
  held: HeldPaths,
  shape: FieldShape | undefined,
): boolean {
  if (held.has(field) || jsonEqual(now, base)) return false;
  if (shape?.kind === 'named' && isNames(now) && isNames(base))
    return membersDiffer(field, now ?? {}, base ?? {}, held);
  if (shape?.kind !== 'list') return true;
  const [ours, agreed] = [keyElements(now, shape.identity), keyElements(base, shape.identity)];
  // Where elements cannot be told apart, what is held of one of them holds the list.
  if (!ours.ok || !agreed.ok) return ![...held.keys()].some((path) => rootOf(path) === field);
  return [...new Set([...ours.elements.keys(), ...agreed.elements.keys()])].some((key) => {
    const path = elementPath(field, key);
    const [element, before] = [ours.elements.get(key), agreed.elements.get(key)];
    if (held.has(path)) return false;
    if (element === undefined || before === undefined) return true;
    return membersDiffer(path, element, before, held);
  });
}

function membersDiffer(path: string, now: JsonObject, base: JsonObject, held: HeldPaths): boolean {
  return Object.keys({ ...now, ...base }).some(
    (name) => !held.has(memberPath(path, name)) && !jsonEqual(now[name] ?? null, base[name] ?? null),
  );
}

/**
 * The hub's record as it is to be written to a vendor that shows `baseExternal`: what is held goes out with the vendor's
 * value, for a push rule may read it beside others; lists are the hub's laid onto the vendor's.
 */
export function valuesToPush(input: {
  hub: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  held: HeldValues;
  shapes?: FieldShapes;
}): JsonObject {
  const { baseHub, held, shapes = {} } = input;
  const values: JsonObject = { ...input.hub };
  let shown = input.baseExternal;
  for (const [path, value] of held) shown = withValueAt(shown, path, value, shapes);
  for (const field of new Set([...Object.keys(shapes), ...[...held.keys()].map(rootOf)])) {
    const sides = { hub: values[field] ?? null, base: baseHub[field] ?? null, shown: shown[field] ?? null };
    const value = held.has(field) ? sides.shown : laidOnto(field, sides, held, shapes[field]);
    if (isNothing(value)) delete values[field];
    else values[field] = value;
  }
  return values;
}

interface Laid<T> {
  hub: T;
  base: T;
  shown: T;
}

function laidOnto(field: string, sides: Laid<Json>, held: HeldPaths, shape: FieldShape | undefined): Json {
  const { hub, base, shown } = sides;
  if (shape?.kind === 'named' && isNames(hub) && isNames(base) && isNames(shown))
    return laidMembers(field, { hub: hub ?? {}, base: base ?? {}, shown: shown ?? {} }, held);
  if (shape?.kind !== 'list') return hub;
  const lists = {
    hub: keyElements(hub, shape.identity),
    base: keyElements(base, shape.identity),
    shown: keyElements(shown, shape.identity),
  };
  if (!lists.hub.ok || !lists.base.ok || !lists.shown.ok) return hub;
  return laidElements(
    field,
    { hub: lists.hub.elements, base: lists.base.elements, shown: lists.shown.elements },
    held,
  );
}

function laidElements(field: string, { hub, base, shown }: Laid<Elements>, held: HeldPaths): JsonObject[] {
  const ours = [...hub].map(([key, element]) => {
    const path = elementPath(field, key);
    // A list the hub says for the first time takes nothing from one that the vendor made up by itself.
    const there = base.size === 0 ? undefined : shown.get(key);
    if (held.has(path)) return there ?? null;
    return there === undefined
      ? element
      : laidMembers(path, { hub: element, base: base.get(key) ?? {}, shown: there }, held);
  });
  // Elements the hub never had stay there, unless the whole list is the vendor's own.
  const theirs = [...shown].map(([key, element]) => {
    if (hub.has(key)) return null;
    const isKept = held.has(elementPath(field, key)) || (base.size > 0 && !base.has(key));
    return isKept ? element : null;
  });
  return [...ours, ...theirs].filter((element) => element !== null);
}

/** Members that the hub left as they were go out as the vendor shows them, so that a rounded value is not written anew. */
function laidMembers(path: string, { hub, base, shown }: Laid<JsonObject>, held: HeldPaths): JsonObject {
  const laid: JsonObject = {};
  for (const name of Object.keys({ ...hub, ...shown })) {
    const [ours, theirs] = [hub[name] ?? null, shown[name] ?? null];
    const isTheirs =
      held.has(memberPath(path, name)) || (theirs !== null && jsonEqual(ours, base[name] ?? null));
    const value = isTheirs ? theirs : ours;
    if (value !== null) laid[name] = value;
  }
  return laid;
}

/** An object of free names, or none at all. */
function isNames(value: Json): value is JsonObject | null {
  return value === null || isObject(value);
}
