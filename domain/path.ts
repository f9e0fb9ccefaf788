/**
 * The one way to name a place in a record, used by mappings and by described systems: names joined by dots, `meta.serial`,
 * `links.0.href`. A name that holds a dot or a backtick, or that begins or ends with a blank, stands in backticks, a
 * backtick in it twice: `` `Functional Loc.`.code ``. The same backticks quote names in expressions.
 */
import type { Json, JsonObject } from './json.ts';

const NEEDS_QUOTES = /[.`]|^\s|\s$|^$/;
const MALFORMED =
  'must be names joined by dots; a name with a dot in it stands in backticks, as in `Functional Loc.`.code';

/** The names of a path, one a step. Throws an Error with a sentence's end for a path that is none. */
export function pathSteps(path: string): string[] {
  const steps: string[] = [];
  let at = 0;
  while (at <= path.length) {
    const step = path.charAt(at) === '`' ? quoted(path, at) : bare(path, at);
    if (step.name === '__proto__') throw new Error('names __proto__, which no record holds');
    steps.push(step.name);
    if (step.end < path.length && path.charAt(step.end) !== '.') throw new Error(MALFORMED);
    at = step.end + 1;
  }
  return steps;
}

export function pathText(steps: readonly string[]): string {
  return steps
    .map((name) => (NEEDS_QUOTES.test(name) ? `\`${name.replaceAll('`', '``')}\`` : name))
    .join('.');
}

/** Null when it is one; else the end of a sentence that says what a path looks like. */
export function pathProblem(path: string): string | null {
  try {
    pathSteps(path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function bare(path: string, from: number): { name: string; end: number } {
  const dot = path.indexOf('.', from);
  const end = dot === -1 ? path.length : dot;
  const name = path.slice(from, end);
  if (NEEDS_QUOTES.test(name)) throw new Error(MALFORMED);
  return { name, end };
}

function quoted(path: string, from: number): { name: string; end: number } {
  let [name, at] = ['', from + 1];
  for (;;) {
    const quote = path.indexOf('`', at);
    if (quote === -1) throw new Error(MALFORMED);
    name += path.slice(at, quote);
    if (path.charAt(quote + 1) !== '`') return { name, end: quote + 1 };
    name += '`';
    at = quote + 2;
  }
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
