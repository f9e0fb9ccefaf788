/**
 * What is done about a plan at a moment: which planned dates make work at which asset, which do not and why, what they replace,
 * and from which date the plan goes on. Every nominal time up to the next date has its entry for each asset. Pure.
 */
import { accountFor, type Accounted } from '../../domain/recurrence/account.ts';
import {
  generateAt,
  judgePending,
  type CatchUp,
  type IfOpen,
  type Lead,
  type Pending,
} from '../../domain/recurrence/generation.ts';
import { OCCURRENCES_MAX, occurrencesBetween } from '../../domain/recurrence/occurrences.ts';
import type { Schedule } from '../../domain/recurrence/schedule.ts';
import { seriesAfter, type Occurrence } from '../../domain/recurrence/series.ts';
import { DAY_MS } from '../../domain/time/days.ts';
import { wallOf } from '../../domain/time/instants.ts';

export interface AssetFacts {
  id: string;
  /** Assets that are out of use get no maintenance. */
  inUse: boolean;
  /** Orders of the plan there that are not finished. */
  open: readonly OpenOrder[];
}

export interface OpenOrder {
  id: string;
  dueMs: number;
  /** Work that has begun is not replaced. */
  begun: boolean;
}

export interface ServingFacts {
  schedule: Schedule;
  lead: Lead;
  catchUp: CatchUp;
  ifOpen: IfOpen;
  nowMs: number;
  /** The plan's next date. */
  nextMs: number;
  /** Whether a person chose it: work begins with it, however late it is. */
  isChosen: boolean;
  assets: readonly AssetFacts[];
}

export type Outcome = 'generated' | 'merged' | 'absorbed' | 'skipped' | 'missed';

export interface Entry {
  assetId: string;
  nominalMs: number;
  /** 1 for the second of two instants with the same wall time. */
  fold: 0 | 1;
  dueMs: number | null;
  outcome: Outcome;
  reason: string | null;
  mergedIntoMs: number | null;
  /** The open order that this work replaces. */
  supersedes: string | null;
}

export interface Serving {
  entries: Entry[];
  /** Null when there is no further date. */
  nextMs: number | null;
}

export function decideServing(facts: ServingFacts): Serving {
  const { pending, next } = pendingAndNext(facts);
  if (pending.length === 0) return { entries: [], nextMs: next?.dueMs ?? null };
  const without = withoutWork(facts.schedule, pending, next);
  const entries = facts.assets.flatMap((asset) => [
    ...judged(facts, asset, pending),
    ...without.map((one) => ({ ...one, assetId: asset.id })),
  ]);
  return { entries, nextMs: next?.dueMs ?? null };
}

/** The next date and what follows it, as far as their work is to be made by now; and the first whose work is not. */
function pendingAndNext(facts: ServingFacts): { pending: Pending[]; next: Occurrence | null } {
  const { schedule, lead, nowMs, nextMs } = facts;
  const pending: Pending[] = [];
  const series = seriesAfter(schedule, nextMs);
  for (
    let one: Occurrence | null = occurrenceAt(schedule, nextMs);
    one !== null && pending.length < OCCURRENCES_MAX;
    one = series.next()
  ) {
    const generateAtMs = generateAt(schedule, lead, one.dueMs);
    if (generateAtMs > nowMs) return { pending, next: one };
    pending.push({ ...one, generateAtMs });
  }
  return { pending, next: series.next() };
}

/** A date that the series does not have, such as one that a completion moved, is known by its own wall time. */
export function occurrenceAt(schedule: Schedule, dueMs: number): Occurrence {
  const [found] = occurrencesBetween(schedule, dueMs - 1, dueMs);
  return found ?? { dueMs, nominalMs: wallOf(dueMs, schedule.zone) };
}

