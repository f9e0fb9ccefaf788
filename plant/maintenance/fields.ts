/** A maintenance schedule's fields as the hub stores them, typed, and the words of the API for them. Pure. */
import type { FieldsOf } from '../../domain/entities/field-table.ts';
import type { PLAN_FIELDS } from '../../domain/entities/plan.ts';
import type { TRIGGER_TYPES } from '../../domain/entities/vocabulary.ts';
import type { JsonObject } from '../../domain/json.ts';

export interface Every {
  n: number;
  unit: 'hour' | 'day' | 'week' | 'month' | 'year';
}

export type PlanFields = FieldsOf<typeof PLAN_FIELDS>;

export function planFields(record: { fields: JsonObject }): PlanFields {
  return record.fields as unknown as PlanFields;
}

export const FREQUENCIES = [
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'semi_annual',
  'annual',
  'custom',
] as const;
export type Frequency = (typeof FREQUENCIES)[number];

const EVERY: Readonly<Record<Exclude<Frequency, 'custom'>, Every>> = {
  daily: { n: 1, unit: 'day' },
  weekly: { n: 1, unit: 'week' },
  monthly: { n: 1, unit: 'month' },
  quarterly: { n: 3, unit: 'month' },
  semi_annual: { n: 6, unit: 'month' },
  annual: { n: 1, unit: 'year' },
};
/** A century: beyond it a date is a slip of the pen. */
const DAYS_MAX = 36_500;

/** How often; a custom frequency is the trigger value in days, and null when that is none. */
export function everyOf(frequency: Frequency, triggerValue: number | string | null): Every | null {
  if (frequency !== 'custom') return EVERY[frequency];
  const days = Number(triggerValue === '' ? Number.NaN : triggerValue);
  return Number.isInteger(days) && days >= 1 && days <= DAYS_MAX ? { n: days, unit: 'day' } : null;
}

/** Null where a system's schedule says nothing about time. */
export function frequencyOf({ every, triggerType }: PlanFields): Frequency | null {
  if (every === undefined) return triggerType === undefined ? null : 'custom';
  const { n, unit } = every.unit === 'month' && every.n === 12 ? EVERY.annual : every;
  const found = Object.entries(EVERY).find(([, one]) => one.n === n && one.unit === unit);
  return found === undefined ? 'custom' : (found[0] as Frequency);
}

export function triggerOf({ triggerType, every, meterEvery }: PlanFields): (typeof TRIGGER_TYPES)[number] {
  if (triggerType !== undefined) return triggerType;
  return every === undefined && meterEvery !== undefined ? 'usage_based' : 'time_based';
}

/** Hub ids of the assets it is carried out on. */
export function assetsOfPlan({ asset, assets = [] }: PlanFields): string[] {
  return [...new Set([...(asset === undefined ? [] : [asset]), ...assets.map((one) => one.asset)])];
}
