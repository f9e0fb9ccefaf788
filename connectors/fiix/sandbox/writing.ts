/** What is being written, as the rules of a class see it. */
import type { Row, Value } from './store.ts';
import type { Call } from './tenant.ts';

export type Values = Record<string, Value | null>;

export interface Writing {
  call: Call;
  /** What is written: null clears. */
  values: Values;
  /** Null when the record is new. */
  before: Row | null;
}
