/**
 * Judges an alarm rule against the plant: its metrics and their units and spans, its escalation policies, its work order
 * templates. Every refusal names the field and says what to change; a rule that passes can be compiled and run.
 */
import { checkInput, type Checked, type Problem } from '../read-input.ts';
import type { Metric, Metrics } from '../readings/metrics.ts';
import { convertDifference, convertValue, isConvertible, unitsLike } from '../readings/units.ts';
import { alarmRule, HISTORY_READINGS_MAX, type AlarmRule, type Part, type SingleCondition } from './rule.ts';

export interface RuleFacts {
  metrics: Metrics;
  /** Names of what a rule may refer to. */
  escalations: ReadonlySet<string>;
  workOrderTemplates: ReadonlySet<string>;
}

export function checkRule(input: unknown, facts: RuleFacts): Checked<AlarmRule> {
  const read = checkInput(alarmRule, input);
  if (!read.ok) return read;
  const rule = read.value;
  const problems = [
    ...conditionProblems(rule, facts.metrics),
    ...timeProblems(rule),
    ...unknownName(rule.escalation, {
      path: 'escalation',
      what: 'escalation policy',
      known: facts.escalations,
    }),
    ...unknownName(rule.workOrder, {
      path: 'workOrder',
      what: 'work order template',
      known: facts.workOrderTemplates,
    }),
  ];
  return problems.length === 0 ? read : { ok: false, problems };
}

function conditionProblems({ when }: AlarmRule, metrics: Metrics): Problem[] {
  if ('of' in when) return partProblems(when.of, 'when.of', metrics);
  return [
    ...subjectProblems(when, 'when', metrics),
    ...when.levels.flatMap((level, index) =>
      limitProblems({ ...when, ...level } as SingleCondition, `when.levels[${String(index)}]`, metrics),
    ),
  ];
}

function partProblems(parts: readonly Part[], field: string, metrics: Metrics): Problem[] {
  return parts.flatMap((part, index) => {
    const at = `${field}[${String(index)}]`;
    if ('of' in part) return partProblems(part.of, `${at}.of`, metrics);
    return [...subjectProblems(part, at, metrics), ...limitProblems(part, at, metrics)];
  });
}

type Subject = Pick<SingleCondition, 'kind' | 'metric'> & {
  unit?: string | undefined;
  historyS?: number;
  everyS?: number;
  readingsMin?: number;
};

/** What a condition follows: a metric that exists, fits the kind, and in a unit that fits the metric. */
function subjectProblems(subject: Subject, field: string, metrics: Metrics): Problem[] {
  const metric = metricOf(metrics, subject.metric);
  if (metric === null) {
    return [
      {
        path: `${field}.metric`,
        reason: `there is no metric "${subject.metric}"; there are ${Object.keys(metrics).join(', ')}`,
      },
    ];
  }
  if (subject.kind === 'stale') return [];
  if ((subject.kind === 'word') !== (metric.kind === 'word')) {
    return [
      {
        path: `${field}.kind`,
        reason:
          metric.kind === 'word'
            ? `${subject.metric} is told in words; use the kind word.`
            : `${subject.metric} is a number; the kind word does not fit it`,
      },
    ];
  }
  return [...unitProblems(subject, field, metric), ...historyProblems(subject, field)];
}

function unitProblems(subject: Subject, field: string, metric: Metric): Problem[] {
  if (subject.kind === 'word') return [];
  const { unit } = subject;
  const at = `${field}.unit`;
  if (metric.unit === null) {
    return unit === undefined ? [] : [{ path: at, reason: `${subject.metric} has no unit; leave it out` }];
  }
  if (unit === undefined) {
    return [{ path: at, reason: `a limit needs its unit; ${subject.metric} is kept in ${metric.unit}` }];
  }
  if (isConvertible(unit, metric.unit)) return [];
  return [
    {
      path: at,
      reason: `${unit} does not measure ${subject.metric}; use ${unitsLike(metric.unit).join(', ')}`,
    },
  ];
}

