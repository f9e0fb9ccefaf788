/** Inhibition along the asset tree: while an asset is down, what hangs below it has no alarms of its own to announce. */

/** The parent of an asset; null at the top. */
export type ParentOf = (asset: string) => string | null;

/** Deeper than any tree of assets; ends a walk along a circle, which a sync may bring in. */
const DEPTH_MAX = 64;

/** The nearest ancestor that is down; null if there is none. The asset itself does not count. */
export function inhibitedBy(
  asset: string,
  parentOf: ParentOf,
  isDown: (asset: string) => boolean,
): string | null {
  const seen = new Set([asset]);
  let at = parentOf(asset);
  for (let depth = 0; depth < DEPTH_MAX && at !== null && !seen.has(at); depth += 1) {
    if (isDown(at)) return at;
    seen.add(at);
    at = parentOf(at);
  }
  return null;
}

/** The asset and everything below it, each once, parents before children; work on an asset concerns these. */
export function withDescendants(asset: string, childrenOf: (asset: string) => readonly string[]): string[] {
  const found = new Set([asset]);
  let level: readonly string[] = [asset];
  for (let depth = 0; depth < DEPTH_MAX && level.length > 0; depth += 1) {
    level = level.flatMap((one) => childrenOf(one)).filter((one) => !found.has(one));
    for (const one of level) found.add(one);
  }
  return [...found];
}
