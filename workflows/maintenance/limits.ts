/**
 * Bounds that a recorded history depends on. Changing one changes the commands of running workflows: it needs `patched()`
 * once there is a release, and new histories until then.
 */
export const PLANNER_LIMITS = {
  /** Ticks of one run before it continues as new: about 10 events each, far below 50k. */
  ticksPerRunMax: 500,
  /** Longest sleep: what nobody told the planner of, such as a plan that a sync brought, is seen after this. */
  sleepMaxMs: 60 * 60 * 1_000,
  /** Pause after a tick that ended at its bound or could not serve all: time for others on the machine. */
  sleepMinMs: 1_000,
} as const;
