/**
 * The rate budget of one connection, shared by all workers through one row in PostgreSQL. A slot is reserved by moving
 * `next_at` on the database's clock, then waited for here; the clocks of the workers play no part. Recognising a vendor's
 * refusal is the connector's business: it calls `pause`.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { readPause, reserve, storePause, tooLong, WAIT_MAX_MS } from '../../store/connections/throttle.ts';
import type { Store, Tx } from '../../store/index.ts';

/** The same shape as the connectors' `Throttle`. */
export interface Throttle {
  /** Resolves when one request may be sent; rejects with `cancelled` when the signal fires. */
  acquire(signal: AbortSignal): Promise<void>;
  /** Nobody sends before that long from now. */
  pause(forMs: number): Promise<void>;
}

export interface RateGovernorOptions {
  store: Store;
  tenantId: string;
  connectionId: string;
  /** Null: no budget, only pauses are honoured. */
  requestsPerSecond: number | null;
  /** Milliseconds; only differences are used. */
  now: () => number;
}

/**
 * Slots lie this much wider apart than the budget says. Vendors count any second, so N + 1 requests span 50 ms more than
 * it: the last may be quicker than the first by so much. Violations at 10 and 100 requests/s over 10 s, eight processes on
 * two busy cores (bench/governor.ts, 2026-11-21): 1 % 8 and 19, 2 % 1 and 4, 3 % 2 and 0, 5 % none, 95 % of the budget used.
 */
const PADDING = 0.05;
/**
 * A slot reached later than this is given up, because those behind it would follow too closely; less than the 50 ms
 * above. With two busy loops beside the same runs (load average 11) it takes 16 and 9 violations to 3 and 0, one run each.
 */
const LATE_MS = 30;
/** After so many missed slots the process itself is slow and goes when it can, rather than never. */
const MISSED_MAX = 3;
/** The pause is looked up this long before a slot, so that the look-up does not delay the request. */
const LOOK_AHEAD_MS = 50;
/** How old a look-up of the pause may be. */
const PAUSE_FRESH_MS = 50;
const PAUSE_FRESH_WITHOUT_BUDGET_MS = 250;
/** Above this rate slots are taken ahead, 20 ms worth a round trip: a process asks the database 50 times a second at most. */
const AHEAD_FROM_PER_SECOND = 200;
const AHEAD_MS = 20;

/** When a request may go, on the clock `now`. */
interface Slot {
  from: number;
  until: number;
}

interface Waiter {
  resolve(slot: Slot): void;
  reject(error: unknown): void;
}

export function createRateGovernor(options: RateGovernorOptions): Throttle {
  const { store, now, requestsPerSecond } = options;
  if (requestsPerSecond !== null && !(requestsPerSecond > 0 && Number.isFinite(requestsPerSecond))) {
    throw new Failure(
      'invalid_config',
      'Requests per second must be a number above 0, or null for no limit.',
    );
  }
  const pauses = watchPauses(options);
  const nextSlot = requestsPerSecond === null ? null : createSlots(options, requestsPerSecond, pauses);

  async function pauseIsOver(signal: AbortSignal): Promise<void> {
    for (;;) {
      const until = await pauses.lookUp(PAUSE_FRESH_WITHOUT_BUDGET_MS);
      if (until <= now()) return;
      if (until - now() > WAIT_MAX_MS) throw tooLong(until - now());
      await sleepUntil(until, now, signal);
    }
  }

  return {
    async acquire(signal) {
      refuseAborted(signal);
      await (nextSlot === null ? pauseIsOver(signal) : useSlot(nextSlot, pauses, now, signal));
      refuseAborted(signal);
    },
    async pause(forMs) {
      const askedAt = now();
      pauses.note(askedAt, await store.inTenant(options.tenantId, (tx) => storePause(tx, options, forMs)));
    },
  };
}

/** Takes slots until one is reached in time and outside a pause. */
async function useSlot(
  nextSlot: (signal: AbortSignal) => Promise<Slot>,
  pauses: PauseWatch,
  now: () => number,
  signal: AbortSignal,
): Promise<void> {
  const started = now();
  for (let missed = 0; ;) {
    const slot = await nextSlot(signal);
    const waitMs = slot.from - started;
    if (waitMs > WAIT_MAX_MS + 1_000) throw tooLong(waitMs);
    const missable = missed < MISSED_MAX;
    if (!(missable && slot.until < Math.max(now(), slot.from))) {
      if (slot.from - now() > LOOK_AHEAD_MS) {
        await sleepUntil(slot.from - LOOK_AHEAD_MS, now, signal);
        // The pause may have come while this caller slept.
        if ((await pauses.lookUp(PAUSE_FRESH_MS)) > slot.from) continue;
      }
      await sleepUntil(slot.from, now, signal);
      if (pauses.until() > now()) continue;
      if (!missable || now() <= slot.until) return;
    }
    missed += 1;
  }
}

