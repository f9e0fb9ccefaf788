/** The Redis cache in front of the lists of cmms6b: a write does not show until it runs out (contract 7). */
import type { Tenant } from './generation.ts';

export type ListCache = (key: string, lifetimeMs: number, make: () => string) => string;

/** Keeps nothing unless the dial `cache` is on. Kept lists show dates with a blank, as Python's `str` writes them. */
export function createListCache(tenant: Tenant): ListCache {
  const kept = new Map<string, { until: number; text: string }>();
  return (key, lifetimeMs, make) => {
    if (!tenant.dials.cache || lifetimeMs === 0) return make();
    const found = kept.get(key);
    if (found !== undefined && tenant.now() < found.until) return found.text;
    const made = make();
    const text = made.replaceAll(/"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)"/g, '"$1 $2"');
    kept.set(key, { until: tenant.now() + lifetimeMs, text });
    // The first answer is the fresh one, later ones are the kept text.
    return made;
  };
}
