/** Fault rules: which requests go wrong, how, and how often. What an effect does to the socket is the server's part. */
import { createRandom } from './random.ts';

export const FAULT_EFFECTS = [
  'http_500',
  'http_502',
  'http_503',
  'http_429',
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
  /** All sessions end before the request is handled. */
  'expire_session',
] as const;
export type FaultEffect = (typeof FAULT_EFFECTS)[number];

export interface FaultRule {
  /** All given parts must match; `path` and `query` are regular expressions, `query` on the raw query text. */
  match?: { method?: string; path?: string; query?: string };
  effect: FaultEffect;
  /** 0..1, 1 when absent. */
  probability?: number;
  /** Fires at most so often. */
  times?: number;
  /** Lets the first so many matches pass. */
  skip?: number;
  delayMs?: number;
  retryAfterS?: number;
  /** Answers this status instead of the one in the effect's name (`http_*` only). */
  status?: number;
}
export interface FaultPlan {
  /** Seed of the probabilities; the same plan and the same requests give the same faults. */
  seed?: number;
  rules: FaultRule[];
}

export interface Faults {
  set(plan: FaultPlan): void;
  clear(): void;
  /** The first rule that fires for this request, if any. */
  decide(request: { method: string; path: string; query: string }): FaultRule | null;
}

interface ArmedRule {
  rule: FaultRule;
  path: RegExp | null;
  query: RegExp | null;
  seen: number;
  fired: number;
}

function arm(rule: FaultRule): ArmedRule {
  if (!FAULT_EFFECTS.includes(rule.effect)) {
    throw new TypeError(
      `The fault effect "${rule.effect}" is unknown; use one of ${FAULT_EFFECTS.join(', ')}.`,
    );
  }
  const { path, query } = rule.match ?? {};
  return {
    rule,
    path: path === undefined ? null : new RegExp(path),
    query: query === undefined ? null : new RegExp(query),
    seen: 0,
    fired: 0,
  };
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
    decide({ method, path, query }) {
      for (const entry of armed) {
        const { rule } = entry;
        if (rule.match?.method !== undefined && rule.match.method.toUpperCase() !== method) continue;
        if (entry.path?.test(path) === false || entry.query?.test(query) === false) continue;
        entry.seen += 1;
        if (entry.seen <= (rule.skip ?? 0) || entry.fired >= (rule.times ?? Infinity)) continue;
        if (!random.chance(rule.probability ?? 1)) continue;
        entry.fired += 1;
        return rule;
      }
      return null;
    },
  };
}
