/** Lets the rate limits of fastify count where all processes do (plant/keys/call-counts.ts). */
import type { FastifyRateLimitStore } from '@fastify/rate-limit';
import type { CallCounts } from '../../../plant/keys/call-counts.ts';

type Done = (error: Error | null, result?: { current: number; ttl: number }) => void;

/** A class, because the plugin makes its store itself. Callers are told apart by their whole key. */
export function countStore(counts: CallCounts): new () => FastifyRateLimitStore {
  return class CountStore implements FastifyRateLimitStore {
    incr(caller: string, done: Done, _windowMs?: number, max?: number): void {
      const { calls, endsInMs } = counts.add(caller, max ?? Number.POSITIVE_INFINITY);
      done(null, { current: calls, ttl: endsInMs });
    }
    /** Without counting; the plugin asks for it where a look must not be a call. */
    read(caller: string, done: Done): void {
      const { calls, endsInMs } = counts.read(caller);
      done(null, { current: calls, ttl: endsInMs });
    }
    child(): FastifyRateLimitStore {
      return this;
    }
  };
}
