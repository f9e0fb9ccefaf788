/** Whether a value is beyond a limit, with a deadband that holds the judgement once it is. Owns no state and no time. */

export const LIMIT_OPERATORS = ['gt', 'ge', 'lt', 'le'] as const;
export type LimitOperator = (typeof LIMIT_OPERATORS)[number];

export interface Limit {
  op: LimitOperator;
  limit: number;
  /** How far a value must come back before it counts as back; 0 for none. */
  deadband: number;
}

/**
 * Example: `{op: 'gt', limit: 100, deadband: 5}` begins above 100 and ends at 95 or less; between, `held` decides.
 * `gt` ends at the edge itself and `ge` only beyond it, so that without a deadband each is the exact opposite of its end.
 */
export function isBeyond(test: Limit, value: number, held: boolean): boolean {
  if (begins(test, value)) return true;
  return held && !ends(test, value);
}

function begins({ op, limit }: Limit, value: number): boolean {
  switch (op) {
    case 'gt':
      return value > limit;
    case 'ge':
      return value >= limit;
    case 'lt':
      return value < limit;
    case 'le':
      return value <= limit;
  }
}

function ends({ op, limit, deadband }: Limit, value: number): boolean {
  switch (op) {
    case 'gt':
      return value <= decimal(limit - deadband);
    case 'ge':
      return value < decimal(limit - deadband);
    case 'lt':
      return value >= decimal(limit + deadband);
    case 'le':
      return value > decimal(limit + deadband);
  }
}

/** People write limits as decimals: 0.3 - 0.1 has to be 0.2, or a value of exactly 0.2 would not end it. */
function decimal(edge: number): number {
  return Number(edge.toPrecision(12));
}
