/**
 * Dates by picture (`[D01].[M01].[Y0001]`). `$toMillis` is our own: the interpreter's fills what the text does not say with
 * today, reads the year 26 as 1926 and builds a backtracking pattern from the picture. Of `$fromMillis` only the input is checked.
 */
import { compilePattern, type Pattern } from '../../../domain/pattern/pattern.ts';
import { epochOf, readInstant } from '../instant.ts';

const PICTURE_CHARS_MAX = 100;
const MARKER = /\[\[|\]\]|\[([^\]]*)\]/g;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** What a marker takes from the text. */
const PARTS: Readonly<Record<string, string>> = {
  Y: '(\\d{4})',
  M: '(\\d{1,2})',
  D: '(\\d{1,2})',
  H: '(\\d{1,2})',
  h: '(\\d{1,2})',
  m: '(\\d{1,2})',
  s: '(\\d{1,2})',
  f: '(\\d{1,9})',
  P: '([AaPp][Mm])',
  Z: '([+-]\\d\\d:?\\d\\d|Z)',
  F: '([A-Za-z]+)',
};
const NAMES = '([A-Za-z]+)';

interface Picture {
  readonly pattern: Pattern;
  readonly parts: readonly string[];
}

/** Milliseconds of a text; undefined when the text does not look like the picture. Throws a sentence's end. */
export function millisOf(text: string, picture: string | undefined): number | undefined {
  if (picture === undefined) return usualMillis(text);
  const { pattern, parts } = readPicture(picture);
  const match = pattern.find(text);
  if (!match) return undefined;
  const found = new Map(parts.map((part, index) => [part, match.groups[index] ?? '']));
  const [year, month, day] = [numberOf(found, 'Y'), monthOf(found), numberOf(found, 'D', 1)];
  const time = [hourOf(found), numberOf(found, 'm', 0), numberOf(found, 's', 0)] as const;
  const ms = epochOf({ year, month, day, time, ms: fractionOf(found) });
  if (typeof ms === 'string') throw new Error(`${JSON.stringify(text)} ${ms}`);
  return ms - zoneOf(found);
}

/** Years and months may stand alone, as in the interpreter's own function; a time of day needs its offset. */
function usualMillis(text: string): number | undefined {
  const padded = /^\d{4}(?:-\d\d)?$/.test(text) ? `${text}-01-01`.slice(0, 10) : text;
  const ms = readInstant(padded, null);
  if (typeof ms === 'string')
    throw new Error(`${JSON.stringify(text)} ${ms}; $toInstant(value, zone) reads local times`);
  return ms ?? undefined;
}

/** Throws a sentence's end for a picture that cannot be read without guessing. */
export function readPicture(picture: string): Picture {
  if (picture.length > PICTURE_CHARS_MAX)
    throw new Error(`the picture is longer than ${PICTURE_CHARS_MAX} characters`);
  const parts: string[] = [];
  let [source, from] = ['^', 0];
  for (const marker of picture.matchAll(MARKER)) {
    source += literal(picture.slice(from, marker.index));
    from = marker.index + marker[0].length;
    const inside = marker[1];
    if (inside === undefined) {
      source += literal(marker[0].charAt(0));
      continue;
    }
    const part = inside.trim().charAt(0);
    const taken = inside.includes('N') || inside.includes('n') ? named(part) : PARTS[part];
    if (part === 'Y' && /^Y(?:\d{2,3}$|,)/.test(inside.trim()))
      throw new Error(
        `the picture has [${inside}]; a year of fewer than four digits could be of any century`,
      );
    if (taken === undefined || parts.includes(part))
      throw new Error(
        `the picture has [${inside}]; each of Y, M, D, H, h, P, m, s, f, Z and F is understood, once`,
      );
    parts.push(part);
    // Digits that follow digits are as many as the marker shows.
    source += picture.charAt(from) === '[' && part !== 'Y' ? taken.replace('{1,2}', '{2}') : taken;
  }
  if (!parts.includes('Y') || (parts.includes('D') && !parts.includes('M')))
    throw new Error(
      'the picture does not say the whole date, which would have to be guessed from today; name [Y0001], [M01] and [D01]',
    );
  return { pattern: compilePattern(`${source}${literal(picture.slice(from))}$`, 'i'), parts };
}

/** Throws for what the interpreter would spend the process's memory on, or answer with NaN. */
export function checkFormat(ms: number, picture: string | undefined, zone: string | undefined): void {
  if (Math.abs(ms) > 8.64e15) throw new Error(`${ms} is no epoch millisecond count`);
  if (picture !== undefined && (picture.length > PICTURE_CHARS_MAX || /,[^\]]*\d{3}/.test(picture)))
    throw new Error('the picture is too long, or asks for a width of a hundred or more');
  if (zone !== undefined && !/^[+-]?\d{4}$/.test(zone))
    throw new Error(
      `${JSON.stringify(zone)} is no offset; write it as +0100, or use $toInstant and $toDate for zones`,
    );
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function named(part: string): string | undefined {
  return part === 'M' || part === 'F' ? NAMES : part === 'P' ? PARTS[part] : undefined;
}

type Found = ReadonlyMap<string, string>;

function numberOf(found: Found, part: string, otherwise = Number.NaN): number {
  const text = found.get(part);
  return text === undefined ? otherwise : Number(text);
}

function monthOf(found: Found): number {
  const text = found.get('M');
  if (text === undefined) return 1;
  return /^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
}

function hourOf(found: Found): number {
  const half = found.get('P')?.toLowerCase();
  if (found.has('H')) return numberOf(found, 'H');
  const hour = numberOf(found, 'h', 0);
  return half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
}

function fractionOf(found: Found): number {
  return Number((found.get('f') ?? '0').padEnd(3, '0').slice(0, 3));
}

function zoneOf(found: Found): number {
  const text = found.get('Z');
  if (text === undefined || /^z$/i.test(text)) return 0;
  const digits = text.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}
