/** One canonical record through the push rules that concern it: at once where closures decide, else with the interpreter's help. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { setAt } from './access.ts';
import { UNDECIDED } from './expression/compile-expression.ts';
import type { PushResult } from './format.ts';
import type { PushField } from './push.ts';
import { runExpression } from './run-expression.ts';
import type { Run } from './run.ts';

export interface PushRequest {
  readonly fields: JsonObject;
  /** Null: a create. */
  readonly changed: ReadonlySet<string> | null;
  readonly context: JsonObject;
}

/** Null when an expression needs the interpreter for this record. */
export function pushNow(rules: readonly PushField[], request: PushRequest): PushResult | null {
  const { fields, changed } = request;
  const run = begin(request);
  const payload: JsonObject = {};
  for (const rule of rules) {
    if (!concerns(rule, changed)) continue;
    let value = rule.build?.(fields, run, rule.target);
    if (rule.expression) {
      const found = rule.expression.compiled.now(fields, run.context);
      if (found === UNDECIDED) return null;
      value = rule.expression.finish(found, run, rule.target);
    }
    put(payload, rule, value, request);
  }
  return end(payload, run);
}

export async function pushLater(rules: readonly PushField[], request: PushRequest): Promise<PushResult> {
  const { fields, changed } = request;
  const run = begin(request);
  const payload: JsonObject = {};
  for (const rule of rules) {
    if (!concerns(rule, changed)) continue;
    let value = rule.build?.(fields, run, rule.target);
    if (rule.expression) {
      const target = { place: rule.place, path: rule.target };
      const before = run.problems.length;
      const found = await runExpression({ ...rule.expression, target }, fields, run);
      value = run.problems.length > before ? undefined : rule.expression.finish(found, run, rule.target);
    }
    put(payload, rule, value, request);
  }
  return end(payload, run);
}

/** Whether a push writes the rule's field: creates what they may, updates what reads something that changed. */
export function concerns(rule: PushField, changed: ReadonlySet<string> | null): boolean {
  if (changed === null) return rule.on !== 'update';
  if (rule.on === 'create') return false;
  return rule.reads.length === 0 || rule.reads.some((field) => changed.has(field));
}

function begin({ context, changed }: PushRequest): Run {
  return { context, problems: [], rows: [], updates: changed !== null };
}

/** Only an absent source clears the vendor's field; a word mapped to null is simply not sent. */
function put(payload: JsonObject, rule: PushField, value: Json | undefined, request: PushRequest): void {
  const { fields, changed } = request;
  const written = value === undefined && changed !== null && rule.isGone(fields) ? rule.cleared : value;
  if (written === undefined) return;
  setAt(payload, rule.steps, rule.expression === null ? written : withoutNegativeZero(written));
}

/** Arithmetic knows a negative zero, JSON does not: what is compared later must be what was sent. */
function withoutNegativeZero(value: Json): Json {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutNegativeZero(one)]));
}

function end(payload: JsonObject, { problems }: Run): PushResult {
  return problems.length > 0 ? { ok: false, problems } : { ok: true, payload };
}
