/** Single reads by key: many keys as few `in [...]` lists. */
import type { MaximoConfig } from './config.ts';
import { keyOf } from './objects.ts';
import type { VendorObject } from './objects.ts';
import { all } from './where.ts';

export interface KeyGroup {
  /** Key parts shared by the group. */
  fixed: Record<string, string>;
  values: string[];
}

/** Keys by what they share, so that each group is one `in [...]` list. Malformed keys name nothing and are left out. */
export function groupKeys(object: VendorObject, externalIds: Iterable<string>): KeyGroup[] {
  // Parts after the listed one (metername) stay open; the caller picks the exact rows.
  const fixedNames = object.key.slice(0, object.key.indexOf(object.listBy));
  const groups = new Map<string, { fixed: Record<string, string>; values: Set<string> }>();
  for (const externalId of externalIds) {
    const key = keyOf(object, externalId);
    if (key === null) continue;
    const fixed = Object.fromEntries(fixedNames.map((name) => [name, key[name] ?? '']));
    const id = JSON.stringify(fixed);
    const group = groups.get(id) ?? { fixed, values: new Set<string>() };
    group.values.add(key[object.listBy] ?? '');
    groups.set(id, group);
  }
  return [...groups.values()].map(({ fixed, values }) => ({ fixed, values: [...values] }));
}

/** The scope's terms that the group's key parts do not already say. */
export function scopeBeside(
  object: VendorObject,
  fixed: Record<string, string>,
  config: MaximoConfig,
): string {
  const terms = object.scope(config).split(' and ');
  return all(...terms.filter((term) => !Object.keys(fixed).some((name) => term.startsWith(`${name}=`))));
}