/**
 * Hands out reserved slots; one reservation at a time serves all who wait in this process. An aborted caller gives its slot
 * to nobody in another process: the slots behind it are promised already, and moving `next_at` back would hand out
 * the last of them twice.
 */
function createSlots(
  { store, tenantId, connectionId, now }: RateGovernorOptions,
  requestsPerSecond: number,
  pauses: PauseWatch,
): (signal: AbortSignal) => Promise<Slot> {
  const gapMs = (1_000 * (1 + PADDING)) / requestsPerSecond;
  const ahead = requestsPerSecond > AHEAD_FROM_PER_SECOND ? Math.ceil(AHEAD_MS / gapMs) : 1;
  const waiters = new Set<Waiter>();
  const slots: Slot[] = [];
  let reserving = false;
  /** The round trip without a stall of this process; grows slowly, so that a slower network becomes the new normal. */
  let usualTripMs = Infinity;

  function hand(): void {
    for (const waiter of waiters) {
      const slot = slots.shift();
      if (slot === undefined) return;
      waiters.delete(waiter);
      waiter.resolve(slot);
    }
  }

  /** Slots lie in order, so that only the first ones can be stale; at high rates there are hundreds behind them. */
  function dropStale(): void {
    const [at, pausedUntil] = [now(), pauses.until()];
    const fresh = slots.findIndex((slot) => slot.until > at && slot.from >= pausedUntil);
    slots.splice(0, fresh === -1 ? slots.length : fresh);
  }

  async function takeSlots(tx: Tx): Promise<void> {
    // No more than a second's worth, so that one busy process does not push the others far back.
    const count = Math.max(ahead, Math.min(waiters.size, Math.ceil(requestsPerSecond)));
    const sentAt = now();
    const { waitMs, pausedMs } = await reserve(tx, { tenantId, connectionId }, count, gapMs);
    const tripMs = now() - sentAt;
    usualTripMs = Math.min(tripMs, usualTripMs + 1);
    pauses.note(sentAt, pausedMs);
    for (let index = 0; index < count; index += 1) {
      const from = sentAt + waitMs + index * gapMs;
      slots.push({ from: from + tripMs, until: from + usualTripMs + LATE_MS });
    }
  }

  async function serve(): Promise<void> {
    if (reserving) return;
    reserving = true;
    try {
      dropStale();
      hand();
      while (waiters.size > 0) {
        await store.inTenant(tenantId, takeSlots);
        hand();
      }
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error);
      waiters.clear();
    } finally {
      reserving = false;
    }
  }

  return (signal) =>
    abortable(signal, (resolve, reject) => {
      const waiter = { resolve, reject };
      waiters.add(waiter);
      void serve();
      return () => {
        waiters.delete(waiter);
      };
    });
}

interface PauseWatch {
  /** What is known without asking, on the clock `now`. */
  until(): number;
  /** Reckoned from when the database was asked: rather a little early than past the slot that follows the pause. */
  note(askedAt: number, pausedMs: number): void;
  /** Asks the database when what is known is older than that. */
  lookUp(maxAgeMs: number): Promise<number>;
}

function watchPauses({ store, tenantId, connectionId, now }: RateGovernorOptions): PauseWatch {
  let known = { until: -Infinity, seenAt: -Infinity };
  let asking: Promise<void> | undefined;
  function note(askedAt: number, pausedMs: number): void {
    known = { until: pausedMs > 0 ? askedAt + pausedMs : -Infinity, seenAt: askedAt };
  }
  async function ask(): Promise<void> {
    const askedAt = now();
    note(askedAt, await store.inTenant(tenantId, (tx) => readPause(tx, connectionId)));
  }
  return {
    until: () => known.until,
    note,
    async lookUp(maxAgeMs) {
      if (now() - known.seenAt > maxAgeMs) {
        asking ??= ask().finally(() => {
          asking = undefined;
        });
        await asking;
      }
      return known.until;
    },
  };
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

function cancelled(): Failure {
  return new Failure('cancelled', 'The request was cancelled while it waited for its turn.');
}

async function sleepUntil(instant: number, now: () => number, signal: AbortSignal): Promise<void> {
  // A timer may fire a millisecond early.
  while (now() < instant) {
    await abortable<undefined>(signal, (resolve) => {
      const timer = setTimeout(resolve, Math.max(1, Math.ceil(instant - now())), undefined);
      return () => {
        clearTimeout(timer);
      };
    });
  }
}

/** A promise the signal can end; `start` returns what to undo then. */
function abortable<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled());
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    const undo = start(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
    function onAbort(): void {
      undo();
      reject(cancelled());
    }
  });
}
