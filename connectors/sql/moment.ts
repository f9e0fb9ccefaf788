/**
 * A point in time as a database wrote it. Its own spelling is kept, because it is finer than our milliseconds and must go
 * back unchanged as the bound of the next page.
 */
import { instantOfLocal, localOf } from '../kit/local-time.ts';

export class Moment {
  readonly text: string;
  /** The text is in UTC or has an offset; otherwise it is a clock in the zone of the connection. */
  readonly zoned: boolean;

  constructor(text: string, zoned: boolean) {
    this.text = text;
    this.zoned = zoned;
  }

  epochMs(zone: string): number | null {
    return instantOfLocal(this.text, this.zoned ? 'UTC' : zone);
  }
}

/** A mark of change: what a changed-at column holds, as it can be bound again. Whole numbers keep all their digits. */
export type Mark = string | number | bigint;

/** Below these a number counts seconds, milliseconds and microseconds; above them nanoseconds. */
const SECONDS_BELOW = 1e11;
const MILLISECONDS_BELOW = 1e14;
const MICROSECONDS_BELOW = 1e17;
/** Records of maintenance changed between these; what lies outside is a sign for "never" or "for ever". */
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31);

export function markOf(value: unknown): Mark | null {
  if (value instanceof Moment) return value.text;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  return null;
}

/** How many of a number's units make a millisecond; below one for seconds. */
function unitsPerMs(number: number): number {
  if (number < SECONDS_BELOW) return 1e-3;
  if (number < MILLISECONDS_BELOW) return 1;
  return number < MICROSECONDS_BELOW ? 1e3 : 1e6;
}

function numeric(mark: Mark): number | null {
  if (typeof mark !== 'string') return Number(mark);
  return /^\d+$/.test(mark) ? Number(mark) : null;
}

/** Epoch milliseconds; null for what is no time, a zero time, or a time for ever. */
export function epochOf(mark: Mark, zoned: boolean, zone: string): number | null {
  const number = numeric(mark);
  const ms =
    number === null ? instantOfLocal(String(mark), zoned ? 'UTC' : zone) : number / unitsPerMs(number);
  return ms !== null && ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : null;
}

/** An instant spelled as the sample is, no later than it: texts are compared as texts in SQLite. */
export function spellLike(sample: Mark, epochMs: number, zoned: boolean, zone: string): Mark {
  const number = numeric(sample);
  if (number !== null) {
    const units = epochMs * unitsPerMs(number);
    if (typeof sample === 'number') return sample < SECONDS_BELOW ? Math.floor(units) : units;
    const whole = BigInt(Math.floor(units));
    return typeof sample === 'bigint' ? whole : String(whole);
  }
  const text = String(sample);
  const offset = /(Z|[+-]\d\d(?::?\d\d)?)$/i.exec(text.slice(10))?.[1] ?? '';
  const fraction = /[.,](\d+)/.exec(text)?.[1]?.length ?? 0;
  const there = offset === '' || /^z$/i.test(offset) ? 0 : offsetMs(offset);
  const local = zoned || offset !== '' ? localOf(epochMs + there, 'UTC') : localOf(epochMs, zone);
  const shown = fraction === 0 ? local.slice(0, 19) : local.slice(0, 20 + Math.min(3, fraction));
  return (text.includes('T') ? shown.replace(' ', 'T') : shown) + offset;
}

function offsetMs(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}
