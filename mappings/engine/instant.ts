/**
 * Vendor spellings of time to the one canonical spelling and back. Pure text and arithmetic; zone offsets come from
 * the runtime's tables through Intl.
 */
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;
/** Below it, a year was cut or never meant. `Date.UTC` would make 1926 of 26. */
const YEAR_MIN = 1000;
const MS_MIN = Date.UTC(YEAR_MIN, 0, 1);
const MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Epoch milliseconds of a vendor's instant: RFC 3339 text with any offset, a bare date (midnight in `zone`), text without offset
 * (needs `zone`), or an epoch count of milliseconds or seconds, as number or digits. Null for a zero time, which says that there is
 * none. A sentence when it cannot be read, or could be read in two ways.
 */
export function readInstant(value: unknown, zone: string | null): number | null | string {
  if (typeof value === 'number') return epochMs(value);
  if (typeof value !== 'string') return 'is no instant';
  const usual = readUsual(value);
  if (usual !== null) return usual;
  if (/^(?:0|-?\d{9,16})$/.test(value)) return epochMs(Number(value));
  const match = INSTANT.exec(value);
  if (!match) return 'is no instant; expected RFC 3339 text or epoch milliseconds';
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '0', offset] = match;
  if (isZeroDate(Number(y), Number(mo), Number(d))) return null;
  const wall = epochOf({
    year: Number(y),
    month: Number(mo),
    day: Number(d),
    time: [Number(h), Number(mi), Number(s)],
    ms: Number(fraction.padEnd(3, '0').slice(0, 3)),
  });
  if (typeof wall === 'string') return wall;
  if (offset !== undefined) return nothingIfZero(wall - offsetMs(offset));
  if (zone !== null) return wallToInstant(wall, zone);
  return match[4] === undefined ? wall : 'has no offset; set `zone` in the rule to say where it was written';
}

/** UTC milliseconds of a date and time of day; a sentence when there is no such moment, or no plant can mean it. */
export function epochOf(moment: {
  year: number;
  month: number;
  day: number;
  time: readonly [number, number, number];
  ms: number;
}): number | string {
  const { year, month, day, time, ms } = moment;
  const [hour, minute, second] = time;
  if (!(year >= YEAR_MIN && year <= 9999)) return `is in the year ${year}; correct the year`;
  const midnight = Date.UTC(year, month - 1, day);
  if (!(month >= 1 && month <= 12) || new Date(midnight).getUTCDate() !== day)
    return 'names a day that does not exist';
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return 'names a time that does not exist';
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + ms;
}

/** What systems keep where there is no date: 0000-00-00 (MySQL), the first of January of the year 1 (.NET, Go), shifted by zones. */
function isZeroDate(year: number, month: number, day: number): boolean {
  return year === 0 || (year === 1 && month === 1 && day <= 2);
}

/** The first instant of Unix time to the millisecond is a zero that somebody wrote out, not a moment of anybody's work. */
function nothingIfZero(ms: number): number | null {
  return ms === 0 ? null : ms;
}

/**
 * Epoch counts come in seconds and in milliseconds. Up to ten digits are seconds (to the year 2286), from twelve on they are
 * milliseconds (from 1973, in twelve digits, on); what is between and below could be either.
 */
function epochMs(count: number): number | null | string {
  if (count === 0) return null;
  const size = Math.abs(count);
  if (size >= 1e11)
    return count >= MS_MIN && count <= MS_MAX ? count : 'is no count of milliseconds since 1970';
  if (size >= 1e8 && size < 1e10) return Math.round(count * 1_000);
  return 'could be seconds or milliseconds since 1970; give an instant as text, or a count of 9 to 10 or of 12 to 15 digits';
}

