/** The vendor's rate limit: how many requests may arrive in any window of one second of real time. */

export interface RateLimit {
  /** null lifts the limit. */
  requestsPerSecond: number | null;
  /** `count` (default) only counts violations; `refuse` also answers 429. */
  mode?: 'count' | 'refuse';
}

export interface RateWindow {
  set(limit: RateLimit): void;
  /** Called on each arrival. A refused request takes no place in the window, or a client could never recover. */
  arrive(nowMs: number): { violation: boolean; refuse: boolean };
}

const WINDOW_MS = 1_000;

export function createRateWindow(): RateWindow {
  let limit: RateLimit = { requestsPerSecond: null };
  let arrivals: number[] = [];
  let head = 0;
  return {
    set(value) {
      limit = value;
      arrivals = [];
      head = 0;
    },
    arrive(nowMs) {
      if (limit.requestsPerSecond === null) return { violation: false, refuse: false };
      while (head < arrivals.length && (arrivals[head] ?? 0) <= nowMs - WINDOW_MS) head += 1;
      if (head > 1_024) {
        arrivals = arrivals.slice(head);
        head = 0;
      }
      const violation = arrivals.length - head >= limit.requestsPerSecond;
      const refuse = violation && limit.mode === 'refuse';
      if (!refuse) arrivals.push(nowMs);
      return { violation, refuse };
    },
  };
}
