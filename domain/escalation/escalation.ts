/**
 * One escalation: who is told when until somebody acknowledges or the alarm is resolved. State and input in, new state and
 * records out. It reads no clock, sends nothing and knows no people: `Duty` says when a step may run and whom it reaches.
 *
 * Each step has the key (run, round, step), which no other step of the escalation has: whoever stores the state and the
 * notices of one call together, each notice once a key, neither loses nor doubles a step, wherever it is killed.
 * Of the domain this file imports the kernel alone, so that workflow code could load it.
 */
import { Failure } from '../kernel/failure.ts';

export interface EscalationPlan {
  steps: readonly { waitMs: number }[];
  /** How often all steps are gone through; at least 1. */
  rounds: number;
  /** How long after an acknowledgement without an end it starts again; null: never. */
  ackTimeoutMs: number | null;
}

/** What depends on people and calendars. `at` is when the step was due. */
export interface Duty {
  /** The first instant at or after `at` at which the step may run; null if there is none. */
  opensAt(step: number, at: number): number | null;
  /** Whom the step reaches; null when nobody is on call. */
  reach(step: number, at: number): readonly string[] | null;
}

export type EscalationPhase = 'active' | 'acknowledged' | 'resolved' | 'exhausted';
export type EscalationAction =
  /** The alarm is there. While the escalation is open it changes nothing. */
  | 'raise'
  | 'ack'
  | 'resolve'
  /** The alarm became more severe or came back as a reminder: from the start, whatever was acknowledged. */
  | 'restart';

export interface EscalationState {
  /** Null before the first raise. */
  phase: EscalationPhase | null;
  /** When the phase was entered. */
  since: number | null;
  clock: number;
  /** When it last started; null before the first raise. */
  startedAt: number | null;
  /** Counts the starts: raise, restart, and each acknowledgement that timed out. */
  run: number;
  /** Which step last told somebody since the last start, counted from 0 through all rounds; the alarm shows as escalated above 0. */
  level: number;
  /** What comes next and when; null when nothing does. A step one past the last is the end of its round. */
  next: { round: number; step: number; at: number } | null;
}

export type EscalationInput =
  | { kind: 'action'; at: number; action: EscalationAction }
  /** Timers up to and including this instant end. */
  | { kind: 'time'; at: number };

export interface StepKey {
  run: number;
  /** From 1. */
  round: number;
  /** From 0. */
  step: number;
}

export type EscalationRecord =
  | ({ kind: 'notify'; at: number; to: readonly string[] } & StepKey)
  /** Nobody could be told; the next step follows at once. */
  | ({ kind: 'nobody'; at: number } & StepKey)
  /** Due outside its hours; it runs when they begin. */
  | ({ kind: 'waits'; at: number; until: number } & StepKey)
  | {
      kind: 'phase';
      at: number;
      phase: EscalationPhase;
      cause: EscalationAction | 'ack_timeout' | 'last_wait';
    };

export interface EscalationOutcome {
  state: EscalationState;
  records: readonly EscalationRecord[];
}

export const NOT_ESCALATED: EscalationState = {
  phase: null,
  since: null,
  clock: 0,
  startedAt: null,
  run: 0,
  level: 0,
  next: null,
};

/** At equal times actions come before timers. An action that does not apply changes nothing. */
export function escalate(
  plan: EscalationPlan,
  duty: Duty,
  state: EscalationState,
  input: EscalationInput,
): EscalationOutcome {
  const { at, kind } = input;
  const before = endTimers(plan, duty, state, (due) => (kind === 'time' ? due <= at : due < at));
  const now = { ...before.state, clock: Math.max(before.state.clock, at) };
  if (input.kind === 'time') return { state: now, records: before.records };
  const acted = act(plan, duty, now, input);
  return { state: acted.state, records: [...before.records, ...acted.records] };
}

/** When the next timer ends if nothing comes before; null when none runs. */
export function nextStepAt(plan: EscalationPlan, state: EscalationState): number | null {
  if (state.phase === 'active') return state.next?.at ?? null;
  if (state.phase !== 'acknowledged' || plan.ackTimeoutMs === null || state.since === null) return null;
  return state.since + plan.ackTimeoutMs;
}

/**
 * Actions are delivered again after a kill, perhaps long after: one that is older than the start it would change, or a raise
 * older than the end, was about something that is over.
 */
