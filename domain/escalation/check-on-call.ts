/** Judges an on-call schedule against the plant: zone and people exist, and, unless it may be empty, no time without anybody. */
import { checkInput, type Checked, type Problem } from '../read-input.ts';
import { firstGap, spansBetween } from '../time/daily-window.ts';
import { DAY_MS, formatDate, formatTime, MINUTE_MS, WEEKDAYS, weekdayIndex } from '../time/days.ts';
import type { Zones } from '../time/zones.ts';
import { onCallSchedule, type OnCallSchedule, type Rotation } from './on-call.ts';

export interface OnCallFacts {
  zones: Zones;
  people: ReadonlySet<string>;
}

export function checkOnCall(input: unknown, facts: OnCallFacts): Checked<OnCallSchedule> {
  const read = checkInput(onCallSchedule, input);
  if (!read.ok) return read;
  const schedule = read.value;
  const problems = [
    ...(facts.zones.has(schedule.zone)
      ? []
      : [
          {
            path: 'zone',
            reason: `there is no zone "${schedule.zone}"; use an IANA name such as Europe/Berlin`,
          },
        ]),
    ...schedule.rotations.flatMap((one, index) =>
      rotationProblems(one, `rotations[${String(index)}]`, facts),
    ),
    ...overrideProblems(schedule, facts),
  ];
  // Gaps of a schedule that is wrong in itself would only lead astray.
  if (problems.length === 0) problems.push(...gapProblems(schedule));
  return problems.length === 0 ? read : { ok: false, problems };
}

function rotationProblems(rotation: Rotation, path: string, { people }: OnCallFacts): Problem[] {
  const unknown = rotation.members.flatMap((member, index) =>
    people.has(member)
      ? []
      : [{ path: `${path}.members[${String(index)}]`, reason: `there is no person "${member}"` }],
  );
  if (rotation.until === undefined || rotation.until > rotation.from) return unknown;
  return [
    ...unknown,
    { path: `${path}.until`, reason: 'the rotation ends before its first turn; write a later date' },
  ];
}

function overrideProblems({ overrides }: OnCallSchedule, { people }: OnCallFacts): Problem[] {
  return overrides.flatMap(({ from, to, person }, index) => {
    const path = `overrides[${String(index)}]`;
    if (from >= to) return [{ path: `${path}.to`, reason: 'the override ends before it begins' }];
    if (person === null || people.has(person)) return [];
    return [{ path: `${path}.person`, reason: `there is no person "${person}"` }];
  });
}

/**
 * The first time without anybody, from the first turn on. Rotations and hours repeat weekly by the site's clock, so a week behind
 * each first and last turn shows every gap; overrides with nobody are meant and do not count.
 */
function gapProblems(schedule: OnCallSchedule): Problem[] {
  if (schedule.mayBeEmpty) return [];
  const rotations = schedule.rotations.map((one) => ({
    hours: one.hours,
    start: one.from * DAY_MS + one.handover * MINUTE_MS,
    end: one.until === undefined ? Infinity : one.until * DAY_MS + one.handover * MINUTE_MS,
  }));
  const edges = [...new Set(rotations.flatMap(({ start, end }) => [start, end]))]
    .filter((edge) => edge < Infinity)
    .sort((a, b) => a - b);
  for (const [index, edge] of edges.entries()) {
    const to = Math.min(edges[index + 1] ?? Infinity, edge + 7 * DAY_MS);
    const covered = rotations
      .filter(({ start, end }) => start <= edge && edge < end)
      .flatMap(({ hours }) =>
        hours === undefined
          ? [[edge, to] as const]
          : hours.flatMap((window) =>
              spansBetween(window, Math.floor(edge / DAY_MS) - 1, Math.floor(to / DAY_MS)),
            ),
      );
    const gap = firstGap(covered, edge, to);
    if (gap !== null) return [{ path: 'rotations', reason: gapReason(gap) }];
  }
  return [];
}

function gapReason({ from, to }: { from: number; to: number }): string {
  return `nobody is on call from ${wallText(from)} to ${wallText(to)}; fill the gap, or set mayBeEmpty`;
}

/** `MO 2026-01-05 17:00` */
function wallText(wallMs: number): string {
  const day = Math.floor(wallMs / DAY_MS);
  const time = formatTime(Math.floor((wallMs - day * DAY_MS) / MINUTE_MS));
  return `${WEEKDAYS[weekdayIndex(day)] ?? ''} ${formatDate(day)} ${time}`;
}
