/**
 * What the engine knows of time zones: which instants a wall time stands for, and the wall time of an instant. Asks the
 * Temporal API for a zone's transitions once for each stretch of years and keeps them, because asking it for every date
 * would cost most of the time. Carries the version of the zone data, so that every computed date can name it.
 */
import { Temporal } from 'temporal-polyfill';
import { Failure } from '../kernel/failure.ts';
import { civilDate, DAY_MS, dayNumber } from './days.ts';

export interface Zones {
  /** Version of the zone data in the form of the tz database, e.g. `2026c`. */
  readonly tzdb: string;
  /** The zone of an IANA name; throws `invalid_request` when the data do not hold it. */
  readonly zone: (id: string) => Zone;
  readonly has: (id: string) => boolean;
}

export interface Zone {
  readonly id: string;
  readonly tzdb: string;
  /** Milliseconds the zone is ahead of UTC at an instant. */
  readonly offsetMs: (instantMs: number) => number;
  /**
   * The instants at which clocks show a wall time, earliest first: one as a rule, none inside a gap, two when the time is
   * repeated. The wall time counts as if the zone were UTC.
   */
  readonly instants: (wallMs: number) => readonly number[];
  /** For a wall time inside a gap, the offset in force before it, in milliseconds. */
  readonly offsetBeforeGapMs: (wallMs: number) => number;
}

/** Names of the tz database: no offsets such as `+02:00`, which never change and so are no zone of a plant. */
const NAME = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;

export const TZDB_VERSION = /^\d{4}[a-z]$/;

/** One holder of zone data for the life of a process; `tzdb` is the version the runtime reports (`process.versions.tz`). */
export function createZones({ tzdb }: { tzdb: string }): Zones {
  if (!TZDB_VERSION.test(tzdb))
    throw new Failure(
      'invalid_config',
      `The zone data name no version of the tz database ("${tzdb}"); run with a Node that has full ICU data.`,
    );
  const known = new Map<string, Zone | null>();
  const find = (id: string): Zone | null => {
    let zone = known.get(id);
    if (zone === undefined) {
      zone = NAME.test(id) && isKnown(id) ? createZone(id, tzdb) : null;
      // A caller that tries endless names must not fill the memory.
      if (known.size < NAMES_KEPT_MAX) known.set(id, zone);
    }
    return zone;
  };
  return {
    tzdb,
    has: (id) => find(id) !== null,
    zone: (id) => {
      const zone = find(id);
      if (zone === null)
        throw new Failure(
          'invalid_request',
          `The zone "${id.slice(0, 60)}" is not in the tz database ${tzdb}; use an IANA name such as Europe/Berlin.`,
          { path: 'zone' },
        );
      return zone;
    },
  };
}

/** The tz database has some 600 names, aliases included. */
const NAMES_KEPT_MAX = 2_000;
/** Years of transitions that are read at once. */
const STRETCH_YEARS = 5;
/** No zone changed its offset more often than a few times a year. */
const TRANSITIONS_MAX = 200;
/** No zone is further from UTC, and no change was larger than the 24 hours by which Samoa crossed the date line. */
const NEAR_MS = 2 * DAY_MS;

function isKnown(id: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
    return true;
  } catch {
    return false;
  }
}

/** Offsets between transitions: `offsets[i]` holds from `starts[i]` until `starts[i + 1]`. */
interface Segments {
  starts: number[];
  offsets: number[];
  /** What the stretch answers for; the segments go on a little beyond. */
  fromMs: number;
  toMs: number;
  /** Where the last search ended: dates are asked for in order, so it is nearly always right. */
  hint: number;
}

function createZone(id: string, tzdb: string): Zone {
  // By stretch and not as one list from the first year to the last: a plan far ahead must not read the centuries between.
  const stretches = new Map<number, Segments>();
  let held: Segments | null = null;
  const around = (ms: number): Segments => {
    if (held !== null && ms >= held.fromMs && ms < held.toMs) return held;
    const stretch = Math.floor(civilDate(Math.floor(ms / DAY_MS)).year / STRETCH_YEARS);
    held = stretches.get(stretch) ?? load(id, stretch * STRETCH_YEARS);
    stretches.set(stretch, held);
    return held;
  };
  const offsetMs = (instantMs: number): number => {
    const found = around(instantMs);
    return at(found.offsets, indexAt(found, instantMs));
  };
  return {
    id,
    tzdb,
    offsetMs,
    instants: (wallMs) => instantsOf(around(wallMs), wallMs),
    offsetBeforeGapMs: (wallMs) => offsetBeforeGap(around(wallMs), wallMs),
  };
}

/** The transitions of a stretch of years, and of some days on both sides, so that the neighbours of a change are there. */
function load(id: string, fromYear: number): Segments {
  const fromMs = dayNumber(fromYear, 1, 1) * DAY_MS;
  const toMs = dayNumber(fromYear + STRETCH_YEARS, 1, 1) * DAY_MS;
  let moment = Temporal.Instant.fromEpochMilliseconds(fromMs - 2 * NEAR_MS).toZonedDateTimeISO(id);
  const starts = [-Infinity];
  const offsets = [moment.offsetNanoseconds / 1e6];
  for (let count = 0; count < TRANSITIONS_MAX * STRETCH_YEARS; count += 1) {
    const next = moment.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= toMs + 2 * NEAR_MS) break;
    starts.push(next.epochMilliseconds);
    offsets.push(next.offsetNanoseconds / 1e6);
    moment = next;
  }
  starts.push(Infinity);
  return { starts, offsets, fromMs, toMs, hint: 0 };
}

function indexAt(segments: Segments, instantMs: number): number {
  const { starts, hint } = segments;
  if (at(starts, hint) <= instantMs && instantMs < at(starts, hint + 1)) return hint;
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(starts, middle) <= instantMs) low = middle;
    else high = middle - 1;
  }
  segments.hint = low;
  return low;
}

function instantsOf(segments: Segments, wallMs: number): number[] {
  const index = indexAt(segments, wallMs);
  const { starts, offsets } = segments;
  if (wallMs - at(starts, index) > NEAR_MS && at(starts, index + 1) - wallMs > NEAR_MS)
    return [wallMs - at(offsets, index)];
  const found: number[] = [];
  for (let i = Math.max(0, index - 2); i <= Math.min(offsets.length - 1, index + 2); i += 1) {
    const instant = wallMs - at(offsets, i);
    if (at(starts, i) <= instant && instant < at(starts, i + 1)) found.push(instant);
  }
  return found;
}

function offsetBeforeGap(segments: Segments, wallMs: number): number {
  const index = indexAt(segments, wallMs);
  const { starts, offsets } = segments;
  // The gap belongs to the transition after which the wall time would already be over, read with the old offset.
  for (let i = Math.max(0, index - 2); i <= Math.min(offsets.length - 2, index + 2); i += 1) {
    const before = at(offsets, i);
    const change = at(starts, i + 1);
    if (wallMs - before >= change && wallMs - at(offsets, i + 1) < change) return before;
  }
  return at(offsets, index);
}

function at(list: readonly number[], index: number): number {
  return list[index] ?? NaN;
}
