/** When a sandbox's state is written: shortly after a change, at most once a second, and at the end. */
import { writeState } from './state-file.ts';
import type { SandboxOptions, SandboxVendor } from './types.ts';

/** Changes that come together are written together. */
const SETTLE_MS = 200;
/** From the start of one write to the start of the next. */
const INTERVAL_MS = 1_000;

export interface StateKeeper {
  /** Something may have changed: cheap, called after every request. `surely` when the vendor's revision cannot tell. */
  touched(surely: boolean): void;
  /** Writes at once what is not yet written; rejects with one sentence when that fails. */
  flush(): Promise<void>;
  /** Flushes and stops. */
  close(): Promise<void>;
}

const NO_KEEPER: StateKeeper = { touched: () => undefined, flush: async () => {}, close: async () => {} };

/** Keeps nothing when no file was asked for. */
export function createStateKeeper(vendor: SandboxVendor, options: SandboxOptions): StateKeeper {
  const { stateFile, seed } = options;
  const { state, system, world } = vendor;
  if (stateFile === undefined) return NO_KEEPER;
  if (state === undefined) throw new TypeError(`The ${system} sandbox cannot keep its state in a file.`);
  const lines = new WeakMap<object, string>();
  let dirty = true;
  let seen = '';
  let writtenAt = -INTERVAL_MS;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let warned = false;
  let closed = false;

  /** Logins and ids move the generator; the vendor's own revision covers the rest. */
  const revision = (): string => `${state.revision()}.${world.random.state()}`;
  const lineOf = (table: string, row: object): string => {
    let line = lines.get(row);
    if (line === undefined) {
      line = JSON.stringify([table, state.encode(table, row)]);
      lines.set(row, line);
    }
    return line;
  };
  const write = async (): Promise<void> => {
    dirty = false;
    seen = revision();
    writtenAt = performance.now();
    // Taken in one go: rows are replaced, never changed, so the list stays what it was at this moment.
    const snapshot = {
      system,
      seed,
      clockOffsetMs: world.clock.offset(),
      random: world.random.state(),
      settings: structuredClone(state.settings()),
      rows: [...state.rows()],
    };
    try {
      await writeState(stateFile, snapshot, lineOf);
      warned = false;
    } catch (error) {
      dirty = true;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The sandbox's state could not be written to ${stateFile}: ${reason}.`, {
        cause: error,
      });
    }
  };
  const flush = async (): Promise<void> => {
    // A write under way may have begun before the last change.
    while (writing !== null) await writing.catch(() => undefined);
    if (!dirty && revision() === seen) return;
    writing = write().finally(() => {
      writing = null;
    });
    await writing;
  };
  const schedule = (): void => {
    if (timer !== null || closed) return;
    const wait = Math.max(SETTLE_MS, writtenAt + INTERVAL_MS - performance.now());
    timer = setTimeout(() => {
      timer = null;
      flush().catch((error: unknown) => {
        // Told once, tried again with the next change: a full disk must not end the sandbox.
        if (!warned) process.emitWarning(error instanceof Error ? error.message : String(error));
        warned = true;
      });
    }, wait);
  };
  return {
    touched(surely) {
      if (surely) dirty = true;
      if (dirty || revision() !== seen) schedule();
    },
    flush,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await flush();
    },
  };
}
