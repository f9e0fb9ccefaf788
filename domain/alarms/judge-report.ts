/**
 * What a single report says by the rules. Each rule is judged by the engine that judges series, from a fresh start: nothing
 * before the report counts, and a rule that waits (an on-delay, a rate, a history) finds nothing in one report.
 * Which rules are meant for the asset is the caller's to know.
 */
import { Failure } from '../kernel/failure.ts';
import type { Metrics } from '../readings/metrics.ts';
import { startAlarm, type MetricValue } from './alarm-state.ts';
import { compileRule } from './compile-rule.ts';
import { highestActive } from './conditions.ts';
import { applyInput } from './engine.ts';
import type { LimitOperator } from './limit.ts';
import type { AlarmRule } from './rule.ts';
import type { AlarmSeverity } from './severity.ts';

export interface Finding {
  alertType: string;
  severity: AlarmSeverity;
  /** What is the matter, for people, e.g. `temperature is 91 °C, above 80 °C`. */
  text: string;
}

const OPERATOR_WORDS: Readonly<Record<LimitOperator, string>> = {
  gt: 'above',
  ge: 'at or above',
  lt: 'below',
  le: 'at or below',
};

/** In the order of the rules; the values are in the units that the metrics are kept in. */
export function judgeReport(
  rules: readonly AlarmRule[],
  metrics: Metrics,
  values: readonly MetricValue[],
): Finding[] {
  return rules.flatMap((rule): Finding[] => {
    if (!rule.enabled) return [];
    const compiled = compileRule(rule, metrics);
    const { state } = applyInput(compiled, startAlarm(compiled, 0), { kind: 'readings', at: 0, values });
    const level = highestActive(state.levels);
    if (level === null) return [];
    return [
      {
        alertType: rule.alertType,
        severity: severityOf(rule, level),
        text: textOf(rule, level, metrics, values),
      },
    ];
  });
}

function severityOf({ when }: AlarmRule, index: number): AlarmSeverity {
  const level = 'of' in when ? when : when.levels[index];
  if (level === undefined) throw new Failure('bug', 'An alarm is at a level that its rule does not have.');
  return level.severity;
}

/** A condition over several metrics is told by its title alone. */
function textOf(
  { title, when }: AlarmRule,
  index: number,
  metrics: Metrics,
  values: readonly MetricValue[],
): string {
  if ('of' in when) return title;
  const value = values.find(({ metric }) => metric === when.metric)?.value;
  if (value === undefined) return title;
  const is = `${when.metric.replaceAll('_', ' ')} is ${inUnit(value, metrics[when.metric]?.unit)}`;
  if (when.kind === 'word') return is;
  const limit = when.kind === 'threshold' ? when.levels[index]?.limit : undefined;
  if (when.kind !== 'threshold' || limit === undefined) return `${is} (${title})`;
  return `${is}, ${OPERATOR_WORDS[when.op]} ${inUnit(limit, when.unit)}`;
}

function inUnit(value: number | string, unit: string | null | undefined): string {
  return unit === null || unit === undefined ? String(value) : `${String(value)} ${unit}`;
}
