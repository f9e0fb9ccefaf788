/** Ends a run in order: what was started last stops first, once, whether work is done or a signal asks. */

export interface Shutdown {
  /** Aborted when the run is to end; long work listens to it. */
  readonly signal: AbortSignal;
  /** Registers what must be stopped; call it right after each start. */
  add(name: string, stop: () => Promise<void>): void;
  /** Stops everything; what fails to stop is told and the rest still stops. Further calls wait for the first. */
  stopAll(): Promise<void>;
}

/** One Ctrl-C arrives up to three times: from the terminal, from npm and from start.mjs, which both pass it on. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Listens for SIGINT, SIGTERM and SIGHUP, and for the end of start.mjs: the first stops everything and exits with 128 +
 * the signal's number, a later one exits at once (children still end: they hang on a pipe of this process).
 */
export function createShutdown(options: {
  say: (line: string) => void;
  /** Defaults to this process; tests pass their own. */
  host?: Pick<NodeJS.Process, 'on' | 'off' | 'exit' | 'channel'>;
}): Shutdown {
  const host = options.host ?? process;
  const started: { name: string; stop: () => Promise<void> }[] = [];
  const controller = new AbortController();
  let stopping: Promise<void> | undefined;
  let firstSignalAt: number | undefined;

  async function stopInOrder(): Promise<void> {
    controller.abort();
    // Not a copy: what is registered while stopping is stopped too.
    for (let entry = started.pop(); entry !== undefined; entry = started.pop()) {
      try {
        await entry.stop();
      } catch (error) {
        options.say(
          `${entry.name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    for (const [name, onSignal] of listeners) host.off(name, onSignal);
  }
  const stopAll = () => (stopping ??= stopInOrder());

  const listeners = Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129, disconnect: 129 }).map(
    ([name, exitCode]) => {
      const onSignal = () => {
        const now = performance.now();
        firstSignalAt ??= now;
        if (now - firstSignalAt > SAME_SIGNAL_MS) host.exit(exitCode);
        if (firstSignalAt !== now) return;
        options.say('Stopping; once more to leave at once.');
        void stopAll().then(() => host.exit(exitCode));
      };
      host.on(name, onSignal);
      return [name, onSignal] as const;
    },
  );
  // Listening for `disconnect` would keep the process alive for as long as start.mjs is.
  host.channel?.unref();

  return {
    signal: controller.signal,
    add(name, stop) {
      started.push({ name, stop });
    },
    stopAll,
  };
}
