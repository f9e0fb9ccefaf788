/** An escalation policy as people write it. What needs the plant's people, teams and schedules is judged by `check-policy.ts`. */
import { z } from 'zod';
import { strictDailyWindow } from '../time/daily-window.ts';
import type { EscalationPlan } from './escalation.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'use small letters, digits, - and _, at most 100');
const reference = z.string().min(1).max(200);

const target = z.union([
  z.strictObject({ person: reference }),
  z.strictObject({ team: reference }),
  /** Whoever is on call when the step runs. */
  z.strictObject({ onCall: reference }),
]);
export type EscalationTarget = z.output<typeof target>;

const step = z.strictObject({
  notify: z.array(target).min(1, 'tell at least one person, team or on-call schedule').max(50),
  /** How long to wait for an acknowledgement before what follows. */
  waitS: z
    .number()
    .min(0)
    .max(7 * 24 * 3_600),
  /** The step runs within these hours only; due outside, it waits for them. */
  hours: z
    .strictObject({ zone: z.string().min(1).max(60), windows: z.array(strictDailyWindow).min(1).max(20) })
    .optional(),
});
export type EscalationStep = z.output<typeof step>;

export const escalationPolicy = z.strictObject({
  name,
  title: z.string().min(1).max(200),
  steps: z.array(step).min(1, 'write at least one step').max(20),
  /** How often the steps are gone through again. */
  repeat: z.int().min(0).max(20).default(0),
  /** An acknowledgement without an end counts this long, then it starts again; absent: for ever. */
  ackTimeoutS: z
    .number()
    .min(60)
    .max(30 * 24 * 3_600)
    .optional(),
});
export type EscalationPolicy = z.output<typeof escalationPolicy>;

export function planOf({ steps, repeat, ackTimeoutS }: EscalationPolicy): EscalationPlan {
  return {
    steps: steps.map(({ waitS }) => ({ waitMs: waitS * 1_000 })),
    rounds: 1 + repeat,
    ackTimeoutMs: ackTimeoutS === undefined ? null : ackTimeoutS * 1_000,
  };
}
