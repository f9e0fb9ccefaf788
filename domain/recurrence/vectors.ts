/** Adapters of the vector kinds that the recurrence engine answers: texts in, texts out, and nothing computed here. */
import { z } from 'zod';
import { readInput } from '../read-input.ts';
import { formatDate } from '../time/days.ts';
import { dateField, instantField, timeField } from '../time/fields.ts';
import { formatInstant, formatWall } from '../time/instants.ts';
import { intervalField } from '../time/intervals.ts';
import type { Zone, Zones } from '../time/zones.ts';
import type { VectorAdapters, VectorContext } from '../vectors/adapter.ts';
import { combinedDue } from './combined.ts';
import { CATCH_UP_POLICIES, decideGeneration, IF_OPEN, LEAD_UNITS, type Pending } from './generation.ts';
import { meterState, type MeterReading } from './meter.ts';
import { nestedWork } from './nesting.ts';
import { nextDue } from './next-due.ts';
import { occurrencesAfter } from './occurrences.ts';
import { readSchedule } from './read-schedule.ts';
import { type Schedule } from './schedule.ts';

const occurrencesGiven = z.object({
  schedule: z.unknown(),
  after: instantField.nullish(),
  count: z.int().min(0),
});

/** The rules speak of the tolerance of each direction without naming its field: both orders of the words are read. */
function readGivenSchedule(given: unknown, zones: Zones): Schedule {
  const { shift, ...rest } = readInput(z.looseObject({ shift: z.looseObject({}).nullish() }), given);
  if (shift === undefined || shift === null) return readSchedule(rest, zones);
  const named = Object.entries(shift).map(([name, value]) => [
    name.replace(/^tolerance_(late|early)_pct$/, '$1_tolerance_pct'),
    value,
  ]);
  return readSchedule({ ...rest, shift: Object.fromEntries(named) as unknown }, zones);
}

function answerOccurrences(given: unknown, { zones }: VectorContext): unknown {
  const { schedule: text, after, count } = readInput(occurrencesGiven, given);
  const schedule = readGivenSchedule(text, zones);
  const found = occurrencesAfter(schedule, after ?? null, count);
  return {
    occurrences: found.map(({ nominalMs, dueMs }) => ({
      nominal: formatWall(nominalMs),
      due: formatInstant(dueMs, schedule.zone),
    })),
  };
}

const nextDueGiven = z.object({ schedule: z.unknown(), last_due: instantField, completed: instantField });

function answerNextDue(given: unknown, { zones }: VectorContext): unknown {
  const { schedule: text, last_due: lastDueMs, completed: completedMs } = readInput(nextDueGiven, given);
  const schedule = readGivenSchedule(text, zones);
  return { next: instantText(nextDue(schedule, { lastDueMs, completedMs })?.dueMs ?? null, schedule.zone) };
}

const generationGiven = z.object({
  schedule: z.unknown(),
  lead: z.object({ n: z.int().min(0), unit: z.enum(LEAD_UNITS) }),
  last_run: instantField,
  now: instantField,
  catch_up: z.object({ policy: z.enum(CATCH_UP_POLICIES), window_h: z.number().min(0).default(0) }),
  open_due: instantField.nullish(),
  if_open: z.enum(IF_OPEN).nullish(),
});

function answerGeneration(given: unknown, { zones }: VectorContext): unknown {
  const input = readInput(generationGiven, given);
  const schedule = readGivenSchedule(input.schedule, zones);
  const { generate, missed, supersededMs } = decideGeneration({
    schedule,
    lead: input.lead,
    lastRunMs: input.last_run,
    nowMs: input.now,
    catchUp: { policy: input.catch_up.policy, windowHours: input.catch_up.window_h },
    openDueMs: input.open_due ?? null,
    ifOpen: input.if_open ?? 'allow',
  });
  const due = ({ dueMs }: Pending): string => formatInstant(dueMs, schedule.zone);
  return {
    generate: generate.map((item) => ({
      due: due(item),
      generate_at: formatInstant(item.generateAtMs, schedule.zone),
    })),
    missed: missed.map((item) => ({ due: due(item), reason: item.reason })),
    superseded:
      typeof input.if_open === 'string'
        ? supersededMs.map((ms) => formatInstant(ms, schedule.zone))
        : undefined,
  };
}

