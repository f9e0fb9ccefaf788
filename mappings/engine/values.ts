/**
 * Word maps: the `values` of a rule, optionally replaced entry by entry from the connection's context (`valuesFrom`).
 * A context map is written canonical word to vendor value, e.g. `woPriority: {critical: 1, high: 2}`; pulls invert it.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { textOf } from './run.ts';
import type { Rule } from './source.ts';

export type Direction = 'pull' | 'push';

export interface ValueMap {
  /** Whether the word itself has an entry, `otherwise` aside. */
  has(value: Json, context: JsonObject): boolean;
  /** undefined: no entry, and `otherwise` is `fail`. */
  look(value: Json, context: JsonObject): { value: Json } | undefined;
}

export function compileValues(rule: Rule, direction: Direction): ValueMap | null {
  if (!rule.values && rule.valuesFrom === undefined) return null;
  const key = rule.loose === true ? looseKey : String;
  const own = new Map<string, Json>(Object.entries(rule.values ?? {}).map(([from, to]) => [key(from), to]));
  const { otherwise = 'fail', valuesFrom } = rule;
  const maps = new WeakMap<JsonObject, ReadonlyMap<string, Json>>();
  const mapFor = (context: JsonObject): ReadonlyMap<string, Json> => {
    if (valuesFrom === undefined) return own;
    let map = maps.get(context);
    if (!map) {
      map = merged(own, context[valuesFrom], direction, key);
      maps.set(context, map);
    }
    return map;
  };
  return {
    has: (value, context) => typeof value !== 'object' && mapFor(context).has(key(String(value))),
    look(value, context) {
      if (typeof value === 'object' && value !== null) return undefined;
      const found = mapFor(context).get(key(String(value)));
      if (found !== undefined) return { value: found };
      if (otherwise === 'fail') return undefined;
      if (otherwise === 'keep') return { value };
      return { value: otherwise === 'null' ? null : otherwise };
    },
  };
}

/** `In-Progress`, `in progress` and `inProgress` are one word to a loose map. */
export function looseKey(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '');
}

/** The context's entries replace those for the same canonical word; the others stay. */
function merged(
  own: ReadonlyMap<string, Json>,
  setting: Json | undefined,
  direction: Direction,
  key: (text: string) => string,
): ReadonlyMap<string, Json> {
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) return own;
  if (direction === 'push')
    return new Map([...own, ...Object.entries(setting).map(([word, to]) => [key(word), to] as const)]);
  const words = new Set(Object.keys(setting));
  const kept = [...own].filter(([, word]) => !words.has(textOf(word)));
  const added = Object.entries(setting).map(([word, from]) => [key(textOf(from)), word] as const);
  return new Map<string, Json>([...kept, ...added]);
}
