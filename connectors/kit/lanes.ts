/** A few calls under way at once, for vendors that take one record a call. */

/**
 * Runs `work` on every item, at most `parallel` at a time, begun in order; gives the results in order. After an error
 * nothing more is begun; what is under way is waited for, because a write that nobody listens to is still carried out.
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let failed = false;
  async function lane(): Promise<void> {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.max(1, parallel) }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  return results;
}
