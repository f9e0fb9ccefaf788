/**
 * The form of a rule that the engine runs: a flat list of quantities and tests, and for each level an expression over them.
 * Plain data without functions. What people write is `rule.ts`; `compile-rule.ts` leads from there to here.
 */
import type { Limit } from './limit.ts';

/** A number that is followed over time, from the readings of one metric. */
export type Quantity =
  | { kind: 'value'; metric: string }
  | { kind: 'rate'; metric: string; windowMs: number; perMs: number }
  | {
      kind: 'deviation';
      metric: string;
      historyMs: number;
      everyMs: number;
      lagMs: number;
      readingsMin: number;
      spreadMin: number;
    };

/** A yes or no that is remembered between readings. */
export type Test =
  | ({ kind: 'limit'; quantity: number } & Limit)
  /** The reading is one of these words, e.g. a condition that is `poor`. */
  | { kind: 'word'; metric: string; words: readonly string[] }
  /** No reading of the metric came for this long. */
  | { kind: 'stale'; metric: string; afterMs: number };

/** Tests by their index, combined. */
export type Expression = { test: number } | { all: readonly Expression[] } | { any: readonly Expression[] };

export interface CompiledLevel {
  /** Null in a rule without levels: its transitions carry no severity. */
  severity: string | null;
  when: Expression;
}

export interface CompiledRule {
  quantities: readonly Quantity[];
  tests: readonly Test[];
  /** From the least to the most severe. */
  levels: readonly CompiledLevel[];
  onDelayMs: number;
  offDelayMs: number;
  latching: boolean;
  /** How long an acknowledged alarm may stay active before it comes back; null: for ever. */
  realarmMs: number | null;
}
