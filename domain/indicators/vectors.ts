/** Adapters of the vector kinds that this area answers; the one of `kpi` has a file of its own. */
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import { momentField } from '../time/fields.ts';
import { intervalField } from '../time/intervals.ts';
import type { VectorAdapters, VectorContext } from '../vectors/adapter.ts';
import { compliance } from './compliance.ts';
import { answerKpi } from './kpi-vectors.ts';

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

export const indicatorVectors: VectorAdapters = {
  compliance: { answer: answerCompliance },
  kpi: { answer: answerKpi, mayHoldMore: true },
};
