/**
 * Taking records out of use the way SAP does it: nothing is deleted there, it is flagged (contract, surprise 9). An order that is
 * finished or will not be carried out is out of use already; a rejected notification stays rejected.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, RetireOp, RetireOutcome, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { assertRetirable, retiredBy } from '../kit/retire.ts';
import type { SapConfig } from './config.ts';
import { manifestFor } from './manifest.ts';
import type { Reader } from './read.ts';
import { lifeCycleOf, originOf, tokensOf } from './status.ts';
import { textIn } from './wire.ts';

interface Way {
  payload(raw: JsonObject): JsonObject;
  isRetired(raw: JsonObject): boolean;
  /** What leads a record back to where it was, from how it was shown before. */
  back(raw: JsonObject): JsonObject | null;
}

const FLAGS = ['DLFL', 'DLT', 'NOEX'];
const ENDED = [...FLAGS, 'TECO', 'CLSD'];

const OBJECT: Way = {
  payload: () => ({ _state: 'deleted' }),
  isRetired: (raw) => raw._state === 'deleted',
  back: (raw) => ({ _state: raw._state === 'inactive' ? 'inactive' : 'active' }),
};

const WAYS: Readonly<Partial<Record<Entity, Way>>> = {
  asset: OBJECT,
  location: OBJECT,
  part: {
    payload: () => ({ IsMarkedForDeletion: true }),
    isRetired: (raw) => raw.IsMarkedForDeletion === true,
    back: () => ({ IsMarkedForDeletion: false }),
  },
  meter: {
    payload: () => ({ _active: false }),
    isRetired: (raw) => raw.MeasuringPointIsInactive === true,
    back: () => ({ _active: true }),
  },
  request: {
    payload: () => ({ _phase: '5' }),
    isRetired: (raw) => raw._phase === '4' || raw._phase === '5',
    back: () => null,
  },
  work_order: {
    // Only what was never released is flagged at once (contract 8.1).
    payload: (raw) => ({ _lifeCycle: raw._lifeCycle === 'CRTD' ? 'DLFL' : 'NOEX' }),
    isRetired: (raw) => ENDED.includes(lifeCycleOf(textIn(raw.SystemStatusText), '') ?? ''),
    // Both are set beside the status: without them the order is what it was.
    back: (raw) => ({ _lifeCycle: originOf(unflagged(textIn(raw.SystemStatusText))) ?? 'CRTD' }),
  },
};

export interface RetireDeps {
  config: SapConfig;
  reader: Reader;
  update: (entity: Entity, ops: readonly UpdateOp[]) => Promise<WriteOutcome[]>;
}

export function createRetirer({ config, reader, update }: RetireDeps) {
  const manifest = manifestFor({ services: config.services });

  async function move(
    entity: Entity,
    { externalId }: RetireOp,
    out: boolean,
    payloadOf: (way: Way, raw: JsonObject) => JsonObject | null,
  ): Promise<RetireOutcome> {
    assertRetirable(manifest, entity);
    const way = WAYS[entity];
    const [record] = await reader.read(entity, [externalId]);
    if (way === undefined || record === undefined) return { outcome: 'missing' };
    const payload = payloadOf(way, record.raw);
    if (way.isRetired(record.raw) === out || payload === null) return { outcome: 'done', record, undo: null };
    const [outcome] = await update(entity, [opFor(record, payload)]);
    if (outcome === undefined) return { outcome: 'missing' };
    return retiredBy(outcome, out ? way.back(record.raw) : null, (raw) => way.isRetired(raw) === out);
  }

  return {
    retire: (entity: Entity, op: RetireOp): Promise<RetireOutcome> =>
      move(entity, op, true, (way, raw) => way.payload(raw)),
    reinstate: (entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome> =>
      move(entity, op, false, (way, raw) => op.undo ?? way.back(raw)),
  };
}

function unflagged(line: string): string {
  return tokensOf(line)
    .filter((token) => !FLAGS.includes(token))
    .join(' ');
}

function opFor({ externalId, address, version }: ExternalRecord, payload: JsonObject): UpdateOp {
  return { key: externalId, externalId, address, version, payload, comments: [], knownComments: [] };
}
