import { describe, expect, it } from '@jest/globals';
import { inLanes } from './lanes.ts';

describe('inLanes', () => {
  it('keeps so many under way and no more, and gives results in the order of the items', async () => {
    const open = new Map<number, () => void>();
    let most = 0;
    const all = inLanes([0, 1, 2, 3, 4], 2, async (item) => {
      await new Promise<void>((resolve) => {
        open.set(item, resolve);
        most = Math.max(most, open.size);
      });
      open.delete(item);
      return item * 10;
    });
    // The second is let go before the first, each time.
    for (const item of [1, 2, 3, 4, 0]) {
      while (!open.has(item)) await Promise.resolve();
      open.get(item)?.();
    }
    expect(await all).toEqual([0, 10, 20, 30, 40]);
    expect(most).toBe(2);
  });

  it('after an error begins nothing more, and waits for what is under way', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const all = inLanes([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error('broken');
      await held;
      ended.push(item);
    });
    release();
    await expect(all).rejects.toThrow('broken');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });
});
