/** Indicators that are a ratio of sums. Percentages with four decimals; null where the divisor is 0. */
import { percent } from './reliability.ts';

/** PM compliance by counts: done on time / due. */
export function pmCompliancePct(onTime: number, due: number): number | null {
  return percent(onTime, due);
}

/** Hours done as scheduled / hours scheduled (SMRP). */
export function scheduleCompliancePct(doneAsScheduledHours: number, scheduledHours: number): number | null {
  return percent(doneAsScheduledHours, scheduledHours);
}

/** Hands-on hours / paid hours (SMRP). */
export function wrenchTimePct(wrenchHours: number, paidHours: number): number | null {
  return percent(wrenchHours, paidHours);
}

/** Scheduled maintenance critical percent: (days late + cycle) / cycle. Above 100, the work is that much overdue for its cycle. */
export function smcpPct(daysLate: number, cycleDays: number): number | null {
  return percent(daysLate + cycleDays, cycleDays);
}

export interface Backlog {
  readyHours: number;
  crew: number;
  hoursPerWeek: number;
  /** Share of the hours that is work at the asset. */
  productivePct: number;
}

/** Weeks that the crew needs for the work that is ready (SMRP). */
export function backlogWeeks({ readyHours, crew, hoursPerWeek, productivePct }: Backlog): number | null {
  const hoursAWeek = (crew * hoursPerWeek * productivePct) / 100;
  return hoursAWeek === 0 ? null : readyHours / hoursAWeek;
}

export interface Production {
  /** All three in one unit of time. */
  plannedTime: number;
  stopTime: number;
  idealCycleTime: number;
  total: number;
  rejects: number;
}

export interface Oee {
  availabilityPct: number | null;
  performancePct: number | null;
  qualityPct: number | null;
  oeePct: number | null;
}

/** Overall equipment effectiveness (SMRP 2.1.1): availability x performance x quality. */
export function oee({ plannedTime, stopTime, idealCycleTime, total, rejects }: Production): Oee {
  const run = plannedTime - stopTime;
  const parts = [
    [run, plannedTime],
    [idealCycleTime * total, run],
    [total - rejects, total],
  ] as const;
  const [availabilityPct, performancePct, qualityPct] = parts.map(([part, whole]) => percent(part, whole));
  const isDefined = parts.every(([, whole]) => whole !== 0);
  // From the ratios themselves: a product of rounded percentages would be off in the last decimal.
  const product = parts.reduce((result, [part, whole]) => result * (part / whole), 1);
  return {
    availabilityPct: availabilityPct ?? null,
    performancePct: performancePct ?? null,
    qualityPct: qualityPct ?? null,
    oeePct: isDefined ? percent(product, 1) : null,
  };
}
