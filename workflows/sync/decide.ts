/** What a connection's workflow does next. Pure: its state and the time give an action; the loop in connection.ts only carries it out. */
import type { PassRequest } from '../../activities/sync/steps.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { WORKFLOW_LIMITS } from './limits.ts';
import type { Progress } from './messages.ts';

export type Mode = PassRequest['mode'];

/** Everything a connection's workflow remembers. */
export interface ConnectionState {
  /** As the connection's row said last. */
  paused: boolean;
  /** The connection was deleted. */
  ended: boolean;
  lastSweepAtMs: number;
  lastPollAtMs: number;
  pollMs: number;
  /** When a postponed push is due. */
  retryAtMs: number | null;
  /** Looks in a row for changes that a running transaction hides. */
  hiddenLooks: number;
  /** What has been asked for and not begun: at most one of each, because a pass does all there is. */
  asked: Map<Mode, { runId: string; entities: Set<Entity> }>;
  /** Runs that a person cancelled: they do not begin again. */
  abandoned: Set<string>;
  /** The mode of the last pass. */
  last: Mode | null;
  passes: number;
}

export type NextAction =
  | { do: 'end' }
  /** Nothing until the row says something else. */
  | { do: 'rest' }
  /** These are due by the clock. */
  | { do: 'ask'; modes: readonly Mode[] }
  | { do: 'sleep'; forMs: number; why: 'interval' | 'postponed_push' }
  | { do: 'continue_as_new' }
  | { do: 'run'; mode: Mode };

/** `suggested`: the server finds the history long. */
export function nextAction(state: ConnectionState, nowMs: number, suggested: boolean): NextAction {
  if (state.ended) return { do: 'end' };
  if (state.paused) return { do: 'rest' };
  const due = dueModes(state, nowMs).filter((mode) => !state.asked.has(mode));
  if (due.length > 0) return { do: 'ask', modes: due };
  const mode = nextMode(state);
  if (mode === null) return sleep(state, nowMs);
  if (state.passes >= WORKFLOW_LIMITS.passesPerRunMax || suggested) return { do: 'continue_as_new' };
  return { do: 'run', mode };
}

function dueModes(state: ConnectionState, nowMs: number): Mode[] {
  const sweep: Mode[] = nowMs - state.lastSweepAtMs >= WORKFLOW_LIMITS.sweepEveryMs ? ['sweep'] : [];
  if (nowMs - state.lastPollAtMs >= state.pollMs) return [...sweep, 'poll'];
  return state.retryAtMs !== null && nowMs >= state.retryAtMs ? [...sweep, 'hub'] : sweep;
}

function sleep({ lastPollAtMs, pollMs, retryAtMs }: ConnectionState, nowMs: number): NextAction {
  const pollAtMs = lastPollAtMs + pollMs;
  const wakeAtMs = Math.min(pollAtMs, retryAtMs ?? Number.POSITIVE_INFINITY);
  return {
    do: 'sleep',
    forMs: Math.max(1, wakeAtMs - nowMs),
    why: wakeAtMs < pollAtMs ? 'postponed_push' : 'interval',
  };
}

/**
 * The cheap pokes first, then the interval, then what reads everything: a change never waits behind a full read that has
 * not begun. After a poke something greater goes first, or a busy neighbour would keep this connection from ever reading.
 */
function nextMode({ asked, last }: ConnectionState): Mode | null {
  const greater: Mode[] = ['poll', 'full', 'sweep'];
  const order: Mode[] =
    last === 'hub' || last === 'hint' ? [...greater, 'hint', 'hub'] : ['hub', 'hint', ...greater];
  return order.find((mode) => asked.has(mode)) ?? null;
}

/** A poll and a full run do what the pokes asked for as well. */
export function coveredBy(mode: Mode): readonly Mode[] {
  return mode === 'poll' || mode === 'full' ? [mode, 'hint', 'hub'] : [mode];
}

/** What a pass left behind. */
export interface PassEnd {
  runId: string;
  mode: Mode;
  pollMs: number;
  /** False when there was nothing to do, so that no run was recorded. */
  ran: boolean;
  failure: { kind: string; message: string } | null;
  nextPushInMs: number | null;
  /** A transaction that still runs hides changes from us. */
  feedHidden: boolean;
  /** Anything was read, written or decided. */
  moved: boolean;
}

export interface AfterPass {
  pollMs: number;
  lastPollAtMs: number;
  retryAtMs: number | null;
  hiddenLooks: number;
  /** The same run is asked for again: a poll goes on from its cursors, a full read and a sweep begin again. */
  again: Mode | null;
  lastRun: Progress['lastRun'];
}

export function afterPass(state: ConnectionState, end: PassEnd, nowMs: number): AfterPass {
  const reads = end.mode === 'poll' || end.mode === 'full';
  const cancelled = end.failure?.kind === 'cancelled' && !state.abandoned.has(end.runId);
  return {
    pollMs: end.pollMs,
    lastPollAtMs: reads ? nowMs : state.lastPollAtMs,
    retryAtMs: retryAfter(state, end, nowMs),
    hiddenLooks: hiddenLooks(state, end),
    again: cancelled && (end.mode === 'full' || end.mode === 'sweep') ? end.mode : null,
    lastRun: end.ran ? { runId: end.runId, failure: end.failure } : null,
  };
}

/** A postponed push is tried in its own time; after a failure the interval is soon enough. */
function retryAfter(state: ConnectionState, end: PassEnd, nowMs: number): number | null {
  if (!end.ran) return state.retryAtMs !== null && nowMs >= state.retryAtMs ? null : state.retryAtMs;
  if (end.failure !== null || end.nextPushInMs === null) return null;
  // Such a transaction may last for hours, anywhere on that server.
  const doubled = end.nextPushInMs * 2 ** Math.min(hiddenLooks(state, end), 16);
  const inMs = end.feedHidden ? Math.min(doubled, WORKFLOW_LIMITS.hiddenFeedMaxMs) : end.nextPushInMs;
  return nowMs + inMs;
}

function hiddenLooks({ hiddenLooks: before }: ConnectionState, end: PassEnd): number {
  if (!end.ran) return before;
  return end.feedHidden && !end.moved ? before + 1 : 0;
}
