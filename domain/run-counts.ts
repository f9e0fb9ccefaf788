/** Counters of runs joined to what somebody asks for: what several passes did. Pure. */

/** Counters that say how things stand: a record that was read, or waited, in two passes is one record. */
const STANDING: ReadonlySet<string> = new Set([
  'in',
  'unchanged',
  'quarantined',
  'push_quarantined',
  'parked',
  'parked_waiting',
  'review',
  'push_waiting',
]);

/** The counters of one entity over two runs. */
export function joinCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const joined: Record<string, number> = { ...one };
  for (const [name, n] of Object.entries(other)) {
    const before = joined[name] ?? 0;
    joined[name] = STANDING.has(name) ? Math.max(before, n) : before + n;
  }
  return joined;
}
