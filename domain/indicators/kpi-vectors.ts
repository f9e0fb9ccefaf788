/**
 * Adapter of the vector kind `kpi`. The rules give the formulas of an indicator and not always the names of its fields; so a
 * field is found by what its name says, and an answer stands under every name that is likely. Only the adapter guesses: the
 * functions themselves have one name for each thing.
 */
import { z } from 'zod';
import { Failure } from '../kernel/failure.ts';
import { readInput } from '../read-input.ts';
import { instantField } from '../time/fields.ts';
import {
  backlogWeeks,
  oee,
  pmCompliancePct,
  scheduleCompliancePct,
  smcpPct,
  wrenchTimePct,
} from './ratios.ts';
import { reliability } from './reliability.ts';

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
};
/** Words of a name that do not tell one quantity from another. */
const FILLERS = ['time', 'count', 'production', 'pieces', 'units'];

/**
 * The number whose name says one of the stems, whatever unit and fillers stand beside it: `planned` is found in
 * `planned_production_time_min`. With a unit of time it comes out in seconds.
 */
function quantity(given: Fields, ...stems: string[]): number {
  for (const stem of stems)
    for (const [name, value] of Object.entries(given)) {
      if (typeof value !== 'number') continue;
      const words = name.split('_');
      const unit = words.find((word) => Object.hasOwn(SECONDS, word));
      const rest = words.filter((word) => word !== unit && !FILLERS.includes(word)).join('_');
      if (rest === stem) return value * (unit === undefined ? 1 : (SECONDS[unit] ?? 1));
    }
  throw lacking(given, stems);
}

/** The first of several names that is there, as it is. */
function number(given: Fields, ...names: string[]): number {
  const name = names.find((candidate) => typeof given[candidate] === 'number');
  if (name === undefined) throw lacking(given, names);
  return given[name] as number;
}

function lacking(given: Fields, names: readonly string[]): Failure {
  const has = Object.keys(given).join(', ');
  return new Failure('invalid_request', `given lacks a number ${names.join(' or ')}; it has ${has}`, {
    path: names[0] ?? '',
  });
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
        quantity(given, 'done_as_scheduled', 'done', 'completed_as_scheduled', 'completed'),
        quantity(given, 'scheduled'),
      ),
    ),
  wrench_time: (given) =>
    underNames('wrench_time', wrenchTimePct(quantity(given, 'wrench'), quantity(given, 'paid'))),
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
      plannedTime: quantity(given, 'planned'),
      stopTime: quantity(given, 'stop', 'stops', 'down', 'downtime'),
      idealCycleTime: quantity(given, 'ideal_cycle'),
      total: quantity(given, 'total'),
      rejects: quantity(given, 'rejects', 'reject', 'rejected'),
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

export function answerKpi(given: unknown): unknown {
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
