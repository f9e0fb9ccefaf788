/** What the merge says about each field, element and member it looked at: the words that logs and conflicts are written in. */
import type { Json } from '../json.ts';

export const CONFLICT_POLICIES = ['hub', 'external', 'newest', 'manual'] as const;
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** Which line of the table decided a value; `newest_reading` is the rule of readings, whose own time decides. */
export type MergeRule = 'take_external' | 'push_hub' | 'agree' | 'conflict' | 'newest_reading';

export type Winner = 'hub' | 'external';

export interface FieldDecision {
  /** A field, an element of its list or one member: `title`, `tasks[20]`, `tasks[20].title`, `customFields.shift`. */
  field: string;
  rule: MergeRule;
  /** Only for conflicts: the policy applied. */
  policy?: ConflictPolicy;
  /** For conflicts and readings: who won; null while a person has to decide. */
  winner?: Winner | null;
  hub: Json;
  external: Json;
  /** Why a list that is otherwise merged by element was taken as one value. */
  reason?: string;
}

/** Who wins the conflicts of one field, and by which policy. */
export interface Verdict {
  policy: ConflictPolicy;
  winner: Winner | null;
}

/** `newest` with equal or unknown times goes to the hub: it is the side whose history we can show. */
export function verdictOf(policy: ConflictPolicy, hubAt: number | null, externalAt: number | null): Verdict {
  if (policy === 'manual') return { policy, winner: null };
  if (policy !== 'newest') return { policy, winner: policy };
  const isLater = externalAt !== null && (hubAt === null || externalAt > hubAt);
  return { policy, winner: isLater ? 'external' : 'hub' };
}
