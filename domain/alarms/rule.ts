/**
 * An alarm rule as people write it. The schema judges what the document alone can show; what needs the plant's metrics,
 * policies and templates is judged by `check-rule.ts`. Durations end in their unit, limits are in `unit`.
 */
import { z } from 'zod';
import { LIMIT_OPERATORS, type LimitOperator } from './limit.ts';
import { ALARM_SEVERITIES, compareSeverity } from './severity.ts';

const DAY_S = 24 * 60 * 60;
/** Conditions inside conditions; deeper ones cannot be read by people any more. */
const DEPTH_MAX = 4;
const PARTS_MAX = 20;
/** Readings a deviation's history may hold; median and deviation of that many take about 0.1 ms. */
export const HISTORY_READINGS_MAX = 1_000;

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'use small letters, digits, - and _, at most 100');
const metric = z.string().min(1).max(200);
const unit = z.string().min(1).max(20);
const severity = z.enum(ALARM_SEVERITIES);
const seconds = z
  .number()
  .min(0)
  .max(366 * DAY_S);
const someSeconds = z
  .number()
  .min(1)
  .max(366 * DAY_S);
const words = z.array(z.string().min(1).max(100)).min(1).max(PARTS_MAX);
const limits = { limit: z.number(), deadband: z.number().min(0).default(0) };

const DIRECTIONS = ['above', 'below', 'either'] as const;
const CHANGES = ['rising', 'falling', 'either'] as const;
export const RATE_PERS = { second: 1, minute: 60, hour: 3_600, day: DAY_S } as const;

/** What is followed; a level or a part of a combination adds where it begins. */
const subjects = {
  /** The reading against a limit. */
  threshold: { kind: z.literal('threshold'), metric, unit: unit.optional(), op: z.enum(LIMIT_OPERATORS) },
  /** The change over a window, against a limit in units per second, minute, hour or day; the limit is positive. */
  rate: {
    kind: z.literal('rate'),
    metric,
    unit: unit.optional(),
    change: z.enum(CHANGES),
    per: z.enum(['second', 'minute', 'hour', 'day']),
    windowS: someSeconds,
  },
  /**
   * The distance from the asset's own history, against a limit in spreads: (reading - median) / max(1.4826 x MAD, spreadMin),
   * of the readings from `lagS` ago back to `historyS` before that, one in `everyS`.
   */
  deviation: {
    kind: z.literal('deviation'),
    metric,
    unit: unit.optional(),
    direction: z.enum(DIRECTIONS),
    historyS: someSeconds,
    everyS: someSeconds,
    lagS: seconds.default(0),
    readingsMin: z.int().min(5).max(HISTORY_READINGS_MAX).default(30),
    /** The smallest spread that is believed, in `unit`: a series that stood still would make an alarm of any change. */
    spreadMin: z.number().positive(),
  },
  /** No reading for `afterS`. */
  stale: { kind: z.literal('stale'), metric },
  /** The reading is one of some words. */
  word: { kind: z.literal('word'), metric },
} as const;

function levels<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .array(z.strictObject({ severity, ...shape }))
    .min(1)
    .max(ALARM_SEVERITIES.length);
}

const leveled = [
  z.strictObject({ ...subjects.threshold, levels: levels(limits) }),
  z.strictObject({ ...subjects.rate, levels: levels(limits) }),
  z.strictObject({ ...subjects.deviation, levels: levels(limits) }),
  z.strictObject({ ...subjects.stale, levels: levels({ afterS: someSeconds }) }),
  z.strictObject({ ...subjects.word, levels: levels({ words }) }),
] as const;

const single = [
  z.strictObject({ ...subjects.threshold, ...limits }),
  z.strictObject({ ...subjects.rate, ...limits }),
  z.strictObject({ ...subjects.deviation, ...limits }),
  z.strictObject({ ...subjects.stale, afterS: someSeconds }),
  z.strictObject({ ...subjects.word, words }),
] as const;

export type SingleCondition = z.infer<(typeof single)[number]>;
export type LeveledCondition = z.infer<(typeof leveled)[number]>;
export type Part = SingleCondition | { kind: 'all' | 'any'; of: Part[] };

const parts = z.lazy(() => z.array(part).min(1).max(PARTS_MAX));
const part: z.ZodType<Part> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    ...single,
    z.strictObject({ kind: z.literal('all'), of: parts }),
    z.strictObject({ kind: z.literal('any'), of: parts }),
  ]),
);

