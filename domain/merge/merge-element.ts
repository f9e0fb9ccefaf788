/**
 * Merges one element of a list: whether it is there, what its members say, and what it is numbered. Each of the three is
 * decided by the table of the merge; which elements are the same thing was found out before (`pair-elements.ts`).
 */
import { jsonEqual, type JsonObject } from '../json.ts';
import type { FieldDecision, Verdict } from './decision.ts';
import { mergeMembers, mergeValue, type Merged } from './merge-value.ts';
import type { ElementSides } from './pair-elements.ts';
import { elementPath, keyOf, memberPath } from './value-path.ts';

export interface ListRule {
  identity: readonly string[];
  verdict: Verdict;
}

export interface MergedElement {
  pair: ElementSides;
  hub: JsonObject | null;
  baseHub: JsonObject | null;
  baseExternal: JsonObject | null;
  decisions: FieldDecision[];
}

/** Example: pair `{key: '20', ...}` of the field `tasks`; a conflict over its title is called `tasks[20].title`. */
export function mergeElement(field: string, pair: ElementSides, rule: ListRule): MergedElement {
  if (isAtRest(pair)) {
    const { hub, baseHub, baseExternal } = pair;
    return { pair, hub, baseHub, baseExternal, decisions: [] };
  }
  const name = nameOf(pair.baseHub ?? pair.baseExternal ?? pair.hub ?? pair.external ?? {}, rule);
  const numbers = mergeNumbers(elementPath(field, pair.key), pair, rule);
  // What waits for a person is named as the element is called from now on.
  const path = elementPath(field, keyOf({ ...name, ...numbers.base }, rule.identity) ?? pair.key);
  // Content is compared apart from numbers: an element that was only renumbered was not edited.
  const sides = {
    ...pair,
    hub: called(pair.hub, name),
    external: called(pair.external, name),
  };
  const merged =
    sides.hub !== null && sides.external !== null
      ? mergeContent(path, sides, { name, verdict: rule.verdict })
      : mergePresence(path, sides, { name, verdict: rule.verdict });
  return {
    pair,
    hub: called(merged.hub, numbers.hub ?? name),
    baseHub: called(merged.baseHub, numbers.base ?? name),
    baseExternal: called(merged.baseExternal, numbers.base ?? name),
    decisions: [...numbers.decisions, ...merged.decisions],
  };
}

function isAtRest({ hub, external, baseHub, baseExternal }: ElementSides): boolean {
  return jsonEqual(hub, baseHub) && jsonEqual(external, baseExternal);
}

interface Named {
  /** The members of the identity as both sides last agreed on them. */
  name: JsonObject;
  verdict: Verdict;
}

function mergeContent(
  path: string,
  { hub, external, baseHub, baseExternal }: ElementSides,
  { name, verdict }: Named,
): Merged<JsonObject | null> {
  const sides = {
    hub: hub ?? name,
    external: external ?? name,
    baseHub: baseHub ?? name,
    baseExternal: baseExternal ?? name,
  };
  return mergeMembers(path, sides, verdict);
}

/** There or not there is a value like any other: removed on one side and edited on the other is a conflict. */
function mergePresence(
  path: string,
  sides: ElementSides,
  { name, verdict }: Named,
): Merged<JsonObject | null> {
  const merged = mergeValue<JsonObject | null>(path, sides, verdict);
  const { baseHub } = sides;
  if (sides.hub !== null || merged.hub === null || baseHub === null) return merged;
  // The vendor's edit won over our removal: what the vendor cannot show comes back with it.
  const restored = mergeContent(path, { ...sides, hub: baseHub }, { name, verdict });
  return { ...restored, decisions: merged.decisions };
}

interface Numbers {
  /** What the element is called from now on; null when nothing renumbered it. */
  hub: JsonObject | null;
  base: JsonObject | null;
  decisions: FieldDecision[];
}

/**
 * Renumbering follows the side that did it; where both did, the conflict's winner. Both bases call an element the same at
 * all times, or they would no longer be the bases of one thing.
 */
function mergeNumbers(path: string, pair: ElementSides, { identity, verdict }: ListRule): Numbers {
  const [name = ''] = identity;
  const before = (pair.baseHub ?? pair.baseExternal)?.[name] ?? null;
  const hub = pair.hub?.[name] ?? before;
  const external = pair.external?.[name] ?? before;
  const stays: Numbers = { hub: null, base: null, decisions: [] };
  if (before === null || identity.length > 1) return stays;

  const sides = { hub, external, baseHub: before, baseExternal: before };
  const merged = mergeValue(memberPath(path, name), sides, verdict);
  if (merged.decisions.length === 0) return stays;
  return { hub: { [name]: merged.hub }, base: { [name]: external }, decisions: merged.decisions };
}

function nameOf(element: JsonObject, { identity }: ListRule): JsonObject {
  return Object.fromEntries(
    identity.flatMap((name) => {
      const value = element[name];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}

function called(element: JsonObject | null, name: JsonObject): JsonObject | null {
  return element === null ? null : { ...element, ...name };
}
