/**
 * PM compliance: whether each due item was done inside its window, by local dates, and the share that was. The window comes
 * from the policy, in days or as a share of the cycle.
 */
import { roundHalfUp, roundTo } from '../rounding.ts';
import type { LocalMoment } from '../time/fields.ts';
import { localDay } from '../time/instants.ts';
import { cycleDays } from '../time/intervals.ts';
import type { Interval } from '../time/intervals.ts';
import type { Zone } from '../time/zones.ts';

export interface SideOfWindow {
  /** Wins over `pct`. */
  days?: number | null | undefined;
  /** Share of the cycle in percent. */
  pct?: number | null | undefined;
  maxDays?: number | null | undefined;
}

export interface CompliancePolicy {
  late: SideOfWindow;
  early: SideOfWindow;
}

export interface ComplianceItem {
  due: LocalMoment;
  completed: LocalMoment | null;
  cancelled: boolean;
}

export type ComplianceStatus = 'on_time' | 'late' | 'early' | 'missed' | 'open' | 'cancelled';

export interface Compliance {
  lateDays: number;
  /** Null: work may be done as early as one likes. */
  earlyDays: number | null;
  statuses: ComplianceStatus[];
  /** All but open and cancelled ones. */
  counted: number;
  onTime: number;
  /** 100 x onTime / counted with two decimals; null when nothing counts. */
  pct: number | null;
}

export interface ComplianceInput {
  zone: Zone;
  cycle: Interval;
  policy: CompliancePolicy;
  asOf: LocalMoment;
  items: readonly ComplianceItem[];
}

export function compliance({ zone, cycle, policy, asOf, items }: ComplianceInput): Compliance {
  const lateDays = windowDays(policy.late, cycle) ?? 0;
  const earlyDays = windowDays(policy.early, cycle);
  const today = dayOf(asOf, zone);
  const statuses = items.map((item) => statusOf(item, { zone, lateDays, earlyDays, today }));
  const counted = statuses.filter((status) => status !== 'open' && status !== 'cancelled').length;
  const onTime = statuses.filter((status) => status === 'on_time').length;
  const pct = counted === 0 ? null : roundTo((100 * onTime) / counted, 2);
  return { lateDays, earlyDays, statuses, counted, onTime, pct };
}

function windowDays({ days, pct, maxDays }: SideOfWindow, cycle: Interval): number | null {
  const wanted = days ?? (typeof pct === 'number' ? roundHalfUp((pct * cycleDays(cycle)) / 100) : null);
  return wanted === null ? null : Math.min(wanted, maxDays ?? Infinity);
}

interface Window {
  zone: Zone;
  lateDays: number;
  earlyDays: number | null;
  today: number;
}

function statusOf(item: ComplianceItem, { zone, lateDays, earlyDays, today }: Window): ComplianceStatus {
  if (item.cancelled) return 'cancelled';
  const due = dayOf(item.due, zone);
  if (item.completed === null) return today > due + lateDays ? 'missed' : 'open';
  const completed = dayOf(item.completed, zone);
  if (completed > due + lateDays) return 'late';
  return earlyDays !== null && completed < due - earlyDays ? 'early' : 'on_time';
}

function dayOf(moment: LocalMoment, zone: Zone): number {
  return 'day' in moment ? moment.day : localDay(moment.ms, zone);
}
