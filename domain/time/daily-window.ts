/**
 * A span of the day that returns on some days of the week: quiet hours, the hours of an escalation step, the hours of a rotation.
 * Whether a moment is inside is judged by its local wall time alone, on odd days too.
 */
import { z } from 'zod';
import { DAY_MS, MINUTE_MS, parseTime, WEEKDAYS, weekdayIndex } from './days.ts';
import { localDay, wallOf } from './instants.ts';
import type { Zone } from './zones.ts';

export interface DailyWindow {
  /** Minutes after midnight. The window is [from, to) and runs over midnight when `from` is later than `to`. */
  from: number;
  /** Up to 1440, the end of the day. */
  to: number;
  /** The days on which a window starts; null for every day. */
  days: readonly (typeof WEEKDAYS)[number][] | null;
}

const DAY_MIN = 24 * 60;
const timeOfDay = z.string().transform((text, context) => {
  const minutes = text === '24:00' ? DAY_MIN : parseTime(text);
  if (minutes !== null) return minutes;
  context.addIssue({
    code: 'custom',
    message: 'must be a time of day between 00:00 and 24:00, such as 21:30',
  });
  return z.NEVER;
});

export const dailyWindowField = z
  .object({ from: timeOfDay, to: timeOfDay, days: z.array(z.enum(WEEKDAYS)).nullish() })
  .transform(({ from, to, days }): DailyWindow => ({ from, to, days: days ?? null }));

/** As people write it: a window that never is, or never ends, is a mistake. */
export const strictDailyWindow = z
  .strictObject({ from: timeOfDay, to: timeOfDay, days: z.array(z.enum(WEEKDAYS)).min(1).nullish() })
  .superRefine(({ from, to }, context) => {
    if (from !== to && from < DAY_MIN) return;
    context.addIssue({
      code: 'custom',
      path: ['to'],
      message: 'the window is empty; write 00:00 to 24:00 for the whole day',
    });
  })
  .transform(({ from, to, days }): DailyWindow => ({ from, to, days: days ?? null }));

/** The wall time at which the window around a wall time ends; null outside of it. */
export function windowEndWall(window: DailyWindow, wallMs: number): number | null {
  const day = Math.floor(wallMs / DAY_MS);
  for (const startDay of [day - 1, day]) {
    if (!startsOn(window, startDay)) continue;
    const { startWall, endWall } = onDay(window, startDay);
    if (startWall <= wallMs && wallMs < endWall) return endWall;
  }
  return null;
}

/**
 * The instant at which the window around `at` ends; null outside of it. An end inside a gap is read with the offset before
 * the gap; of an end that clocks show twice it is the first one still to come.
 */
export function windowEnd(window: DailyWindow, zone: Zone, at: number): number | null {
  const endWall = windowEndWall(window, wallOf(at, zone));
  if (endWall === null) return null;
  const instants = zone.instants(endWall);
  return (
    instants.find((instant) => instant > at) ?? instants.at(-1) ?? endWall - zone.offsetBeforeGapMs(endWall)
  );
}

/** The first instant at or after `at` inside one of the windows; null when none opens within a fortnight. */
export function nextInside(windows: readonly DailyWindow[], zone: Zone, at: number): number | null {
  const isInside = (instant: number): boolean =>
    windows.some((window) => windowEndWall(window, wallOf(instant, zone)) !== null);
  if (isInside(at)) return at;
  const today = localDay(at, zone);
  const starts = windows.flatMap((window) =>
    Array.from({ length: 16 }, (_, index) => today - 1 + index)
      .filter((day) => startsOn(window, day))
      .flatMap((day) => instantsOf(onDay(window, day).startWall, zone)),
  );
  const open = starts.filter((start) => start >= at && isInside(start));
  return open.length === 0 ? null : Math.min(...open);
}

/**
 * The first instant at or after `at` outside of every window: windows that follow on each other are waited for in turn. When
 * they leave no time at all, the end after a fortnight of them counts, so that nothing waits for ever.
 */
export function nextOutside(windows: readonly DailyWindow[], zone: Zone, at: number): number {
  let outside = at;
  for (let steps = 0; steps < 14 * windows.length; steps += 1) {
    const now = outside;
    const ends = windows.map((window) => windowEnd(window, zone, now)).filter((end) => end !== null);
    if (ends.length === 0) return outside;
    outside = Math.max(...ends);
  }
  return outside;
}

/** The windows that start from `fromDay` to `toDay` inclusive, as `[start, end)` in wall milliseconds. */
export function spansBetween(
  window: DailyWindow,
  fromDay: number,
  toDay: number,
): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  for (let day = fromDay; day <= toDay; day += 1) {
    if (!startsOn(window, day)) continue;
    const { startWall, endWall } = onDay(window, day);
    spans.push([startWall, endWall]);
  }
  return spans;
}

/** The first stretch of `[from, to)` that no span covers; null when they cover all of it. */
export function firstGap(
  covered: readonly (readonly [number, number])[],
  from: number,
  to: number,
): { from: number; to: number } | null {
  let at = from;
  for (const [start, end] of [...covered].sort((a, b) => a[0] - b[0])) {
    if (start > at) return { from: at, to: Math.min(start, to) };
    at = Math.max(at, end);
    if (at >= to) return null;
  }
  return at < to ? { from: at, to } : null;
}

/** The instants at which clocks show a wall time; one inside a gap is read with the offset before it. */
export function instantsOf(wallMs: number, zone: Zone): readonly number[] {
  const found = zone.instants(wallMs);
  return found.length === 0 ? [wallMs - zone.offsetBeforeGapMs(wallMs)] : found;
}

function startsOn({ days }: DailyWindow, day: number): boolean {
  const weekday = WEEKDAYS[weekdayIndex(day)];
  return days === null || (weekday !== undefined && days.includes(weekday));
}

function onDay({ from, to }: DailyWindow, day: number): { startWall: number; endWall: number } {
  const startWall = day * DAY_MS + from * MINUTE_MS;
  const endWall = day * DAY_MS + to * MINUTE_MS + (from > to ? DAY_MS : 0);
  return { startWall, endWall };
}
