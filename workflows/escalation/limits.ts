/** Bounds that the histories of escalations depend on. */
export const ESCALATION_LIMITS = {
  /** Steps of one run before it continues as new: twenty steps in twenty rounds stay far below a history's size. */
  stepsPerRunMax: 500,
  /** Shortest wait between two steps: the clocks of two workers differ. */
  waitMinMs: 200,
  /** Longest wait in one timer; then the alert is looked at. */
  waitMaxMs: 24 * 60 * 60 * 1_000,
} as const;
