/** Circles in a hierarchy: records of which each names one other as what it stands below. Pure. */

/** The circles of a graph in which everything points to one thing at most, each once, beginning anywhere. */
export function circlesOf(above: ReadonlyMap<string, string>): string[][] {
  const circles: string[][] = [];
  const settled = new Set<string>();
  for (const start of above.keys()) {
    const path: string[] = [];
    const places = new Map<string, number>();
    for (let at: string | undefined = start; at !== undefined && !settled.has(at); at = above.get(at)) {
      const seen = places.get(at);
      if (seen !== undefined) {
        circles.push(path.slice(seen));
        break;
      }
      places.set(at, path.length);
      path.push(at);
    }
    for (const id of path) settled.add(id);
  }
  return circles;
}
