/**
 * The table of the merge for one value that is not looked into, and for the members of an object, each by the same table.
 * Null stands for nothing. Knows nothing of lists.
 */
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import type { FieldDecision, Verdict } from './decision.ts';
import { memberPath } from './value-path.ts';

/** One value as it stands on both sides, and as it stood when they last agreed. */
export interface Sides<T extends Json = Json> {
  hub: T;
  external: T;
  baseHub: T;
  baseExternal: T;
}

export interface Merged<T extends Json = Json> {
  hub: T;
  baseHub: T;
  baseExternal: T;
  decisions: FieldDecision[];
}

export function mergeValue<T extends Json>(path: string, sides: Sides<T>, verdict: Verdict): Merged<T> {
  const { hub, external, baseHub, baseExternal } = sides;
  const decision = { field: path, hub, external };
  const taken = { hub: external, baseHub: external, baseExternal: external };
  if (jsonEqual(external, baseExternal)) {
    const decisions: FieldDecision[] = jsonEqual(hub, baseHub) ? [] : [{ ...decision, rule: 'push_hub' }];
    return { hub, baseHub, baseExternal, decisions };
  }
  if (jsonEqual(hub, external))
    return { hub, baseHub: hub, baseExternal: external, decisions: [{ ...decision, rule: 'agree' }] };
  if (jsonEqual(hub, baseHub)) return { ...taken, decisions: [{ ...decision, rule: 'take_external' }] };

  const decisions: FieldDecision[] = [{ ...decision, rule: 'conflict', ...verdict }];
  if (verdict.winner === 'external') return { ...taken, decisions };
  // The vendor's value was seen and overruled; the hub's differs from its base, so the push will carry it.
  if (verdict.winner === 'hub') return { hub, baseHub, baseExternal: external, decisions };
  return { hub, baseHub, baseExternal, decisions };
}

/** Example: with the path `tasks[20]`, a conflict over the title is called `tasks[20].title`. */
export function mergeMembers(path: string, sides: Sides<JsonObject>, verdict: Verdict): Merged<JsonObject> {
  const merged: Merged<JsonObject> = { hub: {}, baseHub: {}, baseExternal: {}, decisions: [] };
  const { hub, external, baseHub, baseExternal } = sides;
  for (const name of Object.keys({ ...hub, ...external, ...baseHub, ...baseExternal })) {
    const member = mergeValue(
      memberPath(path, name),
      {
        hub: hub[name] ?? null,
        external: external[name] ?? null,
        baseHub: baseHub[name] ?? null,
        baseExternal: baseExternal[name] ?? null,
      },
      verdict,
    );
    if (member.hub !== null) merged.hub[name] = member.hub;
    if (member.baseHub !== null) merged.baseHub[name] = member.baseHub;
    if (member.baseExternal !== null) merged.baseExternal[name] = member.baseExternal;
    merged.decisions.push(...member.decisions);
  }
  return merged;
}
