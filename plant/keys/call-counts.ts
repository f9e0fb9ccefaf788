/**
 * Counts calls of callers within a minute, over all processes, at next to no cost: each process counts in memory and hands its
 * counts in once a second, all callers in one statement; what the others counted comes back with it. A caller that nears its
 * bound is handed in at once. So a bound may be passed by what other processes counted within the last second, and by no more.
 */
import type { CallCount } from '../../store/access/call-counts.ts';

export interface CallCounts {
  /** Counts one call; gives all that are known within the window, this one included. */
  add(caller: string, max: number): Counted;
  read(caller: string): Counted;
}

export interface Counted {
  calls: number;
  /** Milliseconds until the window ends. */
  endsInMs: number;
}

export interface CallCountsDeps {
  /** Hands counts in and gives the sums of all processes. */
  exchange(added: { caller: string; calls: number }[], windowS: number): Promise<readonly CallCount[]>;
  /** Removes what ended long ago; called once a minute. */
  forget(olderThanS: number): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once after so many milliseconds, without keeping the process alive. */
  after(ms: number, work: () => void): void;
}

export const WINDOW_MS = 60_000;
const EXCHANGE_EVERY_MS = 1_000;
/** With this share of a bound counted here alone the others are told at once. */
const URGENT_SHARE = 0.1;
/** About 20 MB; beyond it those that came first are forgotten here, not in the sums. */
const CALLERS_MAX = 100_000;
const FORGET_AFTER_S = 600;

interface Entry {
  /** Sum of all processes at the last exchange. */
  known: number;
  /** Counted here since. */
  pending: number;
  endsAt: number;
}

interface HandedIn {
  caller: string;
  calls: number;
  entry: Entry;
}

export function createCallCounts(deps: CallCountsDeps): CallCounts {
  const entries = new Map<string, Entry>();
  let isAsked = false;
  let isExchanging = false;
  let forgottenAt = deps.now();

  function current(caller: string): Entry {
    const now = deps.now();
    const known = entries.get(caller);
    if (known !== undefined && known.endsAt > now) return known;
    const entry = { known: 0, pending: 0, endsAt: now + WINDOW_MS };
    entries.delete(caller);
    entries.set(caller, entry);
    const [oldest] = entries.keys();
    if (entries.size > CALLERS_MAX && oldest !== undefined) entries.delete(oldest);
    return entry;
  }

  function ask(): void {
    if (isAsked) return;
    isAsked = true;
    deps.after(EXCHANGE_EVERY_MS, () => {
      isAsked = false;
      void exchange();
    });
  }

  /** Never fails a call: what could not be handed in stays pending and counts here meanwhile. */
  async function exchange(): Promise<void> {
    if (isExchanging) return;
    isExchanging = true;
    const handedIn = [...entries].flatMap(([caller, entry]) =>
      entry.pending > 0 ? [{ caller, calls: entry.pending, entry }] : [],
    );
    try {
      if (handedIn.length > 0) {
        const added = handedIn.map(({ caller, calls }) => ({ caller, calls }));
        const at = deps.now();
        settle(handedIn, await deps.exchange(added, WINDOW_MS / 1_000), at);
      }
      if (deps.now() - forgottenAt > WINDOW_MS) {
        forgottenAt = deps.now();
        await deps.forget(FORGET_AFTER_S);
      }
    } catch {
      ask();
    } finally {
      isExchanging = false;
      dropEnded();
      if ([...entries.values()].some(({ pending }) => pending > 0)) ask();
    }
  }

  /** A window that began here meanwhile is another one. */
  function settle(handedIn: readonly HandedIn[], sums: readonly CallCount[], at: number): void {
    const sumOf = new Map(sums.map((sum) => [sum.caller, sum]));
    for (const { caller, calls, entry } of handedIn) {
      const sum = sumOf.get(caller);
      if (sum === undefined) continue;
      entry.pending -= calls;
      entry.known = sum.calls;
      entry.endsAt = at + sum.endsInMs;
    }
  }

  function dropEnded(): void {
    const now = deps.now();
    for (const [caller, { endsAt }] of entries) if (endsAt <= now) entries.delete(caller);
  }

  const shown = ({ known, pending, endsAt }: Entry): Counted => ({
    calls: known + pending,
    endsInMs: Math.max(0, endsAt - deps.now()),
  });

  return {
    add(caller, max) {
      const entry = current(caller);
      entry.pending += 1;
      if (entry.pending >= max * URGENT_SHARE) void exchange();
      ask();
      return shown(entry);
    },
    read: (caller) => shown(current(caller)),
  };
}
