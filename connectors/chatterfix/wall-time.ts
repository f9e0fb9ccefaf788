/**
 * Times without a zone, which ChatterFix mostly shows, to instants and back (contract 9, timestamps). A wall-clock time that
 * a zone shows twice is taken as the first of the two; one it never shows (the gap in spring) as the same reading after the gap.
 */
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;
const DAY_MS = 86_400_000;

/** RFC 3339 text in UTC with milliseconds; null when the text is no time. A bare date is midnight in the zone. */
export function instantOf(text: string, zone: string): string | null {
  const match = TIME.exec(text.trim());
  if (!match) return null;
  const [, y = '', mo = '', d = '', h = '0', mi = '0', s = '0', fraction = '', offset] = match;
  const [year, month, day] = [Number(y), Number(mo), Number(d)];
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (year < 1000 || midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  if (Number(h) > 23 || Number(mi) > 59 || Number(s) > 59) return null;
  const millis = Number(fraction.padEnd(3, '0').slice(0, 3));
  const wall = midnight.getTime() + ((Number(h) * 60 + Number(mi)) * 60 + Number(s)) * 1_000 + millis;
  return new Date(offset === undefined ? fromWall(wall, zone) : wall - offsetMs(offset)).toISOString();
}

/** What clocks in the zone show at an instant: `2026-03-05 08:14:02`. */
export function wallTextOf(instant: string, zone: string): string {
  const ms = Date.parse(instant);
  return new Date(ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 19).replace('T', ' ');
}

/** The offset of the day before is tried first: in an overlap it gives the earlier instant, in a gap the later reading. */
function fromWall(wall: number, zone: string): number {
  const before = wall - zoneOffsetMs(wall - DAY_MS, zone);
  if (before + zoneOffsetMs(before, zone) === wall) return before;
  const after = wall - zoneOffsetMs(wall + DAY_MS, zone);
  return after + zoneOffsetMs(after, zone) === wall ? after : before;
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

function zoneOffsetMs(ms: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts: Record<string, number> = {};
  for (const part of clockOf(zone).formatToParts(ms)) parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}
