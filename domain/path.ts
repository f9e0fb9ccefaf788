/**
 * The one way to name a place in a record: `data.items`, `links.0.href`, `Functional Loc.`, and `` `meta.serial`.no `` with
 * a member whose name holds a dot in backticks. Used by mappings, by described systems and by whoever shows a field.
 */
import type { Json, JsonObject } from './json.ts';

const STEP = /(?:`((?:[^`]|``)+)`|([^.`]+))(\.|$)/y;

/**
 * The members a path goes through, in order. What cannot be a path of several members (a dot at the end, an open
 * backtick) is the name of one.
 */
export function pathSteps(path: string): readonly string[] {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  for (let found = STEP.exec(path); found !== null; found = STEP.exec(path)) {
    const [, quoted, plain = '', dot] = found;
    steps.push(quoted?.replaceAll('``', '`') ?? plain);
    if (dot === '') return steps;
  }
  STEP.lastIndex = 0;
  return [path];
}

/** The path that means these members: the opposite of `pathSteps`. */
export function pathText(steps: readonly string[]): string {
  return steps
    .map((step) => (/[.`]/.test(step) || step === '' ? `\`${step.replaceAll('`', '``')}\`` : step))
    .join('.');
}

/**
 * What stands at a path; undefined when nothing does. Lists take a position. Where the members are not there one in the
 * other, a member whose own name holds the dots is meant: `@odata.nextLink` needs no backticks to be read.
 */
export function readPath(value: unknown, steps: readonly string[], from = 0): unknown {
  if (from === steps.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let to = from + 1; to <= steps.length; to += 1) {
    const name = steps.slice(from, to).join('.');
    if (!Object.hasOwn(value, name)) continue;
    const found = readPath((value as Record<string, unknown>)[name], steps, to);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of the object with the value at the path; objects on the way are copied, or made where there is none. */
export function writePath(object: JsonObject, steps: readonly string[], value: Json): JsonObject {
  const [first, ...rest] = steps;
  if (first === undefined) return object;
  if (rest.length === 0) return { ...object, [first]: value };
  const there = object[first];
  const inside = typeof there === 'object' && there !== null && !Array.isArray(there) ? there : {};
  return { ...object, [first]: writePath(inside, rest, value) };
}

/** `changes` laid over `object`, member by member at every depth; lists and nulls take the place of what was there. */
export function mergeDeep(object: JsonObject, changes: JsonObject): JsonObject {
  const merged: JsonObject = { ...object };
  for (const [name, value] of Object.entries(changes)) {
    const there = merged[name];
    merged[name] =
      isPlain(there) && isPlain(value) && !isAnother(there, value) ? mergeDeep(there, value) : value;
  }
  return merged;
}

/** Two objects with different ids are two things: the members of the one say nothing about the other. */
function isAnother(there: JsonObject, value: JsonObject): boolean {
  const [before, now] = [there['id'], value['id']];
  return before !== undefined && now !== undefined && idText(before) !== idText(now);
}

/** A number and its digits as text are one id. */
function idText(id: Json): string {
  return typeof id === 'string' ? id : JSON.stringify(id);
}

function isPlain(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
