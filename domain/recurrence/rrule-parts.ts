/**
 * Reads the text of an RRULE into its parts. The library knows dates, zones and folded lines, but drops what it does not
 * know or like; so what it returns is held against what the text says, and a part that is missing is refused.
 */
import { RRuleTemporal } from 'rrule-temporal';
import { Failure } from '../kernel/failure.ts';
import type { Zones } from '../time/zones.ts';

export interface RruleDefaults {
  /** Zone of a DTSTART that names none. */
  zone: string;
  /** Wall time of the start, for a text without DTSTART; null when it must have one. */
  anchor: string | null;
}

export interface RruleParts {
  freq: string;
  interval: number;
  count: number | null;
  /** Wall times `YYYY-MM-DDTHH:MM:SS` in the zone. */
  start: string;
  until: string | null;
  exDates: string[];
  zone: string;
  byDay: string[];
  byMonthDay: number[];
  byMonth: number[];
  byWeekNo: number[];
  bySetPos: number[];
  byHour: number[];
  byMinute: number[];
  bySecond: number[];
  weekStart: string;
  skip: string;
}

const TEXT_CHARS_MAX = 20_000;

/** Parts of an RRULE and the option of the library that must come of each. */
const PARTS = {
  FREQ: 'freq',
  INTERVAL: 'interval',
  COUNT: 'count',
  UNTIL: 'until',
  BYDAY: 'byDay',
  BYMONTHDAY: 'byMonthDay',
  BYMONTH: 'byMonth',
  BYWEEKNO: 'byWeekNo',
  BYSETPOS: 'bySetPos',
  BYHOUR: 'byHour',
  BYMINUTE: 'byMinute',
  BYSECOND: 'bySecond',
  WKST: 'wkst',
  RSCALE: 'rscale',
  SKIP: 'skip',
} as const;

export function refuseRrule(reason: string): Failure {
  return new Failure('invalid_request', `The RRULE cannot become a schedule: ${reason}.`, { path: 'rrule' });
}

export function readRruleParts(text: string, defaults: RruleDefaults, zones: Zones): RruleParts {
  if (text.length > TEXT_CHARS_MAX)
    throw refuseRrule(`it is longer than ${String(TEXT_CHARS_MAX)} characters`);
  const { start, rule, exDates } = linesOf(text);
  const zone = zoneOf(start, defaults);
  if (!zones.has(zone)) throw refuseRrule(`the zone "${zone.slice(0, 60)}" is not in the tz database`);
  const startLine = startLineOf(start, defaults, zone);
  const options = parse([startLine, `RRULE:${rule}`, ...exDates].join('\n'));
  checkNothingLost(rule, options);
  if ((options.rscale ?? 'GREGORIAN') !== 'GREGORIAN')
    throw refuseRrule(`it counts by the calendar ${options.rscale ?? ''}, and a schedule by the Gregorian`);
  const numbers = (list: readonly (number | string)[] | undefined): number[] => (list ?? []).map(Number);
  const wall = (moment: { toPlainDateTime: () => { toString: () => string } }): string =>
    moment.toPlainDateTime().toString().padEnd(19, ':00').slice(0, 19);
  return {
    freq: options.freq,
    interval: options.interval ?? 1,
    count: options.count ?? null,
    start: wall(options.dtstart),
    until: options.until === undefined ? null : wall(options.until.withTimeZone(zone)),
    exDates: (options.exDate ?? []).map((date) => wall(date.withTimeZone(zone))),
    zone,
    byDay: options.byDay ?? [],
    byMonthDay: numbers(options.byMonthDay),
    byMonth: numbers(options.byMonth),
    byWeekNo: numbers(options.byWeekNo),
    bySetPos: numbers(options.bySetPos),
    byHour: numbers(options.byHour),
    byMinute: numbers(options.byMinute),
    bySecond: numbers(options.bySecond),
    weekStart: options.wkst ?? 'MO',
    skip: options.skip ?? 'OMIT',
  };
}

type Options = ReturnType<RRuleTemporal['options']>;

function parse(rruleString: string): Options {
  try {
    return new RRuleTemporal({ rruleString, strict: true }).options();
  } catch (error) {
    throw refuseRrule(error instanceof Error ? error.message.replace(/\.$/, '') : String(error));
  }
}

interface Lines {
  start: string | null;
  rule: string;
  exDates: string[];
}

function linesOf(text: string): Lines {
  // A long line of iCalendar is folded: it goes on after a line end and one blank.
  const lines = text
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found: { start: string | null; rules: string[]; exDates: string[] } = {
    start: null,
    rules: [],
    exDates: [],
  };
  for (const line of lines) {
    const name = /^[A-Za-z-]+/.exec(line)?.[0].toUpperCase() ?? '';
    if (name === 'DTSTART' && found.start === null) found.start = line;
    else if (name === 'EXDATE') found.exDates.push(line);
    else if (name === 'RRULE') found.rules.push(line.slice(line.indexOf(':') + 1));
    else if (name === 'FREQ' || line.includes(';FREQ=')) found.rules.push(line);
    else
      throw refuseRrule(
        `it holds "${line.slice(0, 60)}", and a schedule is one RRULE with DTSTART and EXDATE`,
      );
  }
  const [rule, ...more] = found.rules;
  if (rule === undefined) throw refuseRrule('it holds no line RRULE:FREQ=...');
  if (more.length > 0) throw refuseRrule('it holds more than one RRULE; make a schedule of each');
  return { start: found.start, rule, exDates: found.exDates };
}

function zoneOf(start: string | null, { zone }: RruleDefaults): string {
  if (start === null) return zone;
  const named = /;TZID="?([^":;]+)"?/i.exec(start)?.[1];
  return named ?? (/Z$/i.test(start) ? 'UTC' : zone);
}

function startLineOf(start: string | null, { anchor }: RruleDefaults, zone: string): string {
  if (start === null && anchor === null)
    throw refuseRrule('it has no DTSTART, and nothing else says when the series starts');
  const value =
    start === null ? `${(anchor ?? '').replace(/[-:]/g, '')}00` : start.slice(start.lastIndexOf(':') + 1);
  if (!/^\d{8}T\d{6}Z?$/i.test(value))
    throw refuseRrule(`DTSTART "${value.slice(0, 40)}" has no time of day; write it as 20260330T080000`);
  return /Z$/i.test(value) ? `DTSTART:${value}` : `DTSTART;TZID=${zone}:${value}`;
}

function checkNothingLost(rule: string, options: Options): void {
  const seen = new Set<string>();
  for (const part of rule.split(';').filter((text) => text !== '')) {
    const [name = '', value = ''] = part.split('=');
    const key = name.toUpperCase();
    if (!Object.hasOwn(PARTS, key)) throw refuseRrule(`a schedule has nothing like ${key.slice(0, 40)}`);
    if (seen.has(key)) throw refuseRrule(`${key} is there twice`);
    seen.add(key);
    const read = options[PARTS[key as keyof typeof PARTS]];
    const values = Array.isArray(read) ? read.length : read === undefined ? 0 : 1;
    if (values !== new Set(value.split(',')).size) throw refuseRrule(`${part.slice(0, 60)} is not valid`);
  }
}
