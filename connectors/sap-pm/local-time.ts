/** Local dates and times of SAP, which are pairs without a zone (contract 4.3), to moments and back. Pure. */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, made);
    return made;
  } catch {
    throw new Failure('invalid_config', `"${zone}" is no IANA time zone; correct timeZone.`, {
      path: 'timeZone',
    });
  }
}

/** `{date: '2031-05-04', time: '10:20:30'}` of a moment as clocks in the zone show it. */
export function localOf(epochMs: number, zone: string): { date: string; time: string } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '00';
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
  };
}

/** The moment of a local pair; of two in the hour that a clock repeats, the earlier. Null without a date. */
export function momentOf(date: Json | undefined, time: Json | undefined, zone: string): string | null {
  if (typeof date !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date)) return null;
  // `24:00:00` is SAP's end of day, and also what an empty time may read as (contract 3.2).
  const [hours = 0, minutes = 0, seconds = 0] = (typeof time === 'string' ? time : '0:0:0')
    .split(':')
    .map(Number);
  const wall = Date.parse(`${date}T00:00:00Z`) + ((hours * 60 + minutes) * 60 + Math.trunc(seconds)) * 1_000;
  if (!Number.isFinite(wall)) return null;
  const candidates = [-1, 1].map((side) => wall - offsetAt(wall + side * 43_200_000, zone));
  const fitting = candidates.filter((at) => at + offsetAt(at, zone) === wall).sort((a, b) => a - b);
  return new Date(fitting[0] ?? candidates[0] ?? wall).toISOString();
}

function offsetAt(epochMs: number, zone: string): number {
  const { date, time } = localOf(epochMs, zone);
  return Date.parse(`${date}T${time}Z`) - Math.floor(epochMs / 1_000) * 1_000;
}
