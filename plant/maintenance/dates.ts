/**
 * Calendar arithmetic of schedules: days, weeks, months and years keep their wall time in the schedule's zone, hours are
 * elapsed time. Counted from an anchor, so that the 31st becomes February 28 and then the 31st again. Pure.
 */

export interface Every {
  n: number;
  unit: 'hour' | 'day' | 'week' | 'month' | 'year';
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** The longest each unit can be: jumps by it never pass a date. */
const LONGEST: Readonly<Record<Every['unit'], number>> = {
  hour: HOUR,
  day: 25 * HOUR,
  week: 7 * DAY + HOUR,
  month: 31 * DAY + HOUR,
  year: 366 * DAY + HOUR,
};

/** The first date after `after` among anchor + k × every, k ≥ 1; all instants in epoch milliseconds. */
export function nextOnGrid(anchorMs: number, every: Every, zone: string, afterMs: number): number {
  let k = Math.max(1, Math.floor((afterMs - anchorMs) / (every.n * LONGEST[every.unit])));
  for (;;) {
    const date = onGrid(anchorMs, every, zone, k);
    if (date > afterMs) return date;
    // Never past the wanted one: what is left, in units of the longest, at least one.
    k += Math.max(1, Math.floor((afterMs - date) / (every.n * LONGEST[every.unit])));
  }
}

/** Whether the date is one of the grid's, the anchor included. */
export function isOnGrid(anchorMs: number, every: Every, zone: string, dateMs: number): boolean {
  if (dateMs === anchorMs) return true;
  if (dateMs < anchorMs) return false;
  return nextOnGrid(anchorMs, every, zone, dateMs - 1) === dateMs;
}

function onGrid(anchorMs: number, every: Every, zone: string, k: number): number {
  const count = every.n * k;
  if (every.unit === 'hour') return anchorMs + count * HOUR;
  const wall = wallOf(anchorMs, zone);
  if (every.unit === 'day' || every.unit === 'week') {
    return instantOfWall(wall + count * (every.unit === 'week' ? 7 : 1) * DAY, zone);
  }
  return instantOfWall(addMonths(wall, every.unit === 'year' ? count * 12 : count), zone);
}

/** Clamped to the last day of a shorter month. Wall times are written as if they were UTC. */
function addMonths(wallMs: number, months: number): number {
  const wall = new Date(wallMs);
  const first = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + months, 1);
  const target = new Date(first);
  const days = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(wall.getUTCDate(), days);
  return first + (day - 1) * DAY + (((wallMs % DAY) + DAY) % DAY);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetOf(instantMs: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const size = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return sign === '-' ? -size : size;
}

function wallOf(instantMs: number, zone: string): number {
  return instantMs + offsetOf(instantMs, zone);
}

/** A time that a change of clocks leaves out moves forward by the gap; of one that comes twice the first counts. */
function instantOfWall(wallMs: number, zone: string): number {
  const offsets = [offsetOf(wallMs - DAY, zone), offsetOf(wallMs + DAY, zone)];
  const real = offsets
    .map((offset) => ({ instant: wallMs - offset, offset }))
    .filter(({ instant, offset }) => offsetOf(instant, zone) === offset)
    .map(({ instant }) => instant);
  return real.length > 0 ? Math.min(...real) : wallMs - (offsets[0] ?? 0);
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
