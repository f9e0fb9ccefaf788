/**
 * Fault rules: which requests go wrong, how, and how often. What an effect does to the socket is the server's part, what it
 * does to an answer answer-faults.ts.
 */
import { createRandom } from './random.ts';

export const FAULT_EFFECTS = [
  'http_500',
  'http_502',
  'http_503',
  'http_429',
  /** Refused in the vendor's own words. */
  'refuse',
  /** Never answers; the socket is held until the client leaves. Not executed. */
  'timeout',
  /** Socket destroyed, request not executed. */
  'reset_before',
  /** Executed, then the socket is destroyed without an answer. */
  'drop_after_commit',
  /** `delayMs`, then as usual. */
  'slow',
  /** 200 with an HTML login page, not executed. */
  'html',
  /** Executed; the answer breaks off in the middle. */
  'truncate',
  /** Executed; the answer has no body. */
  'empty_body',
  /** Executed; the answer begins with a byte order mark. */
  'bom',
  /** Executed; control characters stand in the answer as they are instead of escaped. */
  'raw_controls',
  /** Executed; the answer is in ISO 8859-1 and says so. */
  'latin1',
  /** All sessions end before the request is handled. */
  'expire_session',
] as const;
export type FaultEffect = (typeof FAULT_EFFECTS)[number];

export interface FaultMatch {
  method?: string;
  path?: string;
  query?: string;
  body?: string;
}

export interface FaultRule {
  /**
   * Regular expressions, all of which must match; `query` on the raw query text, `method` on the whole. What a group named
   * `record` holds tells requests apart: each record has counts of its own for `times` and `skip`.
   */
  match?: FaultMatch;
  effect: FaultEffect;
  /** 0..1, 1 when absent. */
  probability?: number;
  /** Fires at most so often. */
  times?: number;
  /** Lets the first so many matches pass: the write after them fails. */
  skip?: number;
  delayMs?: number;
  retryAfterS?: number;
  /** Answers this status instead of the one in the effect's name (`http_*` and `refuse` only). */
  status?: number;
  /** The request is executed and then answered as if it were not (`http_*` and `refuse` only). */
  executed?: boolean;
}
export interface FaultPlan {
  /** Seed of the probabilities; the same plan and the same requests give the same faults. */
  seed?: number;
  rules: FaultRule[];
}

export interface FaultRequest {
  method: string;
  path: string;
  query: string;
  body?: Buffer;
}

export interface Faults {
  set(plan: FaultPlan): void;
  clear(): void;
  /** The first rule that fires for this request, if any. */
  decide(request: FaultRequest): FaultRule | null;
}

interface ArmedRule {
  rule: FaultRule;
  parts: (readonly [part: keyof FaultMatch, pattern: RegExp])[];
  /** By record; '' where none is told apart. */
  counts: Map<string, { seen: number; fired: number }>;
}

const MATCHED = ['method', 'path', 'query', 'body'] as const;

function arm(rule: FaultRule): ArmedRule {
  if (!FAULT_EFFECTS.includes(rule.effect)) {
    throw new TypeError(
      `The fault effect "${rule.effect}" is unknown; use one of ${FAULT_EFFECTS.join(', ')}.`,
    );
  }
  const unknown = Object.keys(rule.match ?? {}).find((part) => !MATCHED.some((known) => known === part));
  if (unknown !== undefined) {
    throw new TypeError(`A fault matches by ${MATCHED.join(', ')}, not by "${unknown}".`);
  }
  const parts = MATCHED.flatMap((part) => {
    const source = rule.match?.[part];
    if (source === undefined) return [];
    return [[part, part === 'method' ? new RegExp(`^(?:${source})$`, 'i') : new RegExp(source)] as const];
  });
  return { rule, parts, counts: new Map() };
}

/** The record the request is about, '' when nobody asks; null when the rule does not match. */
function recordIn({ parts }: ArmedRule, request: FaultRequest): string | null {
  let record = '';
  for (const [part, pattern] of parts) {
    const text = part === 'body' ? (request.body?.toString('utf8') ?? '') : request[part];
    const match = pattern.exec(text);
    if (match === null) return null;
    record = match.groups?.['record'] ?? record;
  }
  return record;
}

export function createFaults(seed: number): Faults {
  let armed: ArmedRule[] = [];
  let random = createRandom(seed);
  return {
    set(plan) {
      armed = plan.rules.map(arm);
      random = createRandom(plan.seed ?? seed);
    },
    clear() {
      armed = [];
    },
    decide(request) {
      for (const entry of armed) {
        const record = recordIn(entry, request);
        if (record === null) continue;
        const { rule, counts } = entry;
        const count = counts.get(record) ?? { seen: 0, fired: 0 };
        counts.set(record, count);
        count.seen += 1;
        if (count.seen <= (rule.skip ?? 0) || count.fired >= (rule.times ?? Infinity)) continue;
        if (!random.chance(rule.probability ?? 1)) continue;
        count.fired += 1;
        return rule;
      }
      return null;
    },
  };
}
