/**
 * The edge between Temporal and the work of an activity, once for every area: heartbeats while it runs, the news that it was
 * cancelled, and failures in Temporal's terms. Knows nothing of what is done inside.
 */
import { Context, log } from '@temporalio/activity';
import { LIMITS } from '../domain/kernel/limits.ts';
import { toFailure } from '../domain/kernel/failure.ts';
import { asApplicationFailure, asStopped } from './failure.ts';
import { measureFailure } from './measure.ts';

export interface Attempt {
  /** Fires when the activity was cancelled or its worker ends. */
  signal: AbortSignal;
  /** From 1. */
  number: number;
  /** Tells Temporal how far the work got; a later try starts with it. */
  beat: (details?: unknown) => void;
}

/** Runs work that may take longer than a heartbeat allows. A beat also brings the news that the activity was cancelled. */
export async function withHeartbeat<T>(work: (attempt: Attempt) => Promise<T>): Promise<T> {
  const activity = Context.current();
  const signal = activity.cancellationSignal;
  const beating = setInterval(() => activity.heartbeat(), LIMITS.heartbeatTimeoutMs / 10);
  try {
    return await work({
      signal,
      number: activity.info.attempt,
      beat: (details) => activity.heartbeat(details),
    });
  } catch (error) {
    throw signal.aborted ? asStopped(signal.reason) : told(error);
  } finally {
    clearInterval(beating);
  }
}

/** Runs a few statements on our own store: quick enough to need no heartbeat. */
export async function quickly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw told(error);
  }
}

/** A failure in Temporal's terms, after the log and the counters heard of it: a try that fails is otherwise seen in no list. */
function told(error: unknown): ReturnType<typeof asApplicationFailure> {
  const { kind, message } = toFailure(error);
  measureFailure(kind);
  log.warn('activity failed', { detail: { kind, message } });
  return asApplicationFailure(error);
}
