import { expect, it } from '@jest/globals';
import type { Progress } from '../../workflows/sync/messages.ts';
import { waitOf } from './progress.ts';

const idle: Progress = {
  state: 'idle',
  reason: null,
  waits: { until: '2026-03-01T08:15:30.000Z', why: 'postponed_push' },
  runId: null,
  entity: null,
  step: null,
  counts: {},
  lastRun: { runId: 'r1', failure: null },
};

it.each<[string, Progress | null, number, string | null]>([
  ['a worker that is just starting', null, 0, 'its workflow to answer'],
  ['a pass between two steps', { ...idle, state: 'running' }, 0, 'its next step to begin'],
  ['files', { ...idle, state: 'running', step: 'files' }, 0, 'its files to be carried over'],
  ['no run yet', { ...idle, lastRun: null }, 0, 'its first run to begin'],
  ['writes that were put off', idle, 3, '3 writes to be tried at 08:15:30 UTC'],
  ['writes that were just queued', { ...idle, waits: null }, 1, '1 write to be tried'],
  ['nothing left', idle, 0, null],
  ['a paused connection with nothing left', { ...idle, state: 'paused' }, 0, null],
])('says what a connection waits for: %s', (_case, progress, due, expected) => {
  expect(waitOf(progress, due)).toBe(expected);
});