function act(
  plan: EscalationPlan,
  duty: Duty,
  state: EscalationState,
  { action, at }: { action: EscalationAction; at: number },
): EscalationOutcome {
  const { phase } = state;
  const open = phase !== null && phase !== 'resolved';
  const startedAt = state.startedAt ?? -Infinity;
  switch (action) {
    case 'raise':
      return open || at < (state.since ?? -Infinity) ? unchanged(state) : start(plan, duty, state, action);
    case 'restart':
      return open && at > startedAt ? start(plan, duty, state, action) : unchanged(state);
    case 'resolve':
      return open && at >= startedAt ? enter(state, 'resolved', action) : unchanged(state);
    case 'ack':
      return (phase === 'active' || phase === 'exhausted') && at >= startedAt
        ? enter(state, 'acknowledged', action)
        : unchanged(state);
  }
}

function unchanged(state: EscalationState): EscalationOutcome {
  return { state, records: [] };
}

/** Round 1, step 0, at once. */
function start(
  plan: EscalationPlan,
  duty: Duty,
  state: EscalationState,
  cause: 'raise' | 'restart' | 'ack_timeout',
): EscalationOutcome {
  const entered = enter(state, 'active', cause);
  const next = { round: 1, step: 0, at: state.clock };
  const ran = runNext(plan, duty, {
    ...entered.state,
    startedAt: state.clock,
    run: state.run + 1,
    level: 0,
    next,
  });
  return { state: ran.state, records: [...entered.records, ...ran.records] };
}

function endTimers(
  plan: EscalationPlan,
  duty: Duty,
  state: EscalationState,
  isDue: (due: number) => boolean,
): EscalationOutcome {
  let current = state;
  const records: EscalationRecord[] = [];
  // Each step runs, or waits and runs, once a round; then the rounds are over. An acknowledgement times out once.
  const timersMax = 2 * (plan.steps.length + 1) * plan.rounds + 2;
  for (let ended = 0; ended <= timersMax; ended += 1) {
    const due = nextStepAt(plan, current);
    if (due === null || !isDue(due)) return { state: current, records };
    const now = { ...current, clock: Math.max(current.clock, due) };
    const outcome = now.phase === 'active' ? runNext(plan, duty, now) : start(plan, duty, now, 'ack_timeout');
    current = outcome.state;
    records.push(...outcome.records);
  }
  throw new Failure('bug', 'The timers of an escalation do not come to an end.');
}

/** Runs what is next and due, and after a step that reached nobody also what follows it. */
function runNext(plan: EscalationPlan, duty: Duty, state: EscalationState): EscalationOutcome {
  const records: EscalationRecord[] = [];
  let { next } = state;
  for (let tried = 0; tried < (plan.steps.length + 1) * plan.rounds && next !== null; tried += 1) {
    const { round, step, at } = next;
    if (step >= plan.steps.length) {
      if (round < plan.rounds) {
        next = { round: round + 1, step: 0, at };
        continue;
      }
      const ended = enter({ ...state, next: null }, 'exhausted', 'last_wait');
      return { state: ended.state, records: [...records, ...ended.records] };
    }
    const key = { run: state.run, round, step };
    const opens = duty.opensAt(step, at);
    if (opens !== null && opens > at) {
      records.push({ kind: 'waits', at, until: opens, ...key });
      return { state: { ...state, next: { round, step, at: opens } }, records };
    }
    const to = opens === null ? null : duty.reach(step, at);
    if (to !== null) {
      records.push({ kind: 'notify', at: state.clock, to, ...key });
      const waitMs = plan.steps[step]?.waitMs ?? 0;
      const level = (round - 1) * plan.steps.length + step;
      return { state: { ...state, level, next: { round, step: step + 1, at: at + waitMs } }, records };
    }
    records.push({ kind: 'nobody', at: state.clock, ...key });
    next = { round, step: step + 1, at };
  }
  return { state: { ...state, next }, records };
}

function enter(
  state: EscalationState,
  phase: EscalationPhase,
  cause: Extract<EscalationRecord, { kind: 'phase' }>['cause'],
): EscalationOutcome {
  const { clock: at } = state;
  return {
    state: { ...state, phase, since: at, next: null },
    records: [{ kind: 'phase', at, phase, cause }],
  };
}
