/**
 * One alarm: state and input in, new state and transitions out. It reads no clock and sets no timer: what time brings is
 * worked through by the next input, at the instant it was due, and `nextWakeAt` says when to look if nothing else comes.
 *
 * At equal times readings come first, then actions, then timers. So an input first ends the timers due before it, and an input
 * `time` also those due at it. A delay of 0 is no timer. Of timers due together the conditions' come first, so that an alarm
 * that leaves the shelf knows whether it is active then.
 */
import { isActive, type AlarmInput, type AlarmState, type Outcome, type Transition } from './alarm-state.ts';
import type { CompiledRule } from './compiled-rule.ts';
import {
  applyReadings,
  delayOf,
  dueOfLevel,
  dueOfTest,
  highestActive,
  holdDueTests,
  turnLevels,
} from './conditions.ts';
import type { LevelState } from './alarm-state.ts';
import { Failure } from '../kernel/failure.ts';
import { CAUSES_WITH_SEVERITY, decideMove, isHidden, type AlarmCause } from './phases.ts';

interface Step {
  state: AlarmState;
  transitions: readonly Transition[];
}

/** An input older than the clock (a reading that was under way while timers ended) counts from its own time and shows from now. */
export function applyInput(rule: CompiledRule, state: AlarmState, input: AlarmInput): Outcome {
  const { at, kind } = input;
  const before = endTimers(rule, state, (due) => (kind === 'time' ? due <= at : due < at));
  const now = { ...before.state, clock: Math.max(before.state.clock, at) };
  const { lateCount, ...step } = takeIn(rule, now, input);
  return { state: step.state, transitions: [...before.transitions, ...step.transitions], lateCount };
}

/** Inputs in the order in which they are to be worked through (`input-order.ts` puts them there). */
export function applyInputs(rule: CompiledRule, state: AlarmState, inputs: readonly AlarmInput[]): Outcome {
  let current = state;
  let lateCount = 0;
  const transitions: Transition[] = [];
  for (const input of inputs) {
    const outcome = applyInput(rule, current, input);
    current = outcome.state;
    lateCount += outcome.lateCount;
    transitions.push(...outcome.transitions);
  }
  return { state: current, transitions, lateCount };
}

/** When the next timer ends if nothing comes before; null when none runs. Every reading asks, so nothing is built to answer. */
export function nextWakeAt(rule: CompiledRule, state: AlarmState): number | null {
  let next = state.shelvedUntil ?? Infinity;
  rule.tests.forEach((test, index) => {
    next = Math.min(next, dueOfTest(test, state.held[index] ?? false, state) ?? Infinity);
  });
  for (const level of state.levels) next = Math.min(next, dueOfLevel(rule, level) ?? Infinity);
  if (state.phase === 'ack' && rule.realarmMs !== null) next = Math.min(next, state.since + rule.realarmMs);
  return next === Infinity ? null : next;
}

function takeIn(rule: CompiledRule, state: AlarmState, input: AlarmInput): Step & { lateCount: number } {
  if (input.kind === 'time') return { state, transitions: [], lateCount: 0 };
  if (input.kind === 'action') return { ...act(rule, state, input), lateCount: 0 };
  const read = applyReadings(rule, state, input);
  const turned = turnLevels(rule, read.state, input.at);
  const step = flipLevels(rule, turned, (level) => level.turnedAt !== null && delayOf(rule, level) === 0);
  return { ...step, lateCount: read.lateCount };
}

function act(rule: CompiledRule, state: AlarmState, input: Extract<AlarmInput, { kind: 'action' }>): Step {
  const { action, at, forMs } = input;
  if (isOver(state, input)) return { state, transitions: [] };
  const acted = move(rule, { ...state, lastAction: { at, action } }, action);
  if (action !== 'shelve' || forMs === undefined || acted.transitions.length === 0) return acted;
  return { ...acted, state: { ...acted.state, shelvedUntil: state.clock + forMs } };
}

/**
 * Actions are delivered again after a kill, perhaps long after. One that came before, or is older than the newest that came, and an
 * acknowledgement older than what there is to acknowledge, is about something that is over.
 */
