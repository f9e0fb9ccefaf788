/** What becomes of a pulled list: grouped, sorted, and nothing when it is empty. */
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { compilePath } from './access.ts';
import type { Getter } from './access.ts';
import type { Finish, Target } from './pull-finish.ts';
import { noteProblem, rounded, textOf } from './run.ts';
import type { Rule } from './source.ts';

export function finishList(rule: Rule, target: Target): Finish {
  const { group } = rule;
  const order = rule.sort && compileOrder(rule.sort);
  return (found, run) => {
    let items = found === undefined || found === null ? [] : Array.isArray(found) ? found : [found];
    if (group) items = grouped(items, group);
    if (order && items.length > 1) items = items.toSorted(order);
    if (items.length > 0) return items;
    if (rule.required === true) noteProblem(run, target, (path) => `\`${path}\` is required and empty.`);
    return undefined;
  };
}

/** One line a key with the sum of a member; lines that sum to nothing are left out (issued, then returned). */
function grouped(items: readonly Json[], group: { by: string; sum: string }): Json[] {
  const lines = new Map<Json, JsonObject>();
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
    const key = item[group.by] ?? null;
    const line = lines.get(key);
    if (!line) lines.set(key, { ...item });
    else line[group.sum] = rounded(Number(line[group.sum]) + Number(item[group.sum]), 6);
  }
  return [...lines.values()].filter((line) => line[group.sum] !== 0);
}

function compileOrder(names: readonly string[]): (a: Json, b: Json) => number {
  const getters: Getter[] = names.map(compilePath);
  return (a, b) => {
    for (const get of getters) {
      const left = get(a, {}) ?? '';
      const right = get(b, {}) ?? '';
      if (jsonEqual(left, right)) continue;
      if (typeof left === 'number' && typeof right === 'number') return left - right;
      return textOf(left) < textOf(right) ? -1 : 1;
    }
    return 0;
  };
}
