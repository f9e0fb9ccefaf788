/**
 * Taking records out of use the way Maximo does it (contract 8.5): by a status, or by switching a meter off. The word a record
 * had before is what the way back needs.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, RetireOp, RetireOutcome, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { assertRetirable, retiredBy } from '../kit/retire.ts';
import type { MaximoConfig } from './config.ts';
import { manifestFor } from './manifest.ts';
import type { Reader } from './read.ts';
import { textOf } from './wire.ts';

interface Way {
  /** What is written; statuses by their word inside Maximo. */
  payload: JsonObject;
  /** Words inside Maximo that say that the record is out of use already, or done. */
  ended: readonly string[];
  /** What it goes back to when nobody knows where it was. */
  back: JsonObject;
}

const DECOMMISSIONED: Way = {
  payload: { status: 'DECOMMISSIONED' },
  ended: ['DECOMMISSIONED'],
  back: { status: 'OPERATING' },
};
const WAYS: Readonly<Partial<Record<Entity, Way>>> = {
  asset: DECOMMISSIONED,
  location: DECOMMISSIONED,
  part: { payload: { status: 'OBSOLETE' }, ended: ['OBSOLETE', 'PENDOBS'], back: { status: 'ACTIVE' } },
  meter: { payload: { active: false }, ended: [], back: { active: true } },
  request: { payload: { status: 'CLOSED' }, ended: ['RESOLVED', 'CLOSED', 'HISTEDIT'], back: {} },
  work_order: { payload: { status: 'CAN' }, ended: ['COMP', 'CLOSE', 'CAN', 'HISTEDIT'], back: {} },
};

export interface RetireDeps {
  config: MaximoConfig;
  reader: Reader;
  update: (entity: Entity, ops: readonly UpdateOp[]) => Promise<WriteOutcome[]>;
}

export function createRetirer({ config, reader, update }: RetireDeps) {
  const manifest = manifestFor(config);

  async function wayOf(
    entity: Entity,
    { externalId }: RetireOp,
  ): Promise<{ way: Way; record: ExternalRecord } | null> {
    assertRetirable(manifest, entity);
    const way = WAYS[entity];
    const [record] = await reader.read(entity, [externalId]);
    return way === undefined || record === undefined ? null : { way, record };
  }

  async function write(entity: Entity, record: ExternalRecord, payload: JsonObject): Promise<WriteOutcome> {
    const { externalId, address, version } = record;
    const op = { key: externalId, externalId, address, version, payload, comments: [], knownComments: [] };
    const [outcome] = await update(entity, [op]);
    return outcome ?? { key: externalId, outcome: 'missing' };
  }

  return {
    async retire(entity: Entity, op: RetireOp): Promise<RetireOutcome> {
      const found = await wayOf(entity, op);
      if (found === null) return { outcome: 'missing' };
      const { way, record } = found;
      if (isRetired(way, record.raw)) return { outcome: 'done', record, undo: null };
      const undo: JsonObject = 'active' in way.payload ? way.back : { status: textOf(record.raw.status) };
      return retiredBy(await write(entity, record, way.payload), undo, (raw) => isRetired(way, raw));
    },

    async reinstate(entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome> {
      const found = await wayOf(entity, op);
      if (found === null) return { outcome: 'missing' };
      const { way, record } = found;
      if (!isRetired(way, record.raw)) return { outcome: 'done', record, undo: null };
      const outcome = await write(entity, record, op.undo ?? way.back);
      return retiredBy(outcome, null, (raw) => !isRetired(way, raw));
    },
  };
}

function isRetired({ payload, ended }: Way, raw: JsonObject): boolean {
  if ('active' in payload) return raw.active === false || raw.active === undefined;
  return ended.includes(textOf(raw.status_maxvalue) || textOf(raw.status));
}