const condition = z.discriminatedUnion('kind', [
  ...leveled,
  /** Every part holds at the same time. */
  z.strictObject({ kind: z.literal('all'), severity, of: parts }),
  z.strictObject({ kind: z.literal('any'), severity, of: parts }),
]);
export type Condition = z.infer<typeof condition>;

const names = z.array(z.string().min(1).max(200)).max(1_000).default([]);

/** An asset is meant when each list that is not empty names it; empty lists mean every asset. */
const scope = z.strictObject({ assets: names, classes: names, tags: names, locations: names });
export type RuleScope = z.infer<typeof scope>;

const shape = z.strictObject({
  name,
  title: z.string().min(1).max(200),
  /** The word alerts of this rule carry, e.g. `high_temperature`. */
  alertType: name,
  enabled: z.boolean().default(true),
  scope: scope.prefault({}),
  when: condition,
  /** The condition has to hold this long before the alarm is active. For excursions that need no action. */
  onDelayS: seconds.default(0),
  /** The condition has to be gone this long before the alarm is over. Holds it through short dips. */
  offDelayS: seconds.default(0),
  /** Whether an alarm that is over stays until somebody resets it. */
  latching: z.boolean().default(false),
  /** An acknowledged alarm that is still active comes back after this long; absent: never. */
  realarmS: someSeconds.optional(),
  /** Readings wait this long for those they may have overtaken. It delays every alarm of the rule by as much. */
  latenessS: seconds.default(0),
  /** The longest that a person may shelve it. */
  shelveMaxS: z
    .number()
    .min(60)
    .max(30 * DAY_S)
    .default(8 * 3_600),
  /** An alarm that protects people: repair and a parent that is down do not suppress it, a flood does not hold it back. */
  safety: z.boolean().default(false),
  /** While it is active, the assets below its own are taken for down with it, and their alarms are suppressed. */
  inhibits: z.boolean().default(false),
  /** Name of the escalation policy; absent: it does not escalate. */
  escalation: name.optional(),
  /** Name of the template of the work order that it opens, once per alarm; absent: none. */
  workOrder: name.optional(),
});

export const alarmRule = shape.superRefine((rule, context) => {
  const { when } = rule;
  if ('of' in when) {
    if (depthOf(when.of) > DEPTH_MAX) {
      context.addIssue({
        code: 'custom',
        path: ['when', 'of'],
        message: `conditions may stand ${String(DEPTH_MAX)} deep in each other`,
      });
    }
    return;
  }
  when.levels.forEach((level, index) => {
    const before = when.levels[index - 1];
    if (before === undefined) return;
    if (compareSeverity(level.severity, before.severity) <= 0) {
      context.addIssue({
        code: 'custom',
        path: ['when', 'levels', index, 'severity'],
        message: `levels go from the least to the most severe: ${level.severity} cannot follow ${before.severity}`,
      });
    }
    const problem = orderProblem(when, level, before);
    if (problem !== null) {
      context.addIssue({
        code: 'custom',
        path: ['when', 'levels', index, problem.field],
        message: problem.message,
      });
    }
  });
});
export type AlarmRule = z.infer<typeof alarmRule>;

function depthOf(of: readonly Part[]): number {
  return 1 + Math.max(0, ...of.map((one) => ('of' in one ? depthOf(one.of) : 0)));
}

type Level = LeveledCondition['levels'][number];

/** A level that begins before the one below it would hide it. */
function orderProblem(
  when: LeveledCondition,
  level: Level,
  before: Level,
): { field: string; message: string } | null {
  if ('afterS' in level && 'afterS' in before && level.afterS <= before.afterS) {
    return { field: 'afterS', message: 'a more severe level begins later than the one before it' };
  }
  if (!('limit' in level) || !('limit' in before)) return null;
  const falls = when.kind === 'threshold' && isBelow(when.op);
  const further = falls ? level.limit < before.limit : level.limit > before.limit;
  if (further) return null;
  return {
    field: 'limit',
    message: `a more severe level begins ${falls ? 'below' : 'above'} the one before it, at ${String(before.limit)}`,
  };
}

export function isBelow(op: LimitOperator): boolean {
  return op === 'lt' || op === 'le';
}
