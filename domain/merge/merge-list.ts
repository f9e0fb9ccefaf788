/**
 * Merges a list by element and by member. Each element is there or not, and each of its members has a value, on both sides
 * and in both bases; the same table decides all of it. What a vendor cannot show is in neither `external` nor
 * `baseExternal`, so it never counts as a vendor's change.
 *
 * The result keeps the hub's order; where that is the order of the identity, new elements find their place in it.
 */
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import type { FieldDecision } from './decision.ts';
import { mergeElement, type ListRule, type MergedElement } from './merge-element.ts';
import type { Merged, Sides } from './merge-value.ts';
import { areDistinct, pairByKey, pairElements, type ElementSides, type ListSides } from './pair-elements.ts';
import { elementPath, keyElements, keyOf, keyText, memberPath, type Elements } from './value-path.ts';

/** The reason why this list is one value for now, where its elements cannot be told apart. */
export type ListResult = { ok: true; merged: Merged } | { ok: false; reason: string };

export function mergeList(field: string, sides: Sides, rule: ListRule): ListResult {
  const lists = { hub: EMPTY, external: EMPTY, baseHub: EMPTY, baseExternal: EMPTY };
  for (const side of ['hub', 'external', 'baseHub', 'baseExternal'] as const) {
    const keyed = keyElements(sides[side], rule.identity);
    if (!keyed.ok) return { ok: false, reason: `${keyed.reason} ${WHERE[side]}` };
    lists[side] = keyed.elements;
  }
  if (isRenamed(lists))
    return { ok: false, reason: `the other system does not keep the ${rule.identity.join(' and ')}` };

  const pairs = pairElements(lists, rule.identity, rule.verdict.winner === null);
  const followed = withFreeNumbers(field, mergePairs(field, pairs, rule), rule);
  const results = areAllDistinct(followed, rule.identity)
    ? followed
    : mergePairs(field, pairByKey(lists), rule);
  return { ok: true, merged: assemble(sides, lists, results, rule.identity) };
}

const EMPTY: Elements = new Map();
const WHERE = {
  hub: 'in the hub',
  external: 'in the other system',
  baseHub: 'in the list as last agreed',
  baseExternal: 'in the list as last shown',
};

/**
 * An element that both sides settled on and the vendor does not show, beside one it shows that the hub never had: they are
 * the same under another name, and taking the second for somebody's addition would double it.
 */
function isRenamed({ hub, baseHub, baseExternal }: ListSides): boolean {
  const isUnseen = [...baseHub].some(
    ([key, element]) => !baseExternal.has(key) && jsonEqual(hub.get(key), element),
  );
  return isUnseen && [...baseExternal.keys()].some((key) => !baseHub.has(key) && !hub.has(key));
}

function mergePairs(field: string, pairs: readonly ElementSides[], rule: ListRule): MergedElement[] {
  return pairs.map((pair) => mergeElement(field, pair, rule));
}

/**
 * A new element whose number went to one that was renumbered gets the next free number: both are meant, and neither may
 * take the other's place. Example: the vendor moves `20 Fill` to 30 while somebody adds `30 Test` in the hub: it becomes 40.
 */
function withFreeNumbers(
  field: string,
  results: readonly MergedElement[],
  { identity, verdict }: ListRule,
): MergedElement[] {
  const [name = ''] = identity;
  const hub = elementsOf(results, 'hub');
  if (areDistinct(hub, identity)) return [...results];
  const all = hub.map((element) => Number(element[name]));
  const step = all.every((number) => number % NUMBERED_IN === 0) ? NUMBERED_IN : 1;
  let last = Math.max(...all);
  return results.map((result) => {
    const { pair, hub: element } = result;
    const isNew = pair.baseHub === null && pair.baseExternal === null;
    if (element === null || !isNew || all.filter((number) => number === element[name]).length < 2)
      return result;
    last += step;
    const decision: FieldDecision = {
      field: memberPath(elementPath(field, pair.key), name),
      rule: 'conflict',
      policy: verdict.policy,
      winner: 'external',
      hub: element[name] ?? null,
      external: last,
      reason: `${keyText(element[name] ?? null)} went to an element that was renumbered`,
    };
    return { ...result, hub: { ...element, [name]: last }, decisions: [...result.decisions, decision] };
  });
}

/** As people number steps, so that there is room between them. */
const NUMBERED_IN = 10;

const RESULTS = ['hub', 'baseHub', 'baseExternal'] as const;

function elementsOf(results: readonly MergedElement[], side: (typeof RESULTS)[number]): JsonObject[] {
  return results.map((result) => result[side]).filter((element) => element !== null);
}

function areAllDistinct(results: readonly MergedElement[], identity: readonly string[]): boolean {
  return RESULTS.every((side) => areDistinct(elementsOf(results, side), identity));
}

function assemble(
  sides: Sides,
  lists: ListSides,
  results: readonly MergedElement[],
  identity: readonly string[],
): Merged {
  const isSorted = [...lists.hub.values()].every(
    (element, n, all) => n === 0 || compareIdentity(all[n - 1] ?? {}, element, identity) <= 0,
  );
  const ordered = inHubOrder(results, lists);
  const listOf = (side: (typeof RESULTS)[number]): Json => {
    const elements = elementsOf(ordered, side);
    const before = lists[side];
    const isSame =
      elements.length === before.size &&
      elements.every((element) => jsonEqual(element, before.get(keyOf(element, identity) ?? '')));
    if (isSame) return sides[side];
    if (elements.length === 0) return null;
    return isSorted ? elements.toSorted((a, b) => compareIdentity(a, b, identity)) : elements;
  };
  return {
    hub: listOf('hub'),
    baseHub: listOf('baseHub'),
    baseExternal: listOf('baseExternal'),
    decisions: ordered.flatMap(({ decisions }) => decisions),
  };
}

/** The hub's elements as they stand; each other one behind the element it follows at the vendor. */
function inHubOrder(results: readonly MergedElement[], lists: ListSides): MergedElement[] {
  const find = (side: 'hub' | 'external'): MergedElement[] => {
    const byElement = new Map(results.map((result) => [result.pair[side], result]));
    return [...lists[side].values()].flatMap((element) => byElement.get(element) ?? []);
  };
  const ordered = find('hub');
  let previous: MergedElement | null = null;
  for (const result of find('external')) {
    if (result.pair.hub === null)
      ordered.splice(previous === null ? 0 : ordered.indexOf(previous) + 1, 0, result);
    previous = result;
  }
  return [...ordered, ...results.filter(({ pair }) => pair.hub === null && pair.external === null)];
}

function compareIdentity(a: JsonObject, b: JsonObject, identity: readonly string[]): number {
  for (const name of identity) {
    const [left, right] = [a[name] ?? '', b[name] ?? ''];
    if (jsonEqual(left, right)) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return keyText(left) < keyText(right) ? -1 : 1;
  }
  return 0;
}
