/** Takes records out of use, and back, by writing their status where the generation can change one. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type {
  ExternalRecord,
  Manifest,
  RetireOp,
  RetireOutcome,
  UpdateOp,
  WriteOutcome,
} from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { assertRetirable, retiredBy } from '../kit/retire.ts';
import type { Reader } from './read.ts';
import { WAYS } from './ways-out.ts';
import type { Way } from './ways-out.ts';

export interface RetireDeps {
  manifest: () => Promise<Manifest>;
  reader: Reader;
  update: (entity: Entity, op: UpdateOp) => Promise<WriteOutcome>;
}

export function createRetirer({ manifest, reader, update }: RetireDeps) {
  async function move(
    entity: Entity,
    { externalId }: RetireOp,
    out: boolean,
    wanted: (way: Way) => string,
  ): Promise<RetireOutcome> {
    assertRetirable(await manifest(), entity);
    const way = WAYS[entity];
    const record = await reader.readOne(entity, externalId);
    if (way === undefined || record === null) return { outcome: 'missing' };
    if (isEnded(way, record.raw) === out) return { outcome: 'done', record, undo: null };
    const outcome = await update(entity, opFor(record, { status: wanted(way) })).catch((error: unknown) =>
      outcomeOf(externalId, toFailure(error)),
    );
    const undo = out ? { status: wordBefore(way, record.raw['status']) } : null;
    return retiredBy(outcome, undo, (raw) => isEnded(way, raw) === out);
  }

  return {
    retire: (entity: Entity, op: RetireOp): Promise<RetireOutcome> =>
      move(entity, op, true, (way) => way.status),
    reinstate: (entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome> =>
      move(entity, op, false, (way) => wordBefore(way, op.undo?.['status'])),
  };
}

function opFor({ externalId, address, version }: ExternalRecord, payload: JsonObject): UpdateOp {
  return { key: externalId, externalId, address, version, payload, comments: [], knownComments: [] };
}

function isEnded(way: Way, raw: JsonObject): boolean {
  return typeof raw['status'] === 'string' && way.ended.includes(raw['status']);
}

function wordBefore({ before }: Way, status: unknown): string {
  return before.find((word) => word === status) ?? before[0] ?? '';
}
