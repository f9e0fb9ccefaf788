import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createZones } from '../time/zones.ts';
import { checkOnCall } from './check-on-call.ts';
import { onCallBetween, onCallSchedule, whoIsOnCall, type OnCall, type OnCallSchedule } from './on-call.ts';

const zones = createZones({ tzdb: process.versions.tz ?? '' });
const PEOPLE = ['ann', 'bob', 'cy', 'dee'];
const WEEKLY = {
  name: 'weeks',
  members: ['ann', 'bob', 'cy'],
  from: '2026-01-05',
  handover: '08:00',
  every: { n: 1, unit: 'week' },
};

function scheduleOf(rotations: object[], more: object = {}): object {
  return { name: 'plant', title: 'Plant', zone: 'Europe/Berlin', rotations, ...more };
}
function parsed(rotations: object[], more: object = {}): OnCallSchedule {
  return onCallSchedule.parse(scheduleOf(rotations, more));
}
function who(schedule: OnCallSchedule, at: string): OnCall {
  return whoIsOnCall(schedule, zones.zone(schedule.zone), Date.parse(at));
}
function name(schedule: OnCallSchedule, at: string): string | null {
  return who(schedule, at).person;
}

describe('a rotation', () => {
  const weekly = parsed([WEEKLY]);

  it.each([
    ['2026-01-05T07:59:59+01:00', null],
    ['2026-01-05T08:00:00+01:00', 'ann'],
    ['2026-01-12T07:59:59+01:00', 'ann'],
    ['2026-01-12T08:00:00+01:00', 'bob'],
    ['2026-01-19T08:00:00+01:00', 'cy'],
    ['2026-01-26T08:00:00+01:00', 'ann'],
    // 24 weeks later, in summer: the handover is at 08:00 by the site's clock.
    ['2026-06-29T07:59:59+02:00', 'ann'],
    ['2026-06-29T08:00:00+02:00', 'bob'],
  ])('at %s it is %s', (at, expected) => {
    expect(name(weekly, at)).toBe(expected);
  });

  it('ends when it is said to', () => {
    const until = parsed([{ ...WEEKLY, until: '2026-01-12' }]);
    expect(name(until, '2026-01-12T07:59:00+01:00')).toBe('ann');
    expect(who(until, '2026-01-12T08:00:00+01:00')).toEqual({
      person: null,
      by: 'no_rotation',
      rotation: null,
    });
  });

  it('by days', () => {
    const daily = parsed([{ ...WEEKLY, every: { n: 3, unit: 'day' } }]);
    expect(['05', '07', '08', '11', '14'].map((day) => name(daily, `2026-01-${day}T12:00:00+01:00`))).toEqual(
      ['ann', 'ann', 'bob', 'cy', 'ann'],
    );
  });

  it('hands over once when clocks show the time twice, and at its place when they leave it out', () => {
    const nightly = parsed([
      {
        ...WEEKLY,
        members: ['ann', 'bob'],
        from: '2026-03-28',
        handover: '02:30',
        every: { n: 1, unit: 'day' },
      },
    ]);
    // 2026-03-29: 02:30 does not exist and is read as 03:30.
    expect(['03:29', '03:30'].map((time) => name(nightly, `2026-03-29T${time}:00+02:00`))).toEqual([
      'ann',
      'bob',
    ]);
    const autumn = parsed([
      {
        ...WEEKLY,
        members: ['ann', 'bob'],
        from: '2026-10-24',
        handover: '02:30',
        every: { n: 1, unit: 'day' },
      },
    ]);
    expect(name(autumn, '2026-10-25T02:29:00+02:00')).toBe('ann');
    expect(name(autumn, '2026-10-25T02:30:00+02:00')).toBe('bob');
    expect(name(autumn, '2026-10-25T02:15:00+01:00')).toBe('bob');
    expect(name(autumn, '2026-10-26T02:30:00+01:00')).toBe('ann');
  });
});