function judged(facts: ServingFacts, asset: AssetFacts, pending: readonly Pending[]): Entry[] {
  const entry = (
    one: Occurrence,
    outcome: Outcome,
    reason: string | null,
    supersedes: string | null = null,
  ) => entryOf(facts.schedule, one, { assetId: asset.id, outcome, reason, supersedes });
  if (!asset.inUse) return pending.map((one) => entry(one, 'skipped', 'asset_status'));
  const [first, ...later] = pending;
  const open = openBefore(asset, (facts.isChosen ? first : pending.at(-1))?.dueMs ?? 0);
  const ifOpen = facts.ifOpen === 'supersede' && open?.begun === true ? 'skip' : facts.ifOpen;
  const by = { nowMs: facts.nowMs, openDueMs: open?.dueMs ?? null, ifOpen };
  const { generate, missed, supersededMs } =
    facts.isChosen && first !== undefined
      ? judgePending([first], { ...by, catchUp: { policy: 'all', windowHours: Infinity } })
      : judgePending(pending, { ...by, catchUp: facts.catchUp });
  const replaced = supersededMs.length > 0 ? (open?.id ?? null) : null;
  return [
    ...generate.map((one, n) => entry(one, 'generated', null, n === 0 ? replaced : null)),
    ...missed.map((one) => entry(one, 'missed', one.reason)),
    ...(facts.isChosen ? later.map((one) => entry(one, 'missed', 'coalesced')) : []),
  ];
}

/** The latest order for an earlier date. */
function openBefore({ open }: AssetFacts, dueMs: number): OpenOrder | null {
  return open
    .filter((order) => order.dueMs < dueMs)
    .reduce<OpenOrder | null>(
      (latest, one) => (latest === null || one.dueMs > latest.dueMs ? one : latest),
      null,
    );
}

/** Nominal times that make no work of their own, from the first date up to the next one. */
function withoutWork(
  schedule: Schedule,
  pending: readonly Pending[],
  next: Occurrence | null,
): Omit<Entry, 'assetId'>[] {
  const dayOf = (one: Occurrence | undefined | null): number => Math.floor((one?.nominalMs ?? 0) / DAY_MS);
  const from = dayOf(pending[0]);
  const to = next === null ? dayOf(pending.at(-1)) : Math.max(from, dayOf(next) - 1);
  if (schedule.every.unit === 'hour') return [];
  const known = new Set(pending.map(({ nominalMs }) => nominalMs));
  return accountFor(schedule, from, to).flatMap((one) => {
    if (one.kind === 'due' || (known.has(one.nominalMs) && one.kind === 'skipped')) return [];
    return [entryWithoutWork(schedule, one)];
  });
}

function entryWithoutWork(schedule: Schedule, one: Accounted): Omit<Entry, 'assetId'> {
  const base = { nominalMs: one.nominalMs, supersedes: null };
  if (one.kind === 'skipped')
    return { ...base, fold: 0, dueMs: null, outcome: 'skipped', reason: one.reason, mergedIntoMs: null };
  const { dueMs } = one;
  return {
    ...base,
    fold: foldOf(schedule, dueMs),
    dueMs,
    outcome: 'merged',
    reason: 'same_instant',
    mergedIntoMs: one.kind === 'merged' ? one.intoNominalMs : null,
  };
}

function entryOf(
  schedule: Schedule,
  { nominalMs, dueMs }: Occurrence,
  rest: Pick<Entry, 'assetId' | 'outcome' | 'reason' | 'supersedes'>,
): Entry {
  return { ...rest, nominalMs, dueMs, fold: foldOf(schedule, dueMs), mergedIntoMs: null };
}

/** Only where both instants of a repeated wall time are occurrences does it take more than the nominal time to tell them apart. */
export function foldOf({ zone, every, dst }: Schedule, dueMs: number): 0 | 1 {
  if (every.unit !== 'hour' && dst.overlap !== 'both') return 0;
  return zone.instants(wallOf(dueMs, zone)).indexOf(dueMs) === 1 ? 1 : 0;
}
