/** What an area hands to the vector runner: for each kind, the function that answers it. */
import type { Zones } from '../time/zones.ts';

export interface VectorContext {
  zones: Zones;
}

export interface VectorAdapter {
  /** `given` is what the file says, not yet checked; what is wrong with it is thrown as a `Failure`. */
  answer: (given: unknown, context: VectorContext) => unknown;
  /**
   * True where the rules name formulas, not fields: then the answer may hold more fields than `expect` asks for. Otherwise
   * a field too many is a difference.
   */
  mayHoldMore?: boolean;
}

export type VectorAdapters = Readonly<Record<string, VectorAdapter>>;
