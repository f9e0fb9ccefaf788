/**
 * Dates on the wire (contract section 6, formats): instants are kept in epoch milliseconds and shown in whole seconds with
 * a numeric offset, never `Z`; naive text means the server's zone. The zone is a fixed offset, set by a dial.
 */

import type { JsonWriter } from './json-writer.ts';

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

export interface ServerZone {
  /** As shown: `+00:00`, `-05:00`. */
  text: string;
  offsetMs: number;
}

export function parseZone(text: string): ServerZone | null {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (match === null) return null;
  const sign = match[1] === '-' ? -1 : 1;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return {
    text: `${match[1] ?? '+'}${match[2] ?? '00'}:${match[3] ?? '00'}`,
    offsetMs: sign * minutes * 60_000,
  };
}

/** Epoch milliseconds of an ISO text, or null when it is not one. */
export function parseInstant(text: string, zone: ServerZone): number | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const millis = Number(fraction.padEnd(3, '0').slice(0, 3));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return null;
  if (offset === 'Z') return local;
  const shift = offset === undefined ? zone : parseZone(offset);
  return shift === null ? null : local - shift.offsetMs;
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
/** Dates of days seen: a page of 1,000 orders shows some 9,000 instants, and `toISOString` would cost 6 ms of them. */
const DAYS = new Map<number, string>();
const DAYS_KEPT = 20_000;

function dayText(day: number): string {
  let text = DAYS.get(day);
  if (text === undefined) {
    if (DAYS.size >= DAYS_KEPT) DAYS.clear();
    text = `${new Date(day * DAY_MS).toISOString().slice(0, 10)}T`;
    DAYS.set(day, text);
  }
  return text;
}

/** The same as a JSON string, without making one. */
export function writeInstant(out: JsonWriter, epochMs: number, zone: ServerZone): void {
  const local = epochMs + zone.offsetMs;
  const day = Math.floor(local / DAY_MS);
  const second = Math.floor((local - day * DAY_MS) / 1000);
  const minute = Math.floor(second / 60);
  const hour = Math.floor(minute / 60);
  out.raw('"');
  out.raw(dayText(day));
  out.digits(hour);
  out.raw(':');
  out.digits(minute - hour * 60);
  out.raw(':');
  out.digits(second - minute * 60);
  out.raw(zone.text);
  out.raw('"');
}

export function formatInstant(epochMs: number, zone: ServerZone): string {
  const local = epochMs + zone.offsetMs;
  const day = Math.floor(local / DAY_MS);
  const second = Math.floor((local - day * DAY_MS) / 1000);
  const hours = TWO_DIGITS[Math.floor(second / 3600)] ?? '';
  const minutes = TWO_DIGITS[Math.floor(second / 60) % 60] ?? '';
  return `${dayText(day)}${hours}:${minutes}:${TWO_DIGITS[second % 60] ?? ''}${zone.text}`;
}

/** The calendar date of a DATE attribute: the first ten characters of what was sent, or null when that is no date. */
export function parseDay(text: string): string | null {
  const day = text.slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return null;
  return INSTANT.test(text) ? day : null;
}