describe('hours, layers and overrides', () => {
  const DAYS = {
    ...WEEKLY,
    name: 'days',
    members: ['dee'],
    hours: [{ days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '08:00', to: '17:00' }],
  };
  const layered = parsed([DAYS, WEEKLY]);

  it('the first rotation on duty counts, the next one otherwise', () => {
    expect(who(layered, '2026-01-07T12:00:00+01:00')).toEqual({
      person: 'dee',
      by: 'rotation',
      rotation: 'days',
    });
    expect(who(layered, '2026-01-07T17:00:00+01:00')).toEqual({
      person: 'ann',
      by: 'rotation',
      rotation: 'weeks',
    });
    expect(name(layered, '2026-01-10T12:00:00+01:00')).toBe('ann');
    expect(name(parsed([DAYS], { mayBeEmpty: true }), '2026-01-10T12:00:00+01:00')).toBeNull();
  });

  it('an override counts over rotations, the last over earlier ones, and may be nobody', () => {
    const overrides = [
      { from: '2026-01-07T10:00:00Z', to: '2026-01-07T18:00:00Z', person: 'bob' },
      { from: '2026-01-07T12:00:00Z', to: '2026-01-07T13:00:00Z', person: null },
    ];
    const schedule = parsed([WEEKLY], { overrides });
    expect(who(schedule, '2026-01-07T10:00:00Z')).toEqual({ person: 'bob', by: 'override', rotation: null });
    expect(who(schedule, '2026-01-07T12:30:00Z')).toEqual({ person: null, by: 'override', rotation: null });
    expect(name(schedule, '2026-01-07T18:00:00Z')).toBe('ann');
  });

  it('is shown span by span', () => {
    const schedule = parsed([DAYS, WEEKLY], {
      overrides: [{ from: '2026-01-12T12:00:00+01:00', to: '2026-01-12T13:00:00+01:00', person: 'cy' }],
    });
    const from = Date.parse('2026-01-11T20:00:00+01:00');
    const spans = onCallBetween(schedule, zones.zone('Europe/Berlin'), { from, to: from + 86_400_000 });
    expect(
      spans.map((span) => [span.person, new Date(span.to + 3_600_000).toISOString().slice(8, 16)]),
    ).toEqual([
      ['ann', '12T08:00'],
      ['dee', '12T12:00'],
      ['cy', '12T13:00'],
      ['dee', '12T17:00'],
      ['bob', '12T20:00'],
    ]);
  });

  it('the spans say at every instant who is on call then', () => {
    const zone = zones.zone('Europe/Berlin');
    const from = Date.parse('2026-03-20T00:00:00Z');
    const schedule = parsed([DAYS, { ...WEEKLY, until: '2026-04-10', every: { n: 2, unit: 'day' } }], {
      overrides: [{ from: '2026-03-29T00:30:00Z', to: '2026-03-30T05:00:00Z', person: 'cy' }],
    });
    const spans = onCallBetween(schedule, zone, { from, to: from + 30 * 86_400_000 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 * 86_400 - 1 }), (second) => {
        const at = from + second * 1_000;
        const span = spans.find((one) => one.from <= at && at < one.to);
        expect(span?.person).toBe(whoIsOnCall(schedule, zone, at).person);
      }),
      { numRuns: 500, seed: 4_752 },
    );
  });
});

