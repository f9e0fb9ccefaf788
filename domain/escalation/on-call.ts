/**
 * Who is on call: rotations with handovers at a wall time of the site, hours they are limited to, and overrides. Pure; an hour
 * that clocks repeat or leave out moves no handover to another day and gives nobody's turn to somebody else.
 */
import { z } from 'zod';
import {
  instantsOf,
  nextInside,
  strictDailyWindow,
  windowEnd,
  type DailyWindow,
} from '../time/daily-window.ts';
import { DAY_MS, MINUTE_MS } from '../time/days.ts';
import { dateField, instantField, timeField } from '../time/fields.ts';
import { localDay } from '../time/instants.ts';
import type { Zone } from '../time/zones.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'use small letters, digits, - and _, at most 100');
const person = z.string().min(1).max(200);

const rotation = z.strictObject({
  name,
  /** In the order of their turns; the first takes the first turn. */
  members: z.array(person).min(1, 'name at least one person').max(100),
  /** The first turn begins on this date at the time of the handover. */
  from: dateField,
  /** The last turn ends on this date at the time of the handover; absent: it has no end. */
  until: dateField.optional(),
  handover: timeField,
  every: z.strictObject({ n: z.int().min(1).max(366), unit: z.enum(['day', 'week']) }),
  /** Absent: all the time. */
  hours: z.array(strictDailyWindow).min(1).max(20).optional(),
});
export type Rotation = z.output<typeof rotation>;

const override = z.strictObject({
  from: instantField,
  to: instantField,
  /** Null: nobody, on purpose. */
  person: person.nullable(),
});

export const onCallSchedule = z.strictObject({
  name,
  title: z.string().min(1).max(200),
  /** The site's. */
  zone: z.string().min(1).max(60),
  /** The first one on duty counts. */
  rotations: z.array(rotation).min(1).max(20),
  /** Of several at a time the last in the list counts. */
  overrides: z.array(override).max(1_000).default([]),
  /** Whether there may be times with nobody on call; otherwise a gap is refused. */
  mayBeEmpty: z.boolean().default(false),
});
export type OnCallSchedule = z.output<typeof onCallSchedule>;

export type OnCall =
  | { person: string; by: 'override' | 'rotation'; rotation: string | null }
  | { person: null; by: 'override' | 'no_rotation'; rotation: null };

export function whoIsOnCall(schedule: OnCallSchedule, zone: Zone, at: number): OnCall {
  const over = schedule.overrides.findLast(({ from, to }) => from <= at && at < to);
  if (over !== undefined) {
    return over.person === null
      ? { person: null, by: 'override', rotation: null }
      : { person: over.person, by: 'override', rotation: null };
  }
  for (const one of schedule.rotations) {
    const member = memberOnDuty(one, zone, at);
    if (member !== null) return { person: member, by: 'rotation', rotation: one.name };
  }
  return { person: null, by: 'no_rotation', rotation: null };
}

export type OnCallSpan = OnCall & { from: number; to: number };

/** Spans one answer may hold: three months of handovers twice a day, with their hours. */
const SPANS_MAX = 1_000;

/** Who is on call from one instant to another, span by span; fewer when there are more than 1,000. */
export function onCallBetween(
  schedule: OnCallSchedule,
  zone: Zone,
  { from, to }: { from: number; to: number },
): OnCallSpan[] {
  const spans: OnCallSpan[] = [];
  let at = from;
  for (let count = 0; count < 4 * SPANS_MAX && at < to && spans.length <= SPANS_MAX; count += 1) {
    const until = Math.min(to, nextChange(schedule, zone, at) ?? to);
    const duty = whoIsOnCall(schedule, zone, at);
    const last = spans.at(-1);
    if (last !== undefined && isSame(last, duty)) last.to = until;
    else spans.push({ ...duty, from: at, to: until });
    at = until;
  }
  return spans.slice(0, SPANS_MAX);
}

function isSame(a: OnCall, b: OnCall): boolean {
  return a.person === b.person && a.by === b.by && a.rotation === b.rotation;
}

/** The first instant after `at` at which somebody else may be on call. */
function nextChange(schedule: OnCallSchedule, zone: Zone, at: number): number | null {
  const edges = [
    ...schedule.overrides.flatMap(({ from, to }) => [from, to]),
    ...schedule.rotations.flatMap((one) => [
      turnStart(one, zone, turnAt(one, zone, at) + 1),
      turnStart(one, zone, 0),
      ...(one.until === undefined ? [] : [handoverOn(one, zone, one.until)]),
      ...(one.hours ?? []).flatMap((window) => [
        windowEnd(window, zone, at) ?? Infinity,
        nextInside([window], zone, at) ?? Infinity,
      ]),
    ]),
  ].filter((edge) => edge > at && edge < Infinity);
  return edges.length === 0 ? null : Math.min(...edges);
}

function memberOnDuty(rotation: Rotation, zone: Zone, at: number): string | null {
  const turn = turnAt(rotation, zone, at);
  if (turn < 0) return null;
  if (rotation.until !== undefined && at >= handoverOn(rotation, zone, rotation.until)) return null;
  if (rotation.hours !== undefined && !isWithin(rotation.hours, zone, at)) return null;
  return rotation.members[turn % rotation.members.length] ?? null;
}

function isWithin(hours: readonly DailyWindow[], zone: Zone, at: number): boolean {
  return hours.some((window) => windowEnd(window, zone, at) !== null);
}

/** The number of the turn at an instant, from 0; negative before the first. */
function turnAt(rotation: Rotation, zone: Zone, at: number): number {
  const guess = Math.floor((localDay(at, zone) - rotation.from) / turnDays(rotation));
  // By the date alone it may be one too many, before the handover of the day.
  if (at >= turnStart(rotation, zone, guess + 1)) return guess + 1;
  return at >= turnStart(rotation, zone, guess) ? guess : guess - 1;
}

function turnStart(rotation: Rotation, zone: Zone, turn: number): number {
  return handoverOn(rotation, zone, rotation.from + turn * turnDays(rotation));
}

/** Of a handover that clocks show twice the first counts, so that it happens once. */
function handoverOn({ handover }: Rotation, zone: Zone, day: number): number {
  return Math.min(...instantsOf(day * DAY_MS + handover * MINUTE_MS, zone));
}

function turnDays({ every }: Rotation): number {
  return every.n * (every.unit === 'week' ? 7 : 1);
}
