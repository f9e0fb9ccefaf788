/**
 * The account of one write that takes several calls: which steps were carried out, which are still to come, and what is to be
 * said of it when one of them fails (`WriteProgress`). It makes no calls and decides nothing about repeating them.
 */
import type { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, WriteOutcome, WriteProgress, WriteStep } from './contract.ts';
import { outcomeOf } from './outcomes.ts';

export interface WriteLog {
  /** Says what is to come, as far as it is known; replaces what was said before. */
  expect(steps: readonly WriteStep[]): void;
  /** Carries out one step. It is taken off what is to come, and is the first of what remains when it fails. */
  step<T>(step: WriteStep, call: () => Promise<T>): Promise<T>;
  /** Steps that were taken back: the record stands as before them. The way back is no step of its own. */
  takenBack(steps: readonly WriteStep[]): void;
  /** Everything was taken back and nothing of the rest is tried again. */
  done(): readonly WriteStep[];
  /** Whether a step was carried out, or may have been. */
  touched(): boolean;
  /** Whether a step was carried out, also one that was taken back. */
  moved(): boolean;
  progress(failure: Failure): WriteProgress | undefined;
}

export function createWriteLog(): WriteLog {
  const state: {
    done: WriteStep[];
    ahead: WriteStep[];
    current: WriteStep | null;
    begun: boolean;
    moved: boolean;
  } = { done: [], ahead: [], current: null, begun: false, moved: false };

  return {
    expect(steps) {
      state.ahead = [...steps];
    },
    async step(step, call) {
      const index = state.ahead.findIndex(({ name }) => name === step.name);
      if (index >= 0) state.ahead.splice(index, 1);
      state.current = step;
      state.begun = true;
      const result = await call();
      state.current = null;
      state.done.push(step);
      state.moved = true;
      return result;
    },
    takenBack(steps) {
      state.done = state.done.filter((step) => !steps.includes(step));
    },
    done: () => state.done,
    touched: () => state.done.length > 0 || state.current !== null,
    moved: () => state.moved,
    progress(failure) {
      if (!state.begun) return undefined;
      const { current, ahead, done } = state;
      const lost = current !== null && failure.applied === 'unknown';
      return {
        stands: lost ? 'unknown' : done.length === 0 ? 'as_before' : 'between',
        done: [...done],
        remaining: current === null ? [...ahead] : [current, ...ahead],
      };
    },
  };
}

/**
 * What became of a write after a failure in the middle. A refusal after which something stands there, and every failure that is
 * for later, is told with the record as it is now, so that nobody takes our half for an edit of theirs.
 */
export async function outcomeAfter(
  key: string,
  failure: Failure,
  log: WriteLog,
  readNow: () => Promise<ExternalRecord | null>,
): Promise<WriteOutcome> {
  const plain = outcomeOf(key, failure);
  const progress = log.progress(failure);
  if (progress === undefined || !('failure' in plain)) return plain;
  const stands = progress.stands !== 'as_before';
  // Nothing was ever applied: there is nothing to tell, and a system that is down need not be asked again.
  if (!stands && !log.moved()) return plain;
  const record = await readNow().catch(() => null);
  const refused = plain.outcome === 'rejected' && (record !== null || !stands);
  return {
    key,
    outcome: refused ? 'rejected' : stands ? 'unknown' : plain.outcome,
    failure,
    progress,
    ...(record === null ? {} : { record }),
  };
}
