/**
 * Recurrence speed: a year of many schedules through our engine, and, on the rules that all three can express, beside
 * `rrule-temporal` and `rrule` in one run, so that the ratios hold on any machine. One process, one core.
 * `node bench/recurrence.ts [--schedules 10000] [--peers 100]`
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { RRuleTemporal } from 'rrule-temporal';
import { occurrencesBetween } from '../domain/recurrence/occurrences.ts';
import { readSchedule, type ScheduleText } from '../domain/recurrence/read-schedule.ts';
import { type Schedule } from '../domain/recurrence/schedule.ts';
import { createZones } from '../domain/time/zones.ts';
import { report, type Row } from './rig/report.ts';

// The package's ES module names a file without its ending, which Node refuses; the CommonJS one loads.
const { rrulestr } = createRequire(import.meta.url)('rrule') as {
  rrulestr: (text: string) => { between: (after: Date, before: Date, inc: boolean) => Date[] };
};

const { values } = parseArgs({
  options: { schedules: { type: 'string', default: '10000' }, peers: { type: 'string', default: '100' } },
});
const FROM_MS = Date.UTC(2026, 0, 1);
const TO_MS = Date.UTC(2027, 0, 1);
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Chicago',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Africa/Cairo',
  'America/Sao_Paulo',
];
const HOLIDAYS = ['01-01', '04-03', '04-06', '05-01', '05-14', '05-25', '10-03', '12-25', '12-26'].map(
  (day) => `2026-${day}`,
);

/** Rhythms of a plant and their share in percent; those with an RRULE can be given to the peers. */
const MIX: readonly { share: number; rule: Partial<ScheduleText>; rrule?: string }[] = [
  { share: 10, rule: { frequency: 'daily' }, rrule: 'FREQ=DAILY' },
  {
    share: 10,
    rule: { frequency: 'weekly', on: { weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'] } },
    rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  },
  { share: 15, rule: { frequency: 'weekly' }, rrule: 'FREQ=WEEKLY' },
  { share: 10, rule: { every: { n: 2, unit: 'week' } }, rrule: 'FREQ=WEEKLY;INTERVAL=2' },
  {
    share: 10,
    rule: { frequency: 'monthly', on: { month_day: 15 } },
    rrule: 'FREQ=MONTHLY;BYMONTHDAY=15',
  },
  {
    share: 5,
    rule: { frequency: 'monthly', on: { nth_weekday: { n: -1, weekday: 'FR' } } },
    rrule: 'FREQ=MONTHLY;BYDAY=-1FR',
  },
  { share: 10, rule: { frequency: 'quarterly', missing_day: 'skip' }, rrule: 'FREQ=MONTHLY;INTERVAL=3' },
  { share: 10, rule: { frequency: 'annual', missing_day: 'skip' }, rrule: 'FREQ=YEARLY' },
  { share: 5, rule: { every: { n: 10, unit: 'working_day' } } },
  {
    share: 10,
    rule: {
      frequency: 'monthly',
      non_working: 'modified_next',
      season: { ranges: [{ from: '03-15', to: '11-15' }], outside: 'next_active' },
    },
  },
  { share: 5, rule: { every: { n: 12, unit: 'hour' } } },
];

interface Planned {
  text: ScheduleText;
  /** Null where RFC 5545 has no words for it. */
  rrule: string | null;
}

function plan(index: number): Planned {
  let share = (index * 37) % 100;
  const kind = MIX.find((candidate) => (share -= candidate.share) < 0);
  const zone = ZONES[index % ZONES.length] ?? 'UTC';
  const day = new Date(Date.UTC(2021, 0, 1 + ((index * 13) % 1_000))).toISOString().slice(0, 10);
  const time = `${String(6 + (index % 12)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}`;
  const calendar: ScheduleText['calendar'] = {
    working_days: ['MO', 'TU', 'WE', 'TH', 'FR'],
    holidays: HOLIDAYS,
  };
  const dtstart = `DTSTART;TZID=${zone}:${day.replaceAll('-', '')}T${time.replace(':', '')}00`;
  const rrule = kind?.rrule === undefined ? null : `${dtstart}\nRRULE:${kind.rrule}`;
  // What the peers cannot say, a calendar, is left out where they are compared; `keep` does not move any date.
  return {
    text: {
      zone,
      anchor: `${day}T${time}`,
      calendar,
      non_working: rrule === null ? 'next' : 'keep',
      ...kind?.rule,
    },
    rrule,
  };
}

interface Measured {
  /** Processor time and not the clock's: the machine is shared, and the question is what one core has to do. */
  ms: number;
  result: number;
}

function measure(run: () => number): Measured {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1_000, result };
}

function fastest(rounds: number, run: () => number): Measured {
  const all = Array.from({ length: rounds }, () => measure(run));
  return all.reduce((best, one) => (one.ms < best.ms ? one : best));
}

const tzdb = process.versions['tz'] ?? 'unknown';
const plans = Array.from({ length: Number(values.schedules) }, (_, index) => plan(index));
const ours = (list: readonly Planned[], zones = createZones({ tzdb })): number => {
  const schedules: Schedule[] = list.map(({ text }) => readSchedule(text, zones));
  return schedules.reduce((sum, schedule) => sum + occurrencesBetween(schedule, FROM_MS, TO_MS).length, 0);
};

// The first run reads the zones and is not yet compiled: what a planner that has just started feels.
const cold = measure(() => ours(plans));
const year = fastest(3, () => ours(plans));
const allDaily = fastest(3, () =>
  ours(
    plans.map(({ text: { zone, anchor } }) => ({ text: { zone, anchor, frequency: 'daily' }, rrule: null })),
  ),
);

/** The same rules through all three; `rrule` has one round, because one is long enough. */
function peers(name: string, list: readonly Planned[]): Row[] {
  const range = [new Date(FROM_MS), new Date(TO_MS)] as const;
  const count = (datesOf: (rrule: string) => readonly unknown[]): number =>
    list.reduce((sum, { rrule }) => sum + datesOf(rrule ?? '').length, 0);
  const mine = fastest(3, () => ours(list));
  const temporal = fastest(3, () =>
    count((rruleString) => new RRuleTemporal({ rruleString }).between(...range)),
  );
  const classic = fastest(1, () => count((rrule) => rrulestr(rrule).between(...range, true)));
  return [
    [`${name}: ours`, mine.ms, 'ms'],
    [`${name}: rrule-temporal`, temporal.ms, 'ms'],
    [`${name}: rrule`, classic.ms, 'ms'],
    [`${name}: rrule-temporal / ours`, temporal.ms / mine.ms, 'x'],
    [`${name}: rrule / ours`, classic.ms / mine.ms, 'x'],
    [
      `${name}: occurrences of the three`,
      [mine, temporal, classic].map(({ result }) => result).join(' '),
      '',
    ],
  ];
}

const shared = plans.filter(({ rrule }) => rrule !== null).slice(0, Number(values.peers));
const inUtc = shared.map(({ text, rrule }) => ({
  text: { ...text, zone: 'UTC' },
  rrule: rrule?.replace(/;TZID=[^:]+(:\w+)/, '$1Z') ?? null,
}));
report(`Recurrence, tz database ${tzdb}`, [
  [`a year of ${String(plans.length)} schedules, first run`, cold.ms, 'ms'],
  [`a year of ${String(plans.length)} schedules`, year.ms, 'ms'],
  ['occurrences', year.result, ''],
  [`a year of ${String(plans.length)} daily schedules`, allDaily.ms, 'ms'],
  ['occurrences, all daily', allDaily.result, ''],
  ...peers(`${String(shared.length)} RRULEs in 8 zones`, shared),
  ...peers(`${String(shared.length)} RRULEs in UTC`, inUtc),
]);
