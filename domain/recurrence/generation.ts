/**
 * Which work to generate at a moment: the occurrences whose time of generation has come since the last run, judged by the
 * catch-up policy and by the order that may still be open. Everything pending ends in one of both lists, so nothing is
 * dropped without an entry; an occurrence that the ledger already holds is not pending.
 */
import { Failure } from '../kernel/failure.ts';
import { DAY_MS } from '../time/days.ts';
import { wallOf } from '../time/instants.ts';
import { resolveWall, type Schedule } from './schedule.ts';
import { seriesAfter, type Occurrence } from './series.ts';
import { OCCURRENCES_MAX } from './occurrences.ts';

export const LEAD_UNITS = ['day', 'working_day', 'hour'] as const;
export interface Lead {
  n: number;
  unit: (typeof LEAD_UNITS)[number];
}

export const CATCH_UP_POLICIES = ['all', 'latest', 'none'] as const;
export interface CatchUp {
  policy: (typeof CATCH_UP_POLICIES)[number];
  windowHours: number;
}

export const IF_OPEN = ['allow', 'skip', 'supersede'] as const;
export type IfOpen = (typeof IF_OPEN)[number];

export const MISSED_REASONS = ['catch_up_window', 'coalesced', 'outage', 'previous_open'] as const;
export type MissedReason = (typeof MISSED_REASONS)[number];

export interface GenerationInput {
  schedule: Schedule;
  lead: Lead;
  lastRunMs: number;
  nowMs: number;
  catchUp: CatchUp;
  /** The order of an earlier occurrence that is still open; null when none is. */
  openDueMs?: number | null;
  ifOpen?: IfOpen;
  /** After a change of the schedule: what it brings forward to before the last run is pending too. */
  edit?: Edit;
}

export interface Edit {
  atMs: number;
  /** Whether the ledger has an outcome for a nominal time, of this schedule or of the one before. */
  isRecorded: (nominalMs: number) => boolean;
}

export interface Pending extends Occurrence {
  generateAtMs: number;
}

export interface Generation {
  generate: Pending[];
  missed: (Pending & { reason: MissedReason })[];
  /** Due instants of open orders that the generated work replaces. */
  supersededMs: number[];
}

const HOUR_MS = 3_600_000;
/** A tick may come this late and still be on time. */
const ON_TIME_MS = 60_000;
/** Times of generation rise with the due instants, but for the hours by which clock changes can bend them. */
const BEND_MS = 2 * DAY_MS;

export function decideGeneration(input: GenerationInput): Generation {
  return judgePending(pending(input), input);
}

export type Judgement = Pick<GenerationInput, 'nowMs' | 'catchUp' | 'openDueMs' | 'ifOpen'>;

/** What becomes of occurrences that are pending, in the order of their due instants. */
export function judgePending(items: readonly Pending[], by: Judgement): Generation {
  return withOpenOrder(by, catchUp(items, by));
}

/** Due minus lead. The same wall time so many days before; a wall time that does not exist or is repeated resolves as everywhere. */
export function generateAt({ zone, calendar, dst }: Schedule, lead: Lead, dueMs: number): number {
  if (lead.n === 0) return dueMs;
  if (lead.unit === 'hour') return dueMs - lead.n * HOUR_MS;
  const wall = wallOf(dueMs, zone);
  const day = Math.floor(wall / DAY_MS);
  const earlier = lead.unit === 'day' ? day - lead.n : calendar.add(day, -lead.n);
  // Work has to be generated at some instant, so here a gap never skips.
  return resolveWall(wall - (day - earlier) * DAY_MS, zone, { ...dst, gap: 'shift_forward' })[0] ?? dueMs;
}

function pending({ schedule, lead, lastRunMs, nowMs, edit }: GenerationInput): Pending[] {
  const found: Pending[] = [];
  const series = seriesAfter(schedule, Math.min(lastRunMs, edit?.atMs ?? lastRunMs));
  for (let next = series.next(); next !== null; next = series.next()) {
    const item = { ...next, generateAtMs: generateAt(schedule, lead, next.dueMs) };
    if (item.generateAtMs > nowMs + BEND_MS) break;
    if (item.generateAtMs > nowMs || !isPending(item, lastRunMs, edit)) continue;
    if (found.length >= OCCURRENCES_MAX) throw tooMany();
    // What an edit brings forward could not be generated before the edit, so it is not late for that.
    found.push(
      isEdited(item, edit) ? { ...item, generateAtMs: Math.max(item.generateAtMs, edit.atMs) } : item,
    );
  }
  return found;
}

function isPending(item: Pending, lastRunMs: number, edit: Edit | undefined): boolean {
  if (edit?.isRecorded(item.nominalMs) === true) return false;
  return item.generateAtMs > lastRunMs || isEdited(item, edit);
}

function isEdited(item: Pending, edit: Edit | undefined): edit is Edit {
  return edit !== undefined && item.dueMs > edit.atMs;
}

interface Judged {
  generate: Pending[];
  missed: Generation['missed'];
}

function catchUp(items: readonly Pending[], { nowMs, catchUp: { policy, windowHours } }: Judgement): Judged {
  const age = (item: Pending): number => nowMs - item.generateAtMs;
  const latest = items.at(-1);
  const judged: Judged = { generate: [], missed: [] };
  for (const item of items) {
    const reason = missedReason();
    if (reason === null) judged.generate.push(item);
    else judged.missed.push({ ...item, reason });

    function missedReason(): MissedReason | null {
      if (policy === 'latest' && item !== latest) return 'coalesced';
      if (age(item) <= ON_TIME_MS) return null;
      if (policy === 'none') return 'outage';
      return age(item) <= windowHours * HOUR_MS ? null : 'catch_up_window';
    }
  }
  return judged;
}

function withOpenOrder({ openDueMs = null, ifOpen = 'allow' }: Judgement, judged: Judged): Generation {
  const { generate, missed } = judged;
  if (openDueMs === null || generate.length === 0 || ifOpen === 'allow')
    return { generate, missed, supersededMs: [] };
  if (ifOpen === 'supersede') return { generate, missed, supersededMs: [openDueMs] };
  const refused = generate.map((item) => ({ ...item, reason: 'previous_open' as const }));
  return {
    generate: [],
    missed: [...missed, ...refused].sort((a, b) => a.dueMs - b.dueMs),
    supersededMs: [],
  };
}

function tooMany(): Failure {
  return new Failure(
    'invalid_request',
    `More than ${String(OCCURRENCES_MAX)} occurrences wait to be generated; take the last run nearer to now.`,
    { path: 'last_run' },
  );
}
