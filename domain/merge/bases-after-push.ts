/**
 * What both sides agree on after our own write: the two bases, from what was pushed and what the vendor answered. What waits
 * for a person keeps its bases; what others changed at the same time stays a change of theirs.
 */
import type { FieldShape, FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import type { HeldPaths } from './held-values.ts';
import {
  isNothing,
  isObject,
  keyElements,
  rootOf,
  valueAt,
  withValueAt,
  type Elements,
} from './value-path.ts';

const NOTHING_HELD: HeldPaths = new Set();

/**
 * The bases after our own write: what was pushed is agreed; what the write touched shows itself as the vendor now does. What
 * is held keeps its bases. Of a list only the elements that the write changed are ours: others that look different now, or
 * came meanwhile, were changed by somebody, and are met as such by the merge that follows.
 */
export function basesAfterPush(input: {
  baseHub: JsonObject;
  baseExternal: JsonObject;
  pushed: JsonObject;
  pushedFields: ReadonlySet<string>;
  affected: ReadonlySet<string>;
  external: JsonObject;
  held?: HeldPaths;
  shapes?: FieldShapes;
  /** All of a record that we created is our doing, what the vendor added by itself included. */
  created?: boolean;
}): { baseHub: JsonObject; baseExternal: JsonObject } {
  const { held = NOTHING_HELD, shapes = {}, created = false } = input;
  const baseHub = { ...input.baseHub };
  const baseExternal = { ...input.baseExternal };
  for (const field of input.pushedFields) {
    const now = input.pushed[field] ?? null;
    setOrClear(
      baseHub,
      field,
      keepHeld(field, { now, before: input.baseHub[field] ?? null }, held, shapes[field]),
    );
  }
  for (const field of input.affected) {
    const before = input.baseExternal[field] ?? null;
    const answer = input.external[field] ?? null;
    const pushed = input.pushed[field] ?? null;
    const facts = { before, answer, pushed, base: input.baseHub[field] ?? null };
    const now = created ? answer : ownPart(facts, shapes[field]);
    setOrClear(baseExternal, field, keepHeld(field, { now, before }, held, shapes[field]));
  }
  return { baseHub, baseExternal };
}

/** A value around our write: as the vendor showed it before and shows it now, as we wrote it and as it was agreed before. */
interface Written<T> {
  before: T;
  answer: T;
  pushed: T;
  base: T;
}

/** The vendor's answer, without what others changed at the same time. */
function ownPart(written: Written<Json>, shape: FieldShape | undefined): Json {
  const { before, answer, pushed, base } = written;
  if (shape?.kind === 'named') {
    if (!isNames(before) || !isNames(answer) || !isNames(pushed) || !isNames(base)) return answer;
    return orNull(
      ownMembers({
        before: before ?? {},
        answer: answer ?? {},
        pushed: pushed ?? {},
        base: base ?? {},
      }),
    );
  }
  if (shape?.kind !== 'list') return answer;
  const lists = {
    before: keyElements(before, shape.identity),
    answer: keyElements(answer, shape.identity),
    pushed: keyElements(pushed, shape.identity),
    base: keyElements(base, shape.identity),
  };
  if (!lists.before.ok || !lists.answer.ok || !lists.pushed.ok || !lists.base.ok) return answer;
  const elements = {
    before: lists.before.elements,
    answer: lists.answer.elements,
    pushed: lists.pushed.elements,
    base: lists.base.elements,
  };
  return isRenamed(elements) ? answer : orNull(ownElements(elements));
}

/** What we added is missing and something unknown stands there instead: the vendor calls our elements otherwise. */
function isRenamed({ before, answer, pushed }: Written<Elements>): boolean {
  const isMissing = [...pushed.keys()].some((key) => !before.has(key) && !answer.has(key));
  return isMissing && [...answer.keys()].some((key) => !pushed.has(key) && !before.has(key));
}

function ownElements({ before, answer, pushed, base }: Written<Elements>): JsonObject[] {
  return [...new Set([...answer.keys(), ...before.keys()])].flatMap((key): JsonObject[] => {
    const ours = pushed.get(key);
    const isTouched = ours === undefined ? base.has(key) : !jsonEqual(ours, base.get(key));
    const element = (isTouched ? answer : before).get(key);
    return element === undefined ? [] : [element];
  });
}

function ownMembers({ before, answer, pushed, base }: Written<JsonObject>): JsonObject {
  const own: JsonObject = {};
  for (const name of Object.keys({ ...answer, ...before })) {
    const isTouched = !jsonEqual(pushed[name] ?? null, base[name] ?? null);
    const value = (isTouched ? answer : before)[name] ?? null;
    if (value !== null) own[name] = value;
  }
  return own;
}

/** The value now, with what is held as it was before. */
function keepHeld(
  field: string,
  { now, before }: { now: Json; before: Json },
  held: HeldPaths,
  shape: FieldShape | undefined,
): Json {
  if (held.has(field)) return before;
  if (shape === undefined) return now;
  const shapes = { [field]: shape };
  let fields: JsonObject = { [field]: now };
  for (const path of held.keys())
    if (rootOf(path) === field)
      fields = withValueAt(fields, path, valueAt({ [field]: before }, path, shapes), shapes);
  return fields[field] ?? null;
}

/** An object of free names, or none at all. */
function isNames(value: Json): value is JsonObject | null {
  return value === null || isObject(value);
}

function orNull(value: Json): Json {
  return isNothing(value) ? null : value;
}

function setOrClear(target: JsonObject, field: string, value: Json): void {
  if (value === null) delete target[field];
  else target[field] = value;
}
