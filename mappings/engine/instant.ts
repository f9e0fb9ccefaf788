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

export function instantText(ms: number): string {
  return new Date(ms).toISOString();
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
