/** The sandbox's own time: the machine's, shifted. Clocks of vendor and client are never quite the same. */

export interface SandboxClock {
  /** Epoch milliseconds. */
  now(): number;
  setOffset(offsetMs: number): void;
}

export function createClock(): SandboxClock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    setOffset(value) {
      offsetMs = value;
    },
  };
}
