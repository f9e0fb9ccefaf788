/**
 * The functions rules may call beyond JSONata's own: only what JSONata lacks. Each is total on missing input (nothing
 * in, nothing out), as JSONata's own are, and none knows the time or is random.
 */
import { stripHtml } from '../../../domain/html/html.ts';
import { shown } from '../run.ts';
import { dateText, instantText, isZone, readInstant } from '../instant.ts';

export interface CustomFunction {
  /** JSONata signature, checked by the interpreter before the call. */
  signature: string;
  call: (...args: unknown[]) => unknown;
}

export const FUNCTIONS: Readonly<Record<string, CustomFunction>> = {
  /** `$stripHtml(text)`: plain text of HTML; blocks become line breaks. */
  stripHtml: {
    signature: '<s-:s>',
    call: (html) => (typeof html === 'string' ? stripHtml(html) : undefined),
  },
  /** `$toInstant(value, zone?)`: RFC 3339 with offset, an epoch count or a bare date to `2026-03-01T08:15:00.000Z`; a zero time is nothing. */
  toInstant: {
    signature: '<(sn)-s?:s>',
    call: (value, zone) => {
      const ms = value === undefined ? null : instantMs(value, zone);
      return ms === null ? undefined : instantText(ms);
    },
  },
  /** `$toDate(value, zone?)`: the calendar date of an instant in a zone (UTC when not given). */
  toDate: {
    signature: '<(sn)-s?:s>',
    call: (value, zone) => {
      const ms = value === undefined ? null : instantMs(value, zone);
      return ms === null ? undefined : dateText(ms, zoneOf(zone));
    },
  },
};

function zoneOf(zone: unknown): string | null {
  if (zone === undefined) return null;
  if (typeof zone === 'string' && isZone(zone)) return zone;
  throw new Error(`${JSON.stringify(zone)} is no IANA time zone`);
}

function instantMs(value: unknown, zone: unknown): number | null {
  const ms = readInstant(value, zoneOf(zone));
  if (typeof ms === 'string') throw new Error(`${shown(value)} ${ms}`);
  return ms;
}
