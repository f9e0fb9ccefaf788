/**
 * Finds which elements of four versions of a list are the same thing: by identity, and, where a number is the identity, by
 * content when a side only numbered its elements anew. Merges nothing.
 */
import { canonicalJson, jsonEqual, type JsonObject } from '../json.ts';
import { keyOf, type Elements } from './value-path.ts';

/** One element as it stands in each version of the list; null where it does not. */
export interface ElementSides {
  /** What it is called: its key when the sides last agreed, else its key now. */
  key: string;
  hub: JsonObject | null;
  external: JsonObject | null;
  baseHub: JsonObject | null;
  baseExternal: JsonObject | null;
}

export interface ListSides {
  hub: Elements;
  external: Elements;
  baseHub: Elements;
  baseExternal: Elements;
}

/** Key in the base to key now, for elements that kept their content and got another number. */
type Moves = ReadonlyMap<string, string>;
const NO_MOVES: Moves = new Map();

/**
 * Renumbered elements are followed. Example: the vendor inserts a step before `10 Drain`, which becomes `20 Drain`; notes the
 * hub has about draining follow. Where people decide (`asks`) the hub's elements keep the numbers their conflicts are known by.
 */
export function pairElements(lists: ListSides, identity: readonly string[], asks: boolean): ElementSides[] {
  const hubMoves = asks ? NO_MOVES : movesOf(lists.baseHub, lists.hub, identity);
  const externalMoves = movesOf(lists.baseExternal, lists.external, identity);
  return pair(lists, hubMoves, externalMoves);
}

/** By identity alone. */
export function pairByKey(lists: ListSides): ElementSides[] {
  return pair(lists, NO_MOVES, NO_MOVES);
}

function pair(lists: ListSides, hubMoves: Moves, externalMoves: Moves): ElementSides[] {
  const pairs = new Map<string, ElementSides>();
  const at = (id: string, key: string): ElementSides => {
    const known = pairs.get(id);
    if (known !== undefined) return known;
    const fresh = { key, hub: null, external: null, baseHub: null, baseExternal: null };
    pairs.set(id, fresh);
    return fresh;
  };
  for (const [key, element] of lists.baseHub) at(key, key).baseHub = element;
  for (const [key, element] of lists.baseExternal) at(key, key).baseExternal = element;

  const place = (side: 'hub' | 'external', base: Elements, moves: Moves): void => {
    const origin = new Map([...moves].map(([from, to]) => [to, from]));
    for (const [key, element] of lists[side]) {
      const from = origin.get(key) ?? key;
      const isKnown = origin.has(key) || (base.has(key) && !moves.has(key));
      const isFree = !hubMoves.has(key) && !externalMoves.has(key);
      // A number that an element gave up may be given to a new one, which is another thing.
      const id = isKnown || isFree ? from : `new ${key}`;
      at(id, isKnown ? from : key)[side] = element;
    }
  };
  place('hub', lists.baseHub, hubMoves);
  place('external', lists.baseExternal, externalMoves);
  return [...pairs.values()];
}

function movesOf(base: Elements, now: Elements, identity: readonly string[]): Moves {
  const [name = '', ...more] = identity;
  const isNumbered = (element: JsonObject): boolean => typeof element[name] === 'number';
  if (more.length > 0 || ![...base.values(), ...now.values()].every(isNumbered)) return NO_MOVES;

  const stays = (key: string): boolean => jsonEqual(base.get(key), now.get(key));
  const left = uniqueContents(base, name, stays);
  const arrived = uniqueContents(now, name, stays);
  const moves = new Map<string, string>();
  for (const [content, from] of left) {
    const to = arrived.get(content);
    if (from !== null && to !== undefined && to !== null && from !== to) moves.set(from, to);
  }
  return moves;
}

/** Content to the key of the one element that has it; null when several have it. */
function uniqueContents(
  elements: Elements,
  identity: string,
  leaveOut: (key: string) => boolean,
): Map<string, string | null> {
  const keys = new Map<string, string | null>();
  for (const [key, element] of elements) {
    const { [identity]: _number, ...content } = element;
    if (leaveOut(key) || Object.keys(content).length === 0) continue;
    const text = canonicalJson(content);
    keys.set(text, keys.has(text) ? null : key);
  }
  return keys;
}

/** Whether these elements can stand in one list: none has the identity of another. */
export function areDistinct(elements: readonly JsonObject[], identity: readonly string[]): boolean {
  return new Set(elements.map((element) => keyOf(element, identity))).size === elements.length;
}
