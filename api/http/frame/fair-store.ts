/**
 * A store for each caller that takes a part of the pool at most. Requests may wait for one another inside the database, for a row
 * that a long transaction holds, say; however many one caller sends, the other callers' go on.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import { createTurns, type Turns } from './turns.ts';

type Store = PersonDeps['store'];

export interface FairOptions {
  /** Transactions of one caller at once. */
  atOnce: number;
  /** How many more may wait for their turn. */
  waitingMax: number;
}

export function createFairStore(store: Store, options: FairOptions): (caller: string) => Store {
  const callers = new Map<string, Turns>();
  function turnsOf(caller: string): Turns {
    const known = callers.get(caller);
    if (known !== undefined) return known;
    const made = createTurns(options.atOnce);
    callers.set(caller, made);
    return made;
  }
  return (caller) => ({
    ...store,
    async inTenant(tenantId, work) {
      const turns = turnsOf(caller);
      if (turns.waiting() >= options.waitingMax) {
        throw new Failure(
          'unavailable',
          'Too many requests of this caller wait for the database; send fewer at once, and this one again.',
        );
      }
      try {
        return await turns.take(() => store.inTenant(tenantId, work));
      } finally {
        if (turns.isIdle()) callers.delete(caller);
      }
    },
  });
}
