/** Instants of a described system: read as its document says they are written, and spelled as it wants to be asked. */
import { Failure } from '../../domain/kernel/failure.ts';
import type { JsonObject } from '../../domain/json.ts';
import { instantOfLocal, localOf } from '../kit/local-time.ts';
import type { Resource, SinceDefinition, Stamp } from './definition.ts';
import { textAt } from './place.ts';

/** No record of maintenance was changed before: earlier instants are empty fields in disguise. */
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31);
/** Milliseconds since 1970 below this are of 1973, seconds above it of the year 5138: it tells the two apart. */
const SECONDS_BELOW = 1e11;
/** The westernmost clocks; a day spelled for them is nowhere later than meant. */
const BEHIND_ALL_CLOCKS_MS = 12 * 3_600_000;

/** Epoch milliseconds of a stamp; null when there is none, when it is a zero time, or when it cannot be read. */
export function instantAt(body: JsonObject, stamp: Stamp | undefined): number | null {
  if (stamp === undefined) return null;
  const text = textAt(body, stamp.path);
  if (text === null) return null;
  const ms = stamp.format === 'rfc3339' ? instantOfLocal(text, stamp.zone) : epochOf(text, stamp.format);
  return ms !== null && ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : null;
}

function epochOf(text: string, format: 'epoch_ms' | 'epoch_s'): number | null {
  const number = Number(text);
  if (number === 0 || !isEpoch(number, format)) return null;
  return format === 'epoch_s' ? number * 1_000 : number;
}

/**
 * Refuses a document whose stamps are not written as it says: read wrongly they would hide changes for ever. Single rows
 * without a time, or with a zero time, are no reason.
 */
export function assertInstants(resource: Resource, rows: readonly JsonObject[], where: string): void {
  const { updated } = resource;
  if (updated === undefined) return;
  const shown = rows.map((row) => textAt(row, updated.path)).filter((text) => text !== null);
  const odd = shown.filter((text) => !fits(text, updated));
  const [sample] = odd;
  if (sample === undefined || odd.length < shown.length) return;
  throw new Failure(
    'invalid_config',
    `${where} shows "${sample}" at "${updated.path}", which is not written as the definition says (${updated.format}); ${adviceFor(sample)}.`,
    { path: 'updated.format' },
  );
}

function fits(text: string, { format, zone }: Stamp): boolean {
  if (format === 'rfc3339') return /^0{4}-?0{2}/.test(text) || instantOfLocal(text, zone) !== null;
  return isEpoch(Number(text), format);
}

/** Whether a number can be of this unit at all: seconds read as milliseconds lie in 1970. */
function isEpoch(number: number, format: 'epoch_ms' | 'epoch_s'): boolean {
  if (!Number.isFinite(number)) return false;
  return number === 0 || number < SECONDS_BELOW === (format === 'epoch_s');
}

function adviceFor(sample: string): string {
  const number = Number(sample);
  if (!Number.isFinite(number) || Math.abs(number) < 1e8)
    return 'name another field, or leave updated and since out, so that every pull reads everything';
  return `set updated.format to ${number < SECONDS_BELOW ? 'epoch_s' : 'epoch_ms'}`;
}

/** The bound of an incremental pull as the system wants it; numbers stay numbers. */
export function spellSince({ format, zone }: SinceDefinition, epochMs: number): string | number {
  const iso =
    zone === undefined ? new Date(epochMs).toISOString() : `${localOf(epochMs, zone).replace(' ', 'T')}Z`;
  switch (format) {
    case 'rfc3339':
      return zone === undefined || zone === 'UTC' ? iso : iso.replace('Z', '');
    case 'rfc3339_seconds':
      return iso.slice(0, 19) + (zone === undefined || zone === 'UTC' ? 'Z' : '');
    case 'date':
      // Whose day it is nobody said: the day of the clock that is furthest behind begins early enough everywhere.
      return zone === undefined
        ? new Date(epochMs - BEHIND_ALL_CLOCKS_MS).toISOString().slice(0, 10)
        : iso.slice(0, 10);
    case 'epoch_ms':
      return Math.floor(epochMs);
    case 'epoch_s':
      return Math.floor(epochMs / 1_000);
  }
}
