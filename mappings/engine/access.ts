/**
 * Reading paths out of records, and writing them, by closures built once. `$context.` in front reads the connection's settings.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { pathSteps } from '../../domain/path.ts';

export type Getter = (input: Json, context: JsonObject) => Json | undefined;
export type IsNothing = (value: Json) => boolean;

const CONTEXT = '$context.';

export function compilePath(path: string): Getter {
  if (path.startsWith(CONTEXT)) {
    const read = compilePath(path.slice(CONTEXT.length));
    return (_input, context) => read(context, context);
  }
  const steps = pathSteps(path);
  const [first = '', second] = steps;
  if (second === undefined) return compileMember(first);
  return (input) => {
    let value: Json | undefined = input;
    for (const step of steps) {
      if (value === undefined) return undefined;
      value = member(value, step);
    }
    return value;
  };
}

/** Null, absent and the empty text are the same: nothing. */
export function isNothing(value: Json): boolean {
  return value === null || value === '';
}

/** The first path that holds something. */
export function compileFirst(paths: string | readonly string[], isEmpty: IsNothing = isNothing): Getter {
  const getters = (typeof paths === 'string' ? [paths] : paths).map(compilePath);
  const [only] = getters;
  if (only && getters.length === 1)
    return (input, context) => {
      const value = only(input, context);
      return value === undefined || isEmpty(value) ? undefined : value;
    };
  return (input, context) => {
    for (const get of getters) {
      const value = get(input, context);
      if (value !== undefined && !isEmpty(value)) return value;
    }
    return undefined;
  };
}

/** A text value of a rule that may come from the connection's settings: `$context.site`. */
export function compileSetting(
  setting: Json | undefined,
): ((context: JsonObject) => Json | undefined) | null {
  if (setting === undefined) return null;
  if (typeof setting === 'string' && setting.startsWith(CONTEXT)) {
    const read = compileFirst(setting);
    return (context) => read(context, context);
  }
  return () => setting;
}

/** Puts a value at its place in an object, making the objects on the way. */
export function setAt(object: JsonObject, steps: readonly string[], value: Json): void {
  let inside = object;
  for (const step of steps.slice(0, -1)) {
    const next = Object.hasOwn(inside, step) ? inside[step] : undefined;
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) inside = next;
    else inside = inside[step] = {};
  }
  inside[steps.at(-1) ?? ''] = value;
}

/** A record's own member, looked at directly where no object has one of that name by itself (`constructor`). */
function compileMember(name: string): Getter {
  if (name in {}) return (input) => member(input, name);
  return (input) =>
    typeof input === 'object' && input !== null && !Array.isArray(input) ? input[name] : member(input, name);
}

function member(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value[Number(name)];
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
