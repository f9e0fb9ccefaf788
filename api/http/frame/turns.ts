/** Lets so many work at once; the others wait for their turn, in the order they came. */

export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
  waiting(): number;
  isIdle(): boolean;
}

export function createTurns(atOnce: number): Turns {
  let free = atOnce;
  const queue: (() => void)[] = [];
  return {
    async take(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
    waiting: () => queue.length,
    isIdle: () => free === atOnce,
  };
}
