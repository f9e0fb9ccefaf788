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

/** A mark of change: what a changed-at column holds, as it can be bound again. */
export type Mark = string | number;

/** Below this a number counts seconds, above it milliseconds. */
const SECONDS_BELOW = 1e11;

export function markOf(value: unknown): Mark | null {
  if (value instanceof Moment) return value.text;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

export function epochOf(mark: Mark, zoned: boolean, zone: string): number | null {
  if (typeof mark === 'number') return mark < SECONDS_BELOW ? mark * 1_000 : mark;
  return instantOfLocal(mark, zoned ? 'UTC' : zone);
}

/** An instant spelled as the sample is, no later than it: texts are compared as texts in SQLite. */
export function spellLike(sample: Mark, epochMs: number, zoned: boolean, zone: string): Mark {
  if (typeof sample === 'number') return sample < SECONDS_BELOW ? Math.floor(epochMs / 1_000) : epochMs;
  const offset = /(Z|[+-]\d\d(?::?\d\d)?)$/i.exec(sample.slice(10))?.[1] ?? '';
  const fraction = /[.,](\d+)/.exec(sample)?.[1]?.length ?? 0;
  const there = offset === '' || /^z$/i.test(offset) ? 0 : offsetMs(offset);
  const local = zoned || offset !== '' ? localOf(epochMs + there, 'UTC') : localOf(epochMs, zone);
  const shown = fraction === 0 ? local.slice(0, 19) : local.slice(0, 20 + Math.min(3, fraction));
  return (sample.includes('T') ? shown.replace(' ', 'T') : shown) + offset;
}

function offsetMs(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}
