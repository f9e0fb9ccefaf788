/**
 * Bounds that a recorded history depends on. Changing one changes the commands of running workflows: it needs `patched()`
 * once there is a release, and new histories until then (test/replay has one that comes to each bound).
 */
export const WORKFLOW_LIMITS = {
  /** Passes a connection workflow runs before it continues as new: about 10 events each, well below 50k. */
  passesPerRunMax: 200,
  /** How long somebody who waits for records lets a file go on that is under way; then it is stopped and comes later. */
  fileYieldMs: 15_000,
  /** Deletions are searched for once a day: a sweep reads every key of a system. */
  sweepEveryMs: 24 * 60 * 60 * 1_000,
  /** Longest pause between looks for changes that a running transaction hides; it doubles from `feedRetryMs` up to this. */
  hiddenFeedMaxMs: 30_000,
  /** After a fault of our own, which ends no connection: long enough to cost nothing, short enough to go on after a repair. */
  bugPauseMs: 60_000,
} as const;
