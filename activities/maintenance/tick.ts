/** What a tick of the planner comes to: counts and the next moment, no records. */
export interface TickResult {
  /** Orders made. */
  tasks: number;
  /** Planned dates that passed without work of their own. */
  missed: number;
  /** Plans that could not be served. */
  failed: number;
  /** Plans are due that this tick did not get to. */
  more: boolean;
  /** When the first plan that is not due yet is to be looked at. */
  nextAt: string | null;
}