function isOver(
  { lastAction, raisedAt }: AlarmState,
  { action, at }: { action: string; at: number },
): boolean {
  if (action === 'ack' && at < (raisedAt ?? -Infinity)) return true;
  if (lastAction === null) return false;
  return at < lastAction.at || (at === lastAction.at && action === lastAction.action);
}

/** Ends the timers for which `isDue` says so, one instant after the other. */
function endTimers(rule: CompiledRule, state: AlarmState, isDue: (due: number) => boolean): Step {
  let current = state;
  const transitions: Transition[] = [];
  // Silence holds a test once, a level turns at most twice by it, and then there are the shelf and the reminder.
  const timersMax = rule.tests.length + 2 * rule.levels.length + 4;
  for (let ended = 0; ended <= timersMax; ended += 1) {
    const due = nextWakeAt(rule, current);
    if (due === null || !isDue(due)) return { state: current, transitions };
    const step = endTimersAt(rule, current, due);
    current = step.state;
    transitions.push(...step.transitions);
  }
  throw new Failure('bug', 'The timers of an alarm do not come to an end.');
}

function endTimersAt(rule: CompiledRule, state: AlarmState, due: number): Step {
  const now = { ...state, clock: Math.max(state.clock, due) };
  const silent = turnLevels(rule, holdDueTests(rule, now, due), due);
  const flipped = flipLevels(rule, silent, (level) => (dueOfLevel(rule, level) ?? Infinity) <= due);
  const unshelved =
    flipped.state.shelvedUntil !== null && flipped.state.shelvedUntil <= due
      ? move(rule, flipped.state, 'shelve_expired')
      : { state: flipped.state, transitions: [] };
  const { phase, since } = unshelved.state;
  const reminded =
    phase === 'ack' && rule.realarmMs !== null && since + rule.realarmMs <= due
      ? move(rule, unshelved.state, 'realarm')
      : { state: unshelved.state, transitions: [] };
  return {
    state: reminded.state,
    transitions: [...flipped.transitions, ...unshelved.transitions, ...reminded.transitions],
  };
}

/** Turns the levels that are through their wait, all at once, and announces what that makes of the alarm. */
function flipLevels(rule: CompiledRule, state: AlarmState, isThrough: (level: LevelState) => boolean): Step {
  if (!state.levels.some(isThrough)) return { state, transitions: [] };
  const levels = state.levels.map((level) =>
    isThrough(level) ? { active: !level.active, turnedAt: null } : level,
  );
  const before = highestActive(state.levels);
  const after = highestActive(levels);
  const cause = causeOf(before, after);
  const hidden = cause === 'raise' && isHidden(state.phase) ? 1 : 0;
  const next = {
    ...state,
    levels,
    severity: after ?? state.severity,
    hiddenRaises: state.hiddenRaises + hidden,
  };
  return cause === null ? { state: next, transitions: [] } : move(rule, next, cause);
}

function causeOf(before: number | null, after: number | null): AlarmCause | null {
  if (before === after) return null;
  if (before === null) return 'raise';
  if (after === null) return 'clear';
  return after > before ? 'severity_up' : 'severity_down';
}

/** Carries out a cause if it applies. The severity told is the one now or, once nothing is active, the last. */
function move(rule: CompiledRule, state: AlarmState, cause: AlarmCause): Step {
  const to = decideMove(state.phase, cause, { active: isActive(state), latching: rule.latching });
  if (to === null) return { state, transitions: [] };
  const severity = state.severity === null ? null : (rule.levels[state.severity]?.severity ?? null);
  const transition: Transition = {
    at: state.clock,
    from: state.phase,
    to,
    cause,
    ...(severity !== null && CAUSES_WITH_SEVERITY.has(cause) ? { severity } : {}),
  };
  const raisedAt = to === 'unack' && cause !== 'severity_down' ? state.clock : state.raisedAt;
  const moved = to === state.phase ? state : { ...state, phase: to, since: state.clock, shelvedUntil: null };
  return { state: { ...moved, raisedAt }, transitions: [transition] };
}
