/**
 * A rate budget inside one process, for command-line probes and tests. Workers share theirs through PostgreSQL; that one
 * lives elsewhere and has the same interface.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { Throttle } from './contract.ts';

export interface LocalThrottleOptions {
  requestsPerSecond: number;
  now: () => number;
}

/** Spaces requests evenly; a pause moves everybody, those already waiting too. */
export function createLocalThrottle({ requestsPerSecond, now }: LocalThrottleOptions): Throttle {
  const gapMs = 1_000 / requestsPerSecond;
  let nextFreeAt = 0;
  let pausedUntil = 0;

  return {
    async acquire(signal) {
      let slot = Math.max(now(), nextFreeAt, pausedUntil);
      nextFreeAt = slot + gapMs;
      while (now() < slot) {
        await delay(slot - now(), signal);
        if (slot < pausedUntil) {
          slot = Math.max(pausedUntil, nextFreeAt);
          nextFreeAt = slot + gapMs;
        }
      }
      if (signal.aborted) throw cancelled();
    },
    async pause(forMs) {
      pausedUntil = Math.max(pausedUntil, now() + forMs);
    },
  };
}

function cancelled(): Failure {
  return new Failure('cancelled', 'The request was cancelled while it waited for its turn.');
}

function delay(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled());
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, Math.ceil(forMs));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
