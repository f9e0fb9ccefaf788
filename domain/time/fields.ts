/** Zod fields for dates, times and instants: texts outside, numbers inside (`days.ts`, `instants.ts`), with a reason when wrong. */
import { z } from 'zod';
import { parseDate, parseTime } from './days.ts';
import { parseInstant, parseWall } from './instants.ts';

function field<T>(parse: (text: string) => T | null, reason: string) {
  return z.string(reason).transform((text, context) => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: reason });
    return z.NEVER;
  });
}

/** Milliseconds since 1970. */
export const instantField = field(
  parseInstant,
  'must be an instant with an offset, such as 2026-03-29T03:15:00+02:00',
);
/** Days since 1970. */
export const dateField = field(parseDate, 'must be a date that exists, such as 2026-03-29');
/** Milliseconds since 1970 as if the zone were UTC. */
export const wallField = field(parseWall, 'must be a wall time without a zone, such as 2026-03-29T02:15');
/** Minutes after midnight. */
export const timeField = field(parseTime, 'must be a time of day between 00:00 and 23:59, such as 06:30');

/** A moment by which only its local date counts: a date as it is, or an instant, whose date depends on the zone. */
export type LocalMoment = { day: number } | { ms: number };

export const momentField = field<LocalMoment>((text) => {
  const day = parseDate(text);
  if (day !== null) return { day };
  const ms = parseInstant(text);
  return ms === null ? null : { ms };
}, 'must be a date such as 2026-03-29, or an instant with an offset');
