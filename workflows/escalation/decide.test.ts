import { describe, expect, it } from '@jest/globals';
import { nextEscalationAction, type EscalationFacts } from './decide.ts';
import { ESCALATION_LIMITS } from './limits.ts';

const FACTS: EscalationFacts = {
  now: 1_000,
  nextAt: 61_000,
  woken: false,
  steps: 1,
  continueAsNewSuggested: false,
};

describe('an escalation', () => {
  it.each([
    ['waits for its next timer', {}, { do: 'wait', forMs: 60_000 }],
    ['never waits less than the clocks of two workers differ', { nextAt: 900 }, { do: 'wait', forMs: 200 }],
    ['looks at least daily', { nextAt: 1e12 }, { do: 'wait', forMs: ESCALATION_LIMITS.waitMaxMs }],
    ['steps when it is woken', { woken: true }, { do: 'step' }],
    ['steps when it is woken although no timer runs', { woken: true, nextAt: null }, { do: 'step' }],
    ['ends when no timer runs', { nextAt: null }, { do: 'end' }],
    ['continues as new at its bound', { steps: 500 }, { do: 'continue_as_new' }],
    ['continues as new when the server asks', { continueAsNewSuggested: true }, { do: 'continue_as_new' }],
    ['carries a wake-up over', { woken: true, steps: 500 }, { do: 'continue_as_new' }],
  ] as const)('%s', (_what, facts, action) => {
    expect(nextEscalationAction({ ...FACTS, ...facts })).toEqual(action);
  });
});
