/** What an escalation does next. Pure. */
import { ESCALATION_LIMITS } from './limits.ts';

export interface EscalationFacts {
  now: number;
  /** When the next timer of the escalation ends; null when none runs. */
  nextAt: number | null;
  /** Somebody said that the alert changed, and it has not been looked at since. */
  woken: boolean;
  steps: number;
  continueAsNewSuggested: boolean;
}

export type EscalationAction =
  { do: 'step' } | { do: 'wait'; forMs: number } | { do: 'continue_as_new' } | { do: 'end' };

export function nextEscalationAction(facts: EscalationFacts): EscalationAction {
  const { now, nextAt, woken, steps, continueAsNewSuggested } = facts;
  const full = steps >= ESCALATION_LIMITS.stepsPerRunMax || continueAsNewSuggested;
  if (woken) return full ? { do: 'continue_as_new' } : { do: 'step' };
  // Nothing runs: whoever changes the alert starts it again, and it goes on from what is stored.
  if (nextAt === null) return { do: 'end' };
  if (full) return { do: 'continue_as_new' };
  const forMs = Math.min(ESCALATION_LIMITS.waitMaxMs, Math.max(ESCALATION_LIMITS.waitMinMs, nextAt - now));
  return { do: 'wait', forMs };
}
