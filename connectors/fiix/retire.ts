/**
 * Taking records out of use the way Fiix does it: an order is closed as incomplete, a machine goes offline with a period of its own,
 * a plan is paused (contract 3.4, 3.6, 3.8). Locations, parts and users have no such state that the API may set.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, RetireOp, RetireOutcome, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { assertRetirable, retiredBy } from '../kit/retire.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { GROUPS, SYS } from './statuses.ts';
import { intOf } from './wire.ts';

interface Way {
  payload: JsonObject;
  isRetired(raw: JsonObject): boolean;
  /** What leads back to where a record was, from how it was shown before. */
  back(raw: JsonObject): JsonObject;
}

const WAYS: Readonly<Partial<Record<Entity, Way>>> = {
  work_order: {
    payload: { _status: SYS.closedIncomplete },
    isRetired: (raw) => statusOf(raw)['intControlID'] === GROUPS.closed,
    back: (raw) => ({ _status: codeOf(statusOf(raw)) }),
  },
  asset: {
    payload: { bolIsOnline: 0 },
    isRetired: (raw) => raw['bolIsOnline'] === 0,
    back: () => ({ bolIsOnline: 1 }),
  },
  plan: {
    payload: { intScheduledMaintenanceStatusID: 0 },
    isRetired: (raw) => intOf(raw['intScheduledMaintenanceStatusID']) !== 1,
    back: () => ({ intScheduledMaintenanceStatusID: 1 }),
  },
};

export interface RetireDeps {
  reader: Reader;
  update: (entity: Entity, op: UpdateOp) => Promise<WriteOutcome>;
}

export function createRetirer({ reader, update }: RetireDeps) {
  async function move(
    entity: Entity,
    { externalId }: RetireOp,
    { out, wanted }: { out: boolean; wanted: (way: Way) => JsonObject },
  ): Promise<RetireOutcome> {
    assertRetirable(manifest, entity);
    const way = WAYS[entity];
    const [record] = await reader.read(entity, [externalId]);
    if (way === undefined || record === undefined) return { outcome: 'missing' };
    if (way.isRetired(record.raw) === out) return { outcome: 'done', record, undo: null };
    const outcome = await update(entity, opFor(record, wanted(way))).catch((error: unknown) =>
      outcomeOf(externalId, toFailure(error)),
    );
    return retiredBy(outcome, out ? way.back(record.raw) : null, (raw) => way.isRetired(raw) === out);
  }

  return {
    retire: (entity: Entity, op: RetireOp): Promise<RetireOutcome> =>
      move(entity, op, { out: true, wanted: (way) => way.payload }),
    reinstate: (entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome> =>
      move(entity, op, { out: false, wanted: (way) => op.undo ?? way.back({}) }),
  };
}

function opFor({ externalId, address, version }: ExternalRecord, payload: JsonObject): UpdateOp {
  return { key: externalId, externalId, address, version, payload, comments: [], knownComments: [] };
}

function statusOf(raw: JsonObject): JsonObject {
  const status: Json | undefined = raw['status'];
  return typeof status === 'object' && status !== null && !Array.isArray(status) ? status : {};
}

/** A status that a plant added has no code; its group tells the nearest one. */
function codeOf(status: JsonObject): number {
  const own = intOf(status['intSysCode']);
  if (own !== null) return own;
  if (status['intControlID'] === GROUPS.pending) return SYS.requested;
  return status['intControlID'] === GROUPS.draft ? SYS.draft : SYS.open;
}
