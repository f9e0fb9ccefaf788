import { describe, expect, it } from '@jest/globals';
import { afterPass, nextAction, type ConnectionState, type Mode, type PassEnd } from './decide.ts';
import { WORKFLOW_LIMITS } from './limits.ts';

const NOW = 1_000_000_000;

function state(over: Partial<ConnectionState> & { modes?: readonly Mode[] } = {}): ConnectionState {
  const { modes = [], ...rest } = over;
  return {
    paused: false,
    ended: false,
    lastSweepAtMs: NOW,
    lastPollAtMs: NOW,
    pollMs: 60_000,
    retryAtMs: null,
    hiddenLooks: 0,
    asked: new Map(modes.map((mode) => [mode, { runId: mode, entities: new Set() }])),
    abandoned: new Set(),
    last: null,
    passes: 0,
    ...rest,
  };
}

describe('what a connection does next', () => {
  it.each<[string, ConnectionState, ReturnType<typeof nextAction>]>([
    ['a deleted one ends', state({ ended: true, modes: ['poll'] }), { do: 'end' }],
    ['a paused one rests, whatever was asked', state({ paused: true, modes: ['hub'] }), { do: 'rest' }],
    ['nothing is due: it sleeps to its interval', state(), { do: 'sleep', forMs: 60_000, why: 'interval' }],
    [
      'a postponed push wakes it before',
      state({ retryAtMs: NOW + 250 }),
      { do: 'sleep', forMs: 250, why: 'postponed_push' },
    ],
    ['the interval is over', state({ lastPollAtMs: NOW - 60_000 }), { do: 'ask', modes: ['poll'] }],
    ['the push is due', state({ retryAtMs: NOW }), { do: 'ask', modes: ['hub'] }],
    [
      'a day went by',
      state({ lastSweepAtMs: NOW - WORKFLOW_LIMITS.sweepEveryMs }),
      { do: 'ask', modes: ['sweep'] },
    ],
    [
      'what was asked is not asked again',
      state({ lastPollAtMs: 0, modes: ['poll'] }),
      { do: 'run', mode: 'poll' },
    ],
    ['a poke goes before a full read', state({ modes: ['full', 'hint', 'hub'] }), { do: 'run', mode: 'hub' }],
    [
      'after a poke something greater goes first',
      state({ modes: ['full', 'hint'], last: 'hub' }),
      { do: 'run', mode: 'full' },
    ],
    [
      'a long history continues as new before the next pass',
      state({ modes: ['poll'], passes: WORKFLOW_LIMITS.passesPerRunMax }),
      { do: 'continue_as_new' },
    ],
  ])('%s', (_what, given, action) => {
    expect(nextAction(given, NOW, false)).toEqual(action);
  });

  it('continues as new when the server asks for it', () => {
    expect(nextAction(state({ modes: ['poll'] }), NOW, true)).toEqual({ do: 'continue_as_new' });
  });
});

describe('what a pass leaves behind', () => {
  const end = (over: Partial<PassEnd> = {}): PassEnd => ({
    runId: 'run',
    mode: 'poll',
    pollMs: 30_000,
    ran: true,
    failure: null,
    nextPushInMs: null,
    feedHidden: false,
    moved: true,
    ...over,
  });
  const cancelled = { kind: 'cancelled', message: 'Stopped.' };

  it.each<[string, ConnectionState, PassEnd, Partial<ReturnType<typeof afterPass>>]>([
    ['the interval begins anew', state({ lastPollAtMs: 0 }), end(), { lastPollAtMs: NOW, pollMs: 30_000 }],
    ['a poke moves no interval', state({ lastPollAtMs: 5 }), end({ mode: 'hub' }), { lastPollAtMs: 5 }],
    [
      'changes that stay hidden are looked for less and less often',
      state({ hiddenLooks: 3 }),
      end({ nextPushInMs: 250, feedHidden: true, moved: false }),
      { retryAtMs: NOW + 4_000, hiddenLooks: 4 },
    ],
    [
      'but once in half a minute',
      state({ hiddenLooks: 99 }),
      end({ nextPushInMs: 250, feedHidden: true, moved: false }),
      { retryAtMs: NOW + WORKFLOW_LIMITS.hiddenFeedMaxMs },
    ],
    [
      'what moved is followed at once',
      state({ hiddenLooks: 9 }),
      end({ nextPushInMs: 250, feedHidden: true }),
      { retryAtMs: NOW + 250, hiddenLooks: 0 },
    ],
    ['a push waits its time', state(), end({ nextPushInMs: 250 }), { retryAtMs: NOW + 250 }],
    [
      'after a failure the interval is soon enough',
      state(),
      end({ nextPushInMs: 250, failure: { kind: 'unavailable', message: '' } }),
      { retryAtMs: null },
    ],
    [
      'a pass without work leaves a later push',
      state({ retryAtMs: NOW + 9 }),
      end({ ran: false }),
      { retryAtMs: NOW + 9 },
    ],
    ['and forgets one that was due', state({ retryAtMs: NOW }), end({ ran: false }), { retryAtMs: null }],
    [
      'a cancelled full read begins again',
      state(),
      end({ mode: 'full', failure: cancelled }),
      { again: 'full' },
    ],
    ['a cancelled poll does not', state(), end({ failure: cancelled }), { again: null }],
    [
      'nor what a person cancelled',
      state({ abandoned: new Set(['run']) }),
      end({ mode: 'full', failure: cancelled }),
      { again: null },
    ],
  ])('%s', (_what, before, given, left) => {
    expect(afterPass(before, given, NOW)).toMatchObject(left);
  });
});
