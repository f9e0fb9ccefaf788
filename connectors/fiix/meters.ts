/**
 * Fiix has no meters: one is a unit read on an asset (contract 3.9), so its id is `asset|unit`, and what it shows is the
 * newest of the pair's readings.
 */
import type { JsonObject } from '../../domain/json.ts';
import type { Client } from './client.ts';
import { where } from './pages.ts';
import { idOf, intOf, parseId } from './wire.ts';
import type { Filter } from './wire.ts';

export const READING_FIELDS =
  'id, intAssetID, intMeterReadingUnitsID, dblMeterReading, dtmDateSubmitted, intUpdated';
/** Readings of one instant that are told apart by their id. */
const SAME_INSTANT_MAX = 10;

export interface Pair {
  assetId: number;
  unitId: number;
}

export function keyOf({ assetId, unitId }: Pair): string {
  return `${assetId}|${unitId}`;
}

export function pairOf(row: JsonObject): Pair | null {
  const assetId = intOf(row['intAssetID']);
  const unitId = intOf(row['intMeterReadingUnitsID']);
  return assetId === null || unitId === null ? null : { assetId, unitId };
}

export function parsePair(externalId: string): Pair | null {
  const [asset = '', unit = '', ...more] = externalId.split('|');
  const assetId = parseId(asset);
  const unitId = parseId(unit);
  return assetId === null || unitId === null || more.length > 0 ? null : { assetId, unitId };
}

export function pairFilter({ assetId, unitId }: Pair): Filter {
  return where('intAssetID = ? AND intMeterReadingUnitsID = ?', [assetId, unitId]);
}

/** The newest reading of a pair, null when it has none. */
export async function newestReading(client: Client, pair: Pair): Promise<JsonObject | null> {
  const rows = await client.find({
    className: 'MeterReading',
    fields: READING_FIELDS,
    filters: [pairFilter(pair)],
    orderBy: 'dtmDateSubmitted DESC',
    maxObjects: SAME_INSTANT_MAX,
  });
  return rows.sort((a, b) => compareReadings(b, a))[0] ?? null;
}

export function compareReadings(a: JsonObject, b: JsonObject): number {
  return Number(a['dtmDateSubmitted'] ?? 0) - Number(b['dtmDateSubmitted'] ?? 0) || idOf(a) - idOf(b);
}
