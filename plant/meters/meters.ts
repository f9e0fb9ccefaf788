/** Readings of meters: many at once, each once. What a meter is stands in its record, as for every kind of plain record. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  addReadings,
  loadReadings,
  lockMeters,
  type MeterFacts,
  type NewReading,
  type ReadingPage,
} from '../../store/hub/meter-readings.ts';
import { assertOrder } from '../assets/assets.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { METER } from '../records/plain-records-kinds.ts';
import { requirePlain } from '../records/plain-records.ts';

/** Clocks of meters run ahead by this much before we say so; a later reading would stay the newest for ever. */
const CLOCK_AHEAD_MS = 10 * 60_000;

export interface GivenReading {
  /** Hub id, number, or the code that only this meter has. */
  meter: string;
  value: number | string;
  /** RFC 3339 instant. */
  at: string;
  source: string;
}

export interface ReadingsTaken {
  /** Stored now. */
  accepted: number;
  /** Of a meter, time and source that were there already; the first value is kept. */
  duplicates: number;
}

/** All of them or, when one does not fit, none; `pathOf` says where the caller wrote a reading's field. */
export async function takeReadings(
  deps: PersonDeps,
  readings: readonly GivenReading[],
  pathOf: (index: number, field: string) => string,
): Promise<ReadingsTaken> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const known = await lockMeters(tx, deps.tenantId, [...new Set(readings.map(({ meter }) => meter))]);
    const find = finder(known);
    const latest = new Date(deps.now() + CLOCK_AHEAD_MS).toISOString();
    const newest = new Map<string, NewReading>();
    const rows = readings.map((reading, index): NewReading => {
      const refuse = (field: string, message: string): Failure =>
        new Failure('invalid_request', `${pathOf(index, field)}: ${message}`, { path: pathOf(index, field) });
      const meter = find(reading.meter);
      if (meter === null) {
        throw refuse(
          'meter_id',
          `There is no meter "${reading.meter}", or more than one; name it by its number.`,
        );
      }
      if (typeof reading.value === 'string' && meter.kind !== 'observation') {
        throw refuse('value', `Meter ${meter.number} is read in numbers.`);
      }
      if (reading.at > latest) throw refuse('at', 'Lies in the future.');
      const { value, at, source } = reading;
      const row = { hubId: meter.id, at, value, source, newest: false };
      if (at > (newest.get(meter.id)?.at ?? meter.lastAt ?? '')) newest.set(meter.id, row);
      return row;
    });
    for (const row of newest.values()) row.newest = true;
    const now = instantOf(deps);
    const accepted = await addReadings(tx, { tenantId: deps.tenantId, at: now }, rows);
    const taken = { accepted, duplicates: readings.length - accepted };
    const [only] = known;
    await audit(deps, tx, {
      action: 'meter.read',
      subject: known.length === 1 && only !== undefined ? `record/${only.id}` : 'meters',
      before: null,
      after: { ...taken, meters: known.length },
      at: now,
    });
    return taken;
  });
}

/** By hub id, by number, or by a code that one meter has. */
function finder(known: readonly MeterFacts[]): (text: string) => MeterFacts | null {
  const sure = new Map(
    known.flatMap((meter) => [[meter.id, meter] as const, [meter.number, meter] as const]),
  );
  const byCode = Map.groupBy(known, ({ code }) => code);
  return (text) => {
    const found = sure.get(UPPERCASE_ID.test(text) ? text.toLowerCase() : text);
    if (found !== undefined) return found;
    const [first, ...others] = byCode.get(text) ?? [];
    return others.length > 0 ? null : (first ?? null);
  };
}

/** PostgreSQL gives ids in small letters. */
const UPPERCASE_ID = /^[0-9A-Fa-f-]{36}$/;

export async function listReadings(
  deps: PersonDeps,
  meter: string,
  page: ReadingPage,
): Promise<{ readings: JsonObject[]; next: ReadingPage['after'] }> {
  assertOrder(page.from, page.to);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const id = await requirePlain(tx, deps.tenantId, METER, meter);
    const found = await loadReadings(tx, id, { ...page, limit: page.limit + 1 });
    const rows = found.slice(0, page.limit);
    const last = found.length > page.limit ? rows.at(-1) : undefined;
    return {
      readings: rows.map(({ at, value, source, receivedAt }) => ({
        meter_id: id,
        at: at.toISOString(),
        value,
        source,
        received_at: receivedAt.toISOString(),
      })),
      next: last === undefined ? null : { at: last.at.toISOString(), source: last.source },
    };
  });
}
