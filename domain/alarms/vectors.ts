/** Answers the vectors of kind `alarm`: rule and events in seconds, in the order of their arrival; transitions out. */
import { z } from 'zod';
import type { VectorAdapters } from '../vectors/adapter.ts';
import { readInput } from '../read-input.ts';
import { startAlarm, type AlarmInput } from './alarm-state.ts';
import type { CompiledLevel, CompiledRule, Test } from './compiled-rule.ts';
import { applyInputs } from './engine.ts';
import { inEventOrder } from './input-order.ts';
import { LIMIT_OPERATORS } from './limit.ts';
import { ALARM_ACTIONS } from './phases.ts';

const duration = z.number().nonnegative().nullish();
/** The rules say that levels have a severity without naming its field; `name` is read too. */
const level = z
  .object({
    severity: z.string().nullish(),
    name: z.string().nullish(),
    limit: z.number(),
    deadband: z.number().nonnegative().nullish(),
  })
  .transform(({ severity, name, ...rest }) => ({ ...rest, severity: severity ?? name ?? '' }));
const given = z.object({
  rule: z
    .object({
      op: z.enum([...LIMIT_OPERATORS, 'stale']),
      limit: z.number().nullish(),
      deadband: z.number().nonnegative().nullish(),
      levels: z.array(level).min(1).nullish(),
      on_delay_s: duration,
      off_delay_s: duration,
      latching: z.boolean().nullish(),
      realarm_s: duration,
    })
    .refine((rule) => (rule.levels ?? rule.limit ?? null) !== null, {
      path: ['limit'],
      message: 'give a limit, or levels with limits',
    }),
  events: z.array(
    z.union([
      z.object({ t: z.number(), value: z.number() }),
      z.object({ t: z.number(), op: z.enum(ALARM_ACTIONS), for_s: duration }),
    ]),
  ),
  until: z.number(),
});
type Given = z.infer<typeof given>;

const METRIC = 'value';

export const alarmVectors: VectorAdapters = { alarm: { answer: answerAlarm } };

export function answerAlarm(input: unknown): unknown {
  const { events, until, ...asked } = readInput(given, input);
  const rule = compiled(asked.rule);
  const inputs = inEventOrder([...withoutLate(events).map(inputOf), { kind: 'time', at: ms(until) }]).filter(
    ({ at }) => at <= ms(until),
  );
  const { state, transitions } = applyInputs(rule, startAlarm(rule, 0), inputs);
  return {
    transitions: transitions.map(({ at, ...told }) => ({ t: at / 1_000, ...told })),
    final: state.phase,
  };
}

function compiled(rule: Given['rule']): CompiledRule {
  const levels = rule.levels ?? [{ severity: null, limit: rule.limit ?? 0, deadband: null }];
  return {
    quantities: [{ kind: 'value', metric: METRIC }],
    tests: levels.map(({ limit, deadband }) => testOf(rule.op, limit, deadband ?? rule.deadband ?? 0)),
    levels: levels.map(({ severity }, index): CompiledLevel => ({ severity, when: { test: index } })),
    onDelayMs: ms(rule.on_delay_s ?? 0),
    offDelayMs: ms(rule.off_delay_s ?? 0),
    latching: rule.latching ?? false,
    realarmMs: (rule.realarm_s ?? 0) > 0 ? ms(rule.realarm_s ?? 0) : null,
  };
}

function testOf(op: Given['rule']['op'], limit: number, deadband: number): Test {
  if (op === 'stale') return { kind: 'stale', metric: METRIC, afterMs: ms(limit) };
  return { kind: 'limit', quantity: 0, op, limit, deadband };
}

/** What arrives older than the newest sample before it is ignored, whatever its place by time. */
function withoutLate(events: Given['events']): Given['events'] {
  let newest = -Infinity;
  return events.filter((event) => {
    if (!('value' in event)) return true;
    const late = event.t < newest;
    newest = Math.max(newest, event.t);
    return !late;
  });
}

function inputOf(event: Given['events'][number]): AlarmInput {
  const at = ms(event.t);
  if ('value' in event) return { kind: 'readings', at, values: [{ metric: METRIC, value: event.value }] };
  const forS = event.for_s ?? null;
  return { kind: 'action', at, action: event.op, ...(forS === null ? {} : { forMs: ms(forS) }) };
}

function ms(seconds: number): number {
  return Math.round(seconds * 1_000);
}