function historyProblems(subject: Subject, field: string): Problem[] {
  const { historyS, everyS, readingsMin } = subject;
  if (historyS === undefined || everyS === undefined || readingsMin === undefined) return [];
  const kept = Math.floor(historyS / everyS);
  if (kept > HISTORY_READINGS_MAX) {
    return [
      {
        path: `${field}.everyS`,
        reason: `a history of ${String(historyS)} s with a reading every ${String(everyS)} s holds ${String(kept)}; keep at most ${String(HISTORY_READINGS_MAX)}, e.g. one every ${String(Math.ceil(historyS / HISTORY_READINGS_MAX))} s`,
      },
    ];
  }
  if (kept >= readingsMin) return [];
  return [
    {
      path: `${field}.readingsMin`,
      reason: `the history never holds ${String(readingsMin)} readings, only ${String(kept)}; the rule would never judge`,
    },
  ];
}

/** The limit and the deadband against the span that the metric can have, both in the metric's unit. */
function limitProblems(single: SingleCondition, field: string, metrics: Metrics): Problem[] {
  const metric = metricOf(metrics, single.metric);
  if (metric === null) return [];
  if (single.kind === 'word') return wordProblems(single.words, field, metric);
  if (single.kind === 'stale') return [];
  if (single.kind !== 'threshold') return distanceProblems(single, field);
  const { unit } = single;
  if (
    metric.span === null ||
    (metric.unit !== null && (unit === undefined || !isConvertible(unit, metric.unit)))
  ) {
    return [];
  }
  const from = unit ?? '';
  const to = metric.unit ?? '';
  const [lowest, highest] = metric.span;
  const limit = convertValue(single.limit, from, to);
  const deadband = convertDifference(single.deadband, from, to);
  const span = `${String(lowest)} to ${String(highest)} ${to}`.trim();
  if (deadband > highest - lowest) {
    return [
      {
        path: `${field}.deadband`,
        reason: `the deadband is larger than the whole span of ${single.metric}, ${span}; the alarm would never end`,
      },
    ];
  }
  if (limit < lowest || limit > highest) {
    return [{ path: `${field}.limit`, reason: `${single.metric} lies in ${span}; the limit is outside` }];
  }
  const back = single.op === 'gt' || single.op === 'ge' ? limit - deadband : limit + deadband;
  if (back >= lowest && back <= highest) return [];
  return [
    {
      path: `${field}.deadband`,
      reason: `back by the deadband is ${String(back)}, outside ${span}; the alarm would never end`,
    },
  ];
}

/** Limits of rates and deviations are distances: which side is meant is a word of its own. */
function distanceProblems(single: { limit: number; deadband: number }, field: string): Problem[] {
  if (single.limit <= 0) {
    return [{ path: `${field}.limit`, reason: 'write a limit above 0; the direction says to which side' }];
  }
  if (single.deadband < single.limit) return [];
  return [
    {
      path: `${field}.deadband`,
      reason: `a deadband of ${String(single.deadband)} reaches past 0 from ${String(single.limit)}; make it smaller than the limit`,
    },
  ];
}

function wordProblems(words: readonly string[], field: string, metric: Metric): Problem[] {
  const known = metric.words ?? [];
  return words.flatMap((word, index) =>
    known.includes(word)
      ? []
      : [
          {
            path: `${field}.words[${String(index)}]`,
            reason: `"${word}" is not among ${known.join(', ')}`,
          },
        ],
  );
}

function timeProblems(rule: AlarmRule): Problem[] {
  const { latenessS, realarmS, shelveMaxS, safety, when } = rule;
  const problems: Problem[] = [];
  if (!('of' in when) && when.kind === 'stale' && latenessS > 0) {
    problems.push({
      path: 'latenessS',
      reason: 'readings that come late are what this rule is about; leave the lateness at 0',
    });
  }
  if (realarmS !== undefined && realarmS < 60) {
    problems.push({
      path: 'realarmS',
      reason: 'leave people at least 60 s between an acknowledgement and a reminder',
    });
  }
  if (safety && shelveMaxS > 8 * 3_600) {
    problems.push({ path: 'shelveMaxS', reason: 'a safety alarm may be shelved for 8 h (28800) at most' });
  }
  return problems;
}

function unknownName(
  name: string | undefined,
  { path, what, known }: { path: string; what: string; known: ReadonlySet<string> },
): Problem[] {
  if (name === undefined || known.has(name)) return [];
  const there = known.size === 0 ? 'there is none yet' : `there are ${[...known].join(', ')}`;
  return [{ path, reason: `there is no ${what} "${name}"; ${there}` }];
}

function metricOf(metrics: Metrics, name: string): Metric | null {
  return Object.hasOwn(metrics, name) ? (metrics[name] ?? null) : null;
}
