/** Answers the vectors of kind `escalation`: policy and events in seconds; who was told when, and the state at the end. */
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import type { VectorAdapters } from '../vectors/adapter.ts';
import { escalate, NOT_ESCALATED, type EscalationInput, type EscalationPlan } from './escalation.ts';

const seconds = z.number().nonnegative();
const given = z.object({
  policy: z.object({
    steps: z.array(z.object({ notify: z.array(z.string()), wait_s: seconds })).min(1),
    repeat: z.int().nonnegative().nullish(),
    ack_timeout_s: seconds.nullish(),
  }),
  events: z.array(z.object({ t: z.number(), op: z.enum(['raise', 'ack', 'resolve']) })),
  until: z.number(),
});

export function answerEscalation(input: unknown): unknown {
  const { policy, events, until } = readInput(given, input);
  const plan: EscalationPlan = {
    steps: policy.steps.map(({ wait_s }) => ({ waitMs: ms(wait_s) })),
    rounds: 1 + (policy.repeat ?? 0),
    ackTimeoutMs: (policy.ack_timeout_s ?? 0) > 0 ? ms(policy.ack_timeout_s ?? 0) : null,
  };
  const duty = {
    opensAt: (_step: number, at: number) => at,
    reach: (step: number) => policy.steps[step]?.notify ?? [],
  };
  const actions = events
    .filter(({ t }) => t <= until)
    .sort((a, b) => a.t - b.t)
    .map(({ t, op }): EscalationInput => ({ kind: 'action', at: ms(t), action: op }));
  let state = NOT_ESCALATED;
  const notifications: unknown[] = [];
  for (const one of [...actions, { kind: 'time', at: ms(until) } as const]) {
    const outcome = escalate(plan, duty, state, one);
    state = outcome.state;
    for (const record of outcome.records) {
      if (record.kind !== 'notify') continue;
      const { at, round, step, to } = record;
      notifications.push({ t: at / 1_000, round, step, to });
    }
  }
  return { notifications, final: state.phase, final_t: state.since === null ? null : state.since / 1_000 };
}

export const escalationVectors: VectorAdapters = { escalation: { answer: answerEscalation } };

function ms(value: number): number {
  return Math.round(value * 1_000);
}
