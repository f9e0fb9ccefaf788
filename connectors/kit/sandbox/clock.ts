/** The sandbox's own time: the machine's, shifted. Clocks of vendor and client are never quite the same. */

export interface SandboxClock {
  /** Epoch milliseconds. */
  now(): number;
  offset(): number;
  setOffset(offsetMs: number): void;
}

export function createClock(initialOffsetMs: number): SandboxClock {
  let offsetMs = initialOffsetMs;
  return {
    now: () => Date.now() + offsetMs,
    offset: () => offsetMs,
    setOffset(value) {
      offsetMs = value;
    },
  };
}