/** As toISOString, in a third of its time for the years four digits can spell. */
export function instantText(ms: number): string {
  const at = new Date(ms);
  const year = at.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) return at.toISOString();
  const day = `${year}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;
  const millis = at.getUTCMilliseconds();
  const fraction = millis === 0 ? '000' : String(millis).padStart(3, '0');
  return `${day}T${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}.${fraction}Z`;
}

const PAIRS: readonly string[] = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

function pad(n: number): string {
  return PAIRS[n] ?? String(n);
}

/**
 * The spellings nearly all vendors use, `2026-03-01T08:15:00-05:00`, `…00Z` and `…00.000Z`, as their six or seven numbers and without a regular
 * expression: a work order carries six of them, and they were two thirds of its mapping time. Null leaves it to the general reader.
 */
function usualParts(text: string): UsualParts | null {
  const isMillis = text.length === 24 && text.charCodeAt(19) === DOT && text.charCodeAt(23) === ZULU;
  const isZulu = isMillis || (text.length === 20 && text.charCodeAt(19) === ZULU);
  if (!isZulu && (text.length !== 25 || text.charCodeAt(22) !== COLON)) return null;
  if (
    text.charCodeAt(4) !== DASH ||
    text.charCodeAt(7) !== DASH ||
    text.charCodeAt(10) !== TEE ||
    text.charCodeAt(13) !== COLON ||
    text.charCodeAt(16) !== COLON
  )
    return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const [month, day, hour] = [two(text, 5), two(text, 8), two(text, 11)];
  const [minute, second] = [two(text, 14), two(text, 17)];
  const ms = isMillis ? two(text, 20) * 10 + (two(text, 21) % 10) : 0;
  const sign = text.charCodeAt(19);
  const offset = isZulu
    ? 0
    : (two(text, 20) * 60 + two(text, 23)) * (sign === PLUS ? 1 : sign === DASH ? -1 : Number.NaN);
  // Anything not a digit made its number NaN, which no comparison passes.
  const isUsual =
    year >= YEAR_MIN &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    ms >= 0 &&
    offset > -1_440 &&
    offset < 1_440;
  return isUsual ? { year, month, day, minutes: hour * 60 + minute, second, ms, offset } : null;
}

interface UsualParts {
  year: number;
  month: number;
  day: number;
  /** Of the day as it was written. */
  minutes: number;
  second: number;
  ms: number;
  /** Minutes the place is ahead of UTC. */
  offset: number;
}

const DAYS: readonly number[] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS[month] ?? 0);
}

const [DASH, DOT, COLON, PLUS, TEE, ZULU] = Array.from('-.:+TZ', (one) => one.charCodeAt(0));

function readUsual(text: string): number | null {
  const parts = usualParts(text);
  if (parts === null) return null;
  const { year, month, day, minutes, second, ms, offset } = parts;
  const epoch = Date.UTC(year, month - 1, day, 0, minutes - offset, second, ms);
  return epoch === 0 ? null : epoch;
}

/**
 * A usual spelling straight to the canonical one, no date made of it; null leaves it to `readInstant` and `instantText`, which give the same for
 * every text that this one answers. Days beyond the ends of months and Unix time's zero are left to them.
 */
export function usualInstantText(text: string): string | null {
  const parts = usualParts(text);
  if (parts === null || parts.year < 1971) return null;
  if (parts.offset === 0 && text.length < 25) return text.length === 24 ? text : `${text.slice(0, 19)}.000Z`;
  const minutes = parts.minutes - parts.offset;
  const day = parts.day + (minutes < 0 ? -1 : minutes >= 1_440 ? 1 : 0);
  if (day < 1 || day > daysIn(parts.year, parts.month)) return null;
  const ofDay = (minutes + 1_440) % 1_440;
  const hour = Math.floor(ofDay / 60);
  return `${text.slice(0, 8)}${pad(day)}T${pad(hour)}:${pad(ofDay - hour * 60)}:${text.slice(17, 19)}.000Z`;
}

function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Calendar date at the given instant in a zone (UTC when null). */
export function dateText(ms: number, zone: string | null): string {
  return new Date(zone === null ? ms : ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 10);
}

/** The calendar date a vendor wrote: the day as spelled, whatever offset follows, because the plant meant that day. Null for a zero date. */
export function readDate(value: unknown, zone: string | null): { date: string } | null | string {
  const ms = readInstant(value, zone ?? 'UTC');
  if (ms === null) return null;
  if (typeof ms === 'string') return ms.replace('instant', 'date');
  return {
    date:
      typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? value.slice(0, 10) : dateText(ms, zone),
  };
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** The first instant at which clocks in the zone show `wall`; inside a spring gap, the same reading one gap later. */
function wallToInstant(wall: number, zone: string): number {
  const before = wall - zoneOffsetMs(wall - 86_400_000, zone);
  if (before + zoneOffsetMs(before, zone) === wall) return before;
  const after = wall - zoneOffsetMs(wall + 86_400_000, zone);
  return after + zoneOffsetMs(after, zone) === wall ? after : before;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

function zoneOffsetMs(ms: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(ms)) parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
