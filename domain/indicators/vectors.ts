/**
 * Adapters of the vector kinds `compliance` and `kpi`. The rules give the formulas of an indicator and not always the names
 * of its fields; so a field of `kpi` is found by its stem with any unit of time behind it, and an answer stands under every
 * name that is likely. Only the adapter guesses; the functions themselves have one name for each thing.
 */
import { z } from 'zod';
import { Failure } from '../kernel/failure.ts';
import { readInput } from '../read-input.ts';
import { instantField, momentField } from '../time/fields.ts';
import { intervalField } from '../time/intervals.ts';
import type { VectorAdapters, VectorContext } from '../vectors/adapter.ts';
import { compliance } from './compliance.ts';
import {
  backlogWeeks,
  oee,
  pmCompliancePct,
  scheduleCompliancePct,
  smcpPct,
  wrenchTimePct,
} from './ratios.ts';
import { reliability } from './reliability.ts';

const amount = z.number().min(0).nullish();

const complianceGiven = z.object({
  zone: z.string(),
  cycle: intervalField,
  policy: z.object({
    late_days: amount,
    late_pct: amount,
    late_max_days: amount,
    early_days: amount,
    early_pct: amount,
    early_max_days: amount,
  }),
  as_of: momentField,
  items: z.array(
    z.object({ due: momentField, completed: momentField.nullish(), cancelled: z.unknown().optional() }),
  ),
});

function answerCompliance(given: unknown, { zones }: VectorContext): unknown {
  const { zone, cycle, policy, as_of: asOf, items } = readInput(complianceGiven, given);
  const result = compliance({
    zone: zones.zone(zone),
    cycle,
    policy: {
      late: { days: policy.late_days, pct: policy.late_pct, maxDays: policy.late_max_days },
      early: { days: policy.early_days, pct: policy.early_pct, maxDays: policy.early_max_days },
    },
    asOf,
    items: items.map(({ due, completed, cancelled }) => ({
      due,
      completed: completed ?? null,
      cancelled: Boolean(cancelled),
    })),
  });
  return {
    late_days: result.lateDays,
    early_days: result.earlyDays,
    statuses: result.statuses,
    counted: result.counted,
    on_time: result.onTime,
    pct: result.pct,
  };
}

const reliabilityGiven = z.object({
  period: z.object({ from: instantField, to: instantField }),
  downtime: z.array(
    z.object({ type: z.enum(['failure', 'planned']), from: instantField, to: instantField.nullish() }),
  ),
});

function answerReliability(given: unknown): unknown {
  const { period, downtime } = readInput(reliabilityGiven, given);
  const result = reliability({
    fromMs: period.from,
    toMs: period.to,
    downtime: downtime.map(({ type, from, to }) => ({ type, fromMs: from, toMs: to ?? null })),
  });
  return {
    period_h: result.periodHours,
    failures: result.failures,
    downtime_failure_h: result.downtimeFailureHours,
    downtime_planned_h: result.downtimePlannedHours,
    uptime_h: result.uptimeHours,
    mtbf_h: result.mtbfHours,
    mttr_h: result.mttrHours,
    availability_inherent_pct: result.availabilityInherentPct,
    availability_operational_pct: result.availabilityOperationalPct,
  };
}

type Fields = Readonly<Record<string, unknown>>;

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  seconds: 1,
  min: 60,
  minutes: 60,
  h: 3600,
  hours: 3600,
  days: 86_400,
};

/** The number whose name is one of the stems, alone or with a unit behind it; times with a unit come out in seconds. */
function quantity(given: Fields, stems: readonly string[]): number {
  for (const stem of stems)
    for (const [name, value] of Object.entries(given)) {
      if (typeof value !== 'number') continue;
      if (name === stem) return value;
      const unit = name.startsWith(`${stem}_`) ? name.slice(stem.length + 1).replace(/^time_/, '') : '';
      const seconds = Object.hasOwn(SECONDS, unit) ? SECONDS[unit] : undefined;
      if (seconds !== undefined) return value * seconds;
    }
  throw new Failure('invalid_request', `given lacks a number ${stems.join(' or ')}`, {
    path: stems[0] ?? '',
  });
}

/** The first of several names that is there, as it is. */
function number(given: Fields, ...names: string[]): number {
  const name = names.find((candidate) => typeof given[candidate] === 'number');
  if (name === undefined)
    throw new Failure('invalid_request', `given lacks a number ${names.join(' or ')}`, {
      path: names[0] ?? '',
    });
  return given[name] as number;
}

function underNames(metric: string, value: number | null): Fields {
  return { value, pct: value, [metric]: value, [`${metric}_pct`]: value };
}

/** Each metric but reliability: its answer from the fields of `given`. */
const METRICS: Readonly<Record<string, (given: Fields) => Fields>> = {
  pm_compliance: (given) =>
    underNames('pm_compliance', pmCompliancePct(number(given, 'on_time'), number(given, 'due'))),
  schedule_compliance: (given) =>
    underNames(
      'schedule_compliance',
      scheduleCompliancePct(
        quantity(given, ['done_as_scheduled', 'done', 'completed_as_scheduled', 'completed']),
        quantity(given, ['scheduled']),
      ),
    ),
  wrench_time: (given) =>
    underNames('wrench_time', wrenchTimePct(quantity(given, ['wrench']), quantity(given, ['paid']))),
  smcp: (given) =>
    underNames(
      'smcp',
      smcpPct(number(given, 'days_late', 'late_days'), number(given, 'cycle', 'cycle_days')),
    ),
  backlog_weeks: (given) => {
    const value = backlogWeeks({
      readyHours: number(given, 'ready_hours', 'ready_h'),
      crew: number(given, 'crew'),
      hoursPerWeek: number(given, 'hours_per_week', 'h_per_week'),
      productivePct: number(given, 'productive_pct'),
    });
    return { value, weeks: value, backlog: value, backlog_weeks: value };
  },
  oee: (given) => {
    const result = oee({
      plannedTime: quantity(given, ['planned', 'planned_time', 'planned_production']),
      stopTime: quantity(given, ['stop', 'stop_time']),
      idealCycleTime: quantity(given, ['ideal_cycle', 'ideal_cycle_time']),
      total: number(given, 'total', 'total_count', 'total_pieces'),
      rejects: number(given, 'rejects', 'reject', 'reject_count'),
    });
    return {
      ...underNames('oee', result.oeePct),
      ...named('availability', result.availabilityPct),
      ...named('performance', result.performancePct),
      ...named('quality', result.qualityPct),
    };
  },
};

function named(name: string, value: number | null): Fields {
  return { [name]: value, [`${name}_pct`]: value };
}

function answerKpi(given: unknown): unknown {
  const { metric } = readInput(z.object({ metric: z.string() }), given);
  if (metric === 'reliability') return answerReliability(given);
  const answer = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (answer === undefined)
    throw new Failure(
      'invalid_request',
      `the metric "${metric}" is unknown; known are reliability, ${Object.keys(METRICS).join(', ')}`,
      { path: 'metric' },
    );
  return answer(given as Fields);
}

export const indicatorVectors: VectorAdapters = {
  compliance: { answer: answerCompliance },
  kpi: { answer: answerKpi, mayHoldMore: true },
};
