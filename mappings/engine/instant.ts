/**
 * Vendor spellings of time to the one canonical spelling and back. Pure text and arithmetic; zone offsets come from
 * the runtime's tables through Intl.
 */
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;
/** Years 1000 to 9999: what four digits can spell. */
const MS_MIN = Date.UTC(1000, 0, 1);
const MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Epoch milliseconds of a vendor's instant: RFC 3339 text with any offset, a bare date (midnight in `zone`), text
 * without offset (needs `zone`), or epoch milliseconds as number or digits. A sentence when it cannot be read.
 */
export function readInstant(value: unknown, zone: string | null): number | string {
  if (typeof value === 'number') return inRange(value) ? value : 'is no epoch millisecond count';
  if (typeof value !== 'string') return 'is no instant';
  const usual = readUsual(value);
  if (usual !== null) return usual;
  if (/^-?\d{9,15}$/.test(value)) return inRange(Number(value)) ? Number(value) : 'is no instant';
  const match = INSTANT.exec(value);
  if (!match) return 'is no instant; expected RFC 3339 text or epoch milliseconds';
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '0', offset] = match;
  const day = Number(d);
  const wall = Date.UTC(
    Number(y),
    Number(mo) - 1,
    day,
    Number(h),
    Number(mi),
    Number(s),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  if (new Date(Date.UTC(Number(y), Number(mo) - 1, day)).getUTCDate() !== day || Number(mo) > 12)
    return 'names a day that does not exist';
  if (Number(h) > 23 || Number(mi) > 59 || Number(s) > 59) return 'names a time that does not exist';
  if (offset !== undefined) return wall - offsetMs(offset);
  if (zone !== null) return wallToInstant(wall, zone);
  return match[4] === undefined ? wall : 'has no offset; set `zone` in the rule to say where it was written';
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
 * The spelling nearly all vendors use, `2026-03-01T08:15:00-05:00` or `…00.000Z`, without the regular expression: a
 * work order carries six of them and they were two thirds of its mapping time. null leaves it to the general reader.
 */
function readUsual(text: string): number | null {
  const millis = text.length === 24 && text.charCodeAt(19) === 46 && text.charCodeAt(23) === 90;
  const zulu = millis || (text.length === 20 && text.charCodeAt(19) === 90);
  if (!zulu && text.length !== 25) return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const [month, day] = [two(text, 5), two(text, 8)];
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  const fraction = millis ? two(text, 20) * 10 + (two(text, 21) % 10) : 0;
  let offset = 0;
  if (!zulu) {
    const sign = text.charCodeAt(19);
    if ((sign !== 43 && sign !== 45) || text.charCodeAt(22) !== 58) return null;
    offset = (two(text, 20) * 60 + two(text, 23)) * (sign === 45 ? -60_000 : 60_000);
  }
  const wellFormed =
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    year >= 1000 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    fraction >= 0 &&
    fraction <= 999;
  // Anything not a digit made one of the numbers NaN, and so the sum; days after the 28th need the calendar.
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, fraction) - offset;
  return wellFormed && Number.isFinite(ms) ? ms : null;
}

function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Calendar date at the given instant in a zone (UTC when null). */
export function dateText(ms: number, zone: string | null): string {
  return new Date(zone === null ? ms : ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 10);
}

/** The calendar date a vendor wrote: the day as spelled, whatever offset follows, because the plant meant that day. */
export function readDate(value: unknown, zone: string | null): { date: string } | string {
  const ms = readInstant(value, zone ?? 'UTC');
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

function inRange(ms: number): boolean {
  return Number.isFinite(ms) && ms >= MS_MIN && ms <= MS_MAX;
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