const readingField = z.union(
  [
    z.object({ at: instantField, value: z.number() }),
    z.object({ at: instantField, replaced: z.object({ final: z.number(), initial: z.number() }) }),
    z.object({ at: instantField, completed: z.object({ value: z.number() }) }),
  ],
  'must be an instant `at` with value, replaced {final, initial} or completed {value}',
);

const meterGiven = z.object({
  zone: z.string(),
  meter: z.object({ rollover_at: z.number().positive().nullish() }),
  rule: z.object({
    every: z.number().positive(),
    basis: z.enum(['fixed', 'floating']),
    start_at: z.number().default(0),
    ahead_by: z.number().min(0).nullish(),
  }),
  readings: z.array(readingField),
});

function answerMeter(given: unknown, { zones }: VectorContext): unknown {
  const { zone: name, meter, rule, readings } = readInput(meterGiven, given);
  const zone = zones.zone(name);
  const state = meterState({
    zone,
    rolloverAt: meter.rollover_at ?? null,
    rule: { every: rule.every, basis: rule.basis, startAt: rule.start_at, aheadBy: rule.ahead_by ?? 0 },
    readings: readings.map(readingOf),
  });
  return {
    lifetime: state.lifetime,
    rejected: state.rejected,
    triggered: state.triggered.map(({ atMs, ...trigger }) => ({ at: formatInstant(atMs, zone), ...trigger })),
    next_threshold: state.nextThreshold,
    units_to_go: state.unitsToGo,
    daily_rate: state.dailyRate,
    projected_at: instantText(state.projectedMs, zone),
    projected_date: state.projectedDay === null ? null : formatDate(state.projectedDay),
  };
}

function readingOf(reading: z.output<typeof readingField>): MeterReading {
  const { at: atMs } = reading;
  if ('replaced' in reading) return { atMs, kind: 'replaced', ...reading.replaced };
  if ('completed' in reading) return { atMs, kind: 'completed', ...reading.completed };
  return { atMs, kind: 'value', value: reading.value };
}

const pointField = z
  .object({ at: instantField, lifetime: z.number() })
  .transform(({ at, lifetime }) => ({ atMs: at, lifetime }));

const combinedGiven = z.object({
  zone: z.string(),
  at: timeField,
  time: intervalField,
  meter: z.object({ every: z.number().positive() }),
  whichever: z.enum(['first', 'last']),
  completed: pointField,
  readings: z.array(pointField),
});

function answerCombined(given: unknown, { zones }: VectorContext): unknown {
  const { zone: name, at, ...input } = readInput(combinedGiven, given);
  const zone = zones.zone(name);
  const result = combinedDue({ ...input, zone, atMinutes: at });
  return {
    time_due: instantText(result.timeDueMs, zone),
    meter_due: instantText(result.meterDueMs, zone),
    due: instantText(result.dueMs, zone),
    by: result.by,
    triggered: result.triggered,
  };
}

const nestingGiven = z.object({
  packages: z.array(
    z.object({
      id: z.string(),
      level: z.number(),
      first: dateField,
      every: intervalField.refine(({ unit }) => unit !== 'hour', 'must be counted in days or longer'),
    }),
  ),
  from: dateField,
  to: dateField,
  absorb_days: z.int().min(0).nullish(),
});

function answerNesting(given: unknown): unknown {
  const { packages, from, to, absorb_days: absorbDays } = readInput(nestingGiven, given);
  const work = nestedWork({
    packages: packages.map(({ first, ...rest }) => ({ ...rest, firstDay: first })),
    fromDay: from,
    toDay: to,
    absorbDays: absorbDays ?? 0,
  });
  return {
    work: work.map(({ day, run, absorbed }) => ({
      date: formatDate(day),
      run,
      absorbed: absorbed.map((item) => ({ id: item.id, date: formatDate(item.day) })),
    })),
  };
}

function instantText(ms: number | null, zone: Zone): string | null {
  return ms === null ? null : formatInstant(ms, zone);
}

export const recurrenceVectors: VectorAdapters = {
  occurrences: { answer: answerOccurrences },
  next_due: { answer: answerNextDue },
  generation: { answer: answerGeneration },
  // The rules do not name the fields of `triggered`, so it may hold one more.
  meter: { answer: answerMeter, mayHoldMore: true },
  combined: { answer: answerCombined },
  nesting: { answer: answerNesting },
};