describe('checkOnCall', () => {
  const facts = { zones, people: new Set(PEOPLE) };
  const problems = (schedule: object): string[] => {
    const checked = checkOnCall(schedule, facts);
    return checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path}: ${reason}`);
  };
  const WORKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR'];
  const day = { ...WEEKLY, hours: [{ from: '06:00', to: '18:00' }] };
  const night = { ...WEEKLY, name: 'nights', hours: [{ from: '18:00', to: '06:00' }] };

  it.each([
    ['one rotation', scheduleOf([WEEKLY])],
    ['day and night', scheduleOf([day, night])],
    [
      'one after the other',
      scheduleOf([
        { ...WEEKLY, until: '2026-02-02' },
        { ...WEEKLY, name: 'b', from: '2026-02-02' },
      ]),
    ],
    ['a gap that is meant', scheduleOf([day], { mayBeEmpty: true })],
    [
      'nobody by an override',
      scheduleOf([WEEKLY], {
        overrides: [{ from: '2026-01-07T10:00:00Z', to: '2026-01-07T18:00:00Z', person: null }],
      }),
    ],
  ])('accepts %s', (_, schedule) => {
    expect(problems(schedule)).toEqual([]);
  });

  it.each([
    [
      'nights without anybody',
      scheduleOf([day]),
      'rotations: nobody is on call from MO 2026-01-05 18:00 to TU 2026-01-06 06:00; fill the gap, or set mayBeEmpty',
    ],
    [
      'a weekend',
      scheduleOf([
        { ...day, hours: [{ days: WORKDAYS, from: '06:00', to: '18:00' }] },
        { ...night, hours: [{ days: WORKDAYS, from: '18:00', to: '06:00' }] },
      ]),
      'rotations: nobody is on call from SA 2026-01-10 06:00 to MO 2026-01-12 06:00; fill the gap, or set mayBeEmpty',
    ],
    [
      'a minute between two windows',
      scheduleOf([day, { ...night, hours: [{ from: '18:01', to: '06:00' }] }]),
      'rotations: nobody is on call from MO 2026-01-05 18:00 to MO 2026-01-05 18:01; fill the gap, or set mayBeEmpty',
    ],
    [
      'a day between two rotations',
      scheduleOf([
        { ...WEEKLY, until: '2026-02-02' },
        { ...WEEKLY, name: 'b', from: '2026-02-03' },
      ]),
      'rotations: nobody is on call from MO 2026-02-02 08:00 to TU 2026-02-03 08:00; fill the gap, or set mayBeEmpty',
    ],
    [
      'hours between two handovers',
      scheduleOf([
        { ...WEEKLY, until: '2026-02-02' },
        { ...WEEKLY, name: 'b', from: '2026-02-02', handover: '09:00' },
      ]),
      'rotations: nobody is on call from MO 2026-02-02 08:00 to MO 2026-02-02 09:00; fill the gap, or set mayBeEmpty',
    ],
    [
      'an end without a successor',
      scheduleOf([{ ...WEEKLY, until: '2026-02-02' }]),
      'rotations: nobody is on call from MO 2026-02-02 08:00 to MO 2026-02-09 08:00; fill the gap, or set mayBeEmpty',
    ],
    [
      'nobody at all',
      scheduleOf([{ ...WEEKLY, members: [] }]),
      'rotations[0].members: name at least one person',
    ],
    ['no rotation', scheduleOf([]), 'rotations: Too small: expected array to have >=1 items'],
    [
      'somebody unknown',
      scheduleOf([{ ...WEEKLY, members: ['ann', 'zed'] }]),
      'rotations[0].members[1]: there is no person "zed"',
    ],
    [
      'an unknown zone',
      scheduleOf([WEEKLY], { zone: 'Mars/Olympus' }),
      'zone: there is no zone "Mars/Olympus"; use an IANA name such as Europe/Berlin',
    ],
    [
      'an end before the beginning',
      scheduleOf([WEEKLY, { ...WEEKLY, name: 'b', until: '2026-01-01' }]),
      'rotations[1].until: the rotation ends before its first turn; write a later date',
    ],
    [
      'an override backwards',
      scheduleOf([WEEKLY], {
        overrides: [{ from: '2026-01-07T18:00:00Z', to: '2026-01-07T10:00:00Z', person: 'ann' }],
      }),
      'overrides[0].to: the override ends before it begins',
    ],
    [
      'an empty window',
      scheduleOf([{ ...WEEKLY, hours: [{ from: '06:00', to: '06:00' }] }]),
      'rotations[0].hours[0].to: the window is empty; write 00:00 to 24:00 for the whole day',
    ],
    [
      'an override for somebody unknown',
      scheduleOf([WEEKLY], {
        overrides: [{ from: '2026-01-07T10:00:00Z', to: '2026-01-07T18:00:00Z', person: 'zed' }],
      }),
      'overrides[0].person: there is no person "zed"',
    ],
  ])('refuses %s', (_, schedule, problem) => {
    expect(problems(schedule)).toEqual([problem]);
  });
});
