/** The time of a write. Several in a row share one when the dial says so: clocks of databases are coarse. */
import type { SandboxClock } from './clock.ts';

/** Epoch milliseconds. */
export type Stamp = () => number;

/** `dials.equalTimestamps`: how many consecutive writes share one time. */
export function createStamp(clock: SandboxClock, dials: { equalTimestamps: number }): Stamp {
  let at = 0;
  let left = 0;
  return () => {
    if (left > 0 && dials.equalTimestamps > 1) left -= 1;
    else {
      at = clock.now();
      left = dials.equalTimestamps - 1;
    }
    return at;
  };
}
