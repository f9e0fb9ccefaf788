/** Writing meters of Fiix: readings can be added and nothing else, so a meter is made by its first one (contract 3.9). */
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, FoundCreated, WriteOutcome } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import type { Client } from './client.ts';
import { keyOf, newestReading, pairFilter, parsePair } from './meters.ts';
import type { Pair } from './meters.ts';
import { where } from './pages.ts';
import type { Pages } from './pages.ts';
import type { Reader } from './read.ts';
import type { Tenant } from './tenant.ts';
import { add, intOf } from './wire.ts';

export type MeterWriter = ReturnType<typeof createMeterWriter>;

export function createMeterWriter(client: Client, pages: Pages, reader: Reader, tenant: Tenant) {
  /** Two meters of ours may be one of Fiix, and are made side by side: the first has it. */
  const being = new Set<string>();

  async function pairIn(body: JsonObject): Promise<Pair> {
    const assetId = Number(body['intAssetID']);
    if (!Number.isSafeInteger(assetId))
      throw refused('A Fiix meter stands on an asset; give it one.', 'intAssetID');
    const unit = body['_unit'];
    if (typeof unit !== 'string') throw refused('A Fiix meter is told by its unit; give it one.', '_unit');
    return { assetId, unitId: (await tenant.unitNamed(unit)).id };
  }

  async function done(key: string, pair: Pair): Promise<WriteOutcome> {
    const [record] = await reader.read('meter', [keyOf(pair)]).catch((error: unknown) => {
      throw lost(toFailure(error));
    });
    if (record) return { key, outcome: 'done', record, comments: [] };
    const message = `Fiix took the reading of meter ${keyOf(pair)} but does not show it; check the rights of the keys.`;
    return {
      key,
      outcome: 'unknown',
      failure: new Failure('unexpected_response', message, { applied: 'unknown' }),
    };
  }

  function addReading({ assetId, unitId }: Pair, reading: JsonObject): Promise<number> {
    return client.add(
      add('MeterReading', {
        intAssetID: assetId,
        intMeterReadingUnitsID: unitId,
        dblMeterReading: reading['value'] ?? null,
        dtmDateSubmitted: reading['at'] ?? null,
      }),
    );
  }

  return {
    async create(key: string, body: JsonObject): Promise<WriteOutcome> {
      const pair = await pairIn(body);
      const reading = readingOf(body);
      if (reading === null) {
        throw refused(
          'A Fiix meter begins with its first reading; it is made there as soon as it has one.',
          '_reading',
        );
      }
      const claimed = being.has(keyOf(pair));
      being.add(keyOf(pair));
      if (claimed || (await newestReading(client, pair)) !== null) {
        const message = `Fiix already keeps the meter ${keyOf(pair)}; it is linked instead of made.`;
        return { key, outcome: 'unknown', failure: new Failure('conflict', message, { applied: 'unknown' }) };
      }
      await addReading(pair, reading).catch((error: unknown) => {
        being.delete(keyOf(pair));
        throw error;
      });
      return done(key, pair);
    },

    /** A reading cannot be taken back and may set off a plan, so one that is there already is not added again. */
    async update(key: string, before: ExternalRecord, body: JsonObject): Promise<WriteOutcome> {
      const fixed = Object.keys(body).find((name) => name !== '_reading');
      if (fixed !== undefined) {
        throw refused(`Fiix cannot change "${fixed}" of a meter: only readings can be added.`, fixed);
      }
      const pair = parsePair(before.externalId);
      const reading = readingOf(body);
      if (pair === null || reading === null) return { key, outcome: 'done', record: before, comments: [] };
      const same = [
        pairFilter(pair),
        where('dtmDateSubmitted = ? AND dblMeterReading = ?', [
          Number(reading['at']),
          Number(reading['value']),
        ]),
      ];
      const there = await pages.all({ className: 'MeterReading', fields: 'id', filters: same });
      if (there.length === 0) {
        try {
          await addReading(pair, reading);
        } catch (error) {
          return outcomeOf(key, toFailure(error));
        }
      }
      return done(key, pair);
    },

    async findCreated({ key, payload }: CreateOp): Promise<FoundCreated> {
      const pair = await pairIn(payload).catch((error: unknown) => {
        if (error instanceof Failure && error.kind === 'rejected') return null;
        throw error;
      });
      if (pair === null) return { key, candidates: [] };
      return { key, candidates: await reader.read('meter', [keyOf(pair)]) };
    },
  };
}

function readingOf(body: JsonObject): JsonObject | null {
  const reading = body['_reading'];
  const given = typeof reading === 'object' && reading !== null && !Array.isArray(reading);
  return given && intOf(reading['at']) !== null ? reading : null;
}

/** The reading was added; only showing it failed. */
function lost(failure: Failure): Failure {
  return new Failure(failure.kind, failure.message, {
    applied: 'unknown',
    ...(failure.code === null ? {} : { code: failure.code }),
  });
}

function refused(message: string, path: string): Failure {
  return new Failure('rejected', message, { path });
}
