/**
 * Taking records out of use the way UpKeep does it (contract 3.2, 3.3, 6.5): orders are archived, requests cancelled, assets set
 * inactive. An archived order leaves the lists and can still be read by its id. That the field is called `archived` is a guess.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import type { ExternalRecord, RetireOp, RetireOutcome, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { assertRetirable, retiredBy } from '../kit/retire.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';

interface Way {
  payload: JsonObject;
  isRetired(raw: JsonObject): boolean;
  back: JsonObject | null;
}

const WAYS: Readonly<Partial<Record<Entity, Way>>> = {
  work_order: {
    payload: { archived: true },
    isRetired: (raw) => raw['archived'] === true,
    back: { archived: false },
  },
  asset: {
    payload: { status: 'inactive' },
    isRetired: (raw) => raw['status'] === 'inactive',
    back: { status: 'active' },
  },
  // One that was decided is out of use already.
  request: { payload: { status: 'cancelled' }, isRetired: (raw) => raw['status'] !== 'pending', back: null },
};

export interface RetireDeps {
  reader: Reader;
  update: (entity: Entity, op: UpdateOp) => Promise<WriteOutcome>;
}

export function createRetirer({ reader, update }: RetireDeps) {
  async function move(
    entity: Entity,
    { externalId }: RetireOp,
    decide: (way: Way, record: ExternalRecord) => JsonObject | null,
  ): Promise<RetireOutcome> {
    assertRetirable(manifest, entity);
    const way = WAYS[entity];
    const record = await reader.readOne(entity, externalId);
    if (way === undefined || record === null) return { outcome: 'missing' };
    const payload = decide(way, record);
    if (payload === null) return { outcome: 'done', record, undo: null };
    const { address, version } = record;
    const op = { key: externalId, externalId, address, version, payload, comments: [], knownComments: [] };
    const outcome = await update(entity, op).catch((error: unknown) =>
      outcomeOf(externalId, toFailure(error)),
    );
    const wasRetired = way.isRetired(record.raw);
    return retiredBy(outcome, wasRetired ? null : way.back, (raw) => way.isRetired(raw) !== wasRetired);
  }

  return {
    retire: (entity: Entity, op: RetireOp): Promise<RetireOutcome> =>
      move(entity, op, (way, { raw }) => (way.isRetired(raw) ? null : way.payload)),
    reinstate: (entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome> =>
      move(entity, op, (way, { raw }) => (way.isRetired(raw) ? (op.undo ?? way.back) : null)),
  };
}
