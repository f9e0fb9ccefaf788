/**
 * Instants and wall times as texts. Instants are milliseconds since 1970 inside and RFC 3339 with an offset outside; wall
 * times are `YYYY-MM-DDTHH:MM`, inside milliseconds as if their zone were UTC.
 */
import { Failure } from '../kernel/failure.ts';
import { DAY_MS, formatDate, formatTime, MINUTE_MS, parseDate, parseTime } from './days.ts';
import type { Zone } from './zones.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;

/** Milliseconds of an RFC 3339 instant; null when the text is none. Without an offset it is no instant. */
export function parseInstant(text: string): number | null {
  if (!INSTANT.test(text) || parseDate(text.slice(0, 10)) === null) return null;
  const ms = Date.parse(text.toUpperCase());
  return Number.isNaN(ms) ? null : ms;
}

/** As `parseInstant`, for texts that were checked before; throws `invalid_request` when they were not. */
export function instantMs(text: string): number {
  const ms = parseInstant(text);
  if (ms === null)
    throw new Failure(
      'invalid_request',
      `"${text.slice(0, 40)}" is no instant; write it as 2026-03-29T03:15:00+02:00.`,
    );
  return ms;
}

/** Example: `2026-03-29T03:15:00+02:00`. An offset with seconds, as before 1930, has no text in RFC 3339: then it is UTC. */
export function formatInstant(ms: number, zone: Zone): string {
  const offsetMs = zone.offsetMs(ms);
  const iso = new Date(ms + (offsetMs % MINUTE_MS === 0 ? offsetMs : 0)).toISOString();
  const local = iso.endsWith('.000Z') ? iso.slice(0, -5) : iso.slice(0, -1);
  if (offsetMs % MINUTE_MS !== 0) return `${local}Z`;
  return `${local}${offsetMs < 0 ? '-' : '+'}${formatTime(Math.abs(offsetMs) / MINUTE_MS)}`;
}

export function wallOf(ms: number, zone: Zone): number {
  return ms + zone.offsetMs(ms);
}

/** Day number of the local date at an instant. */
export function localDay(ms: number, zone: Zone): number {
  return Math.floor(wallOf(ms, zone) / DAY_MS);
}

export function parseWall(text: string): number | null {
  if (text.length !== 16 || text[10] !== 'T') return null;
  const days = parseDate(text.slice(0, 10));
  const minutes = parseTime(text.slice(11));
  return days === null || minutes === null ? null : days * DAY_MS + minutes * MINUTE_MS;
}

export function formatWall(wallMs: number): string {
  const days = Math.floor(wallMs / DAY_MS);
  return `${formatDate(days)}T${formatTime(Math.floor((wallMs - days * DAY_MS) / MINUTE_MS))}`;
}
