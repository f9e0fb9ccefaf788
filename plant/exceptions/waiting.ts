/** Parked records, which wait by themselves, and deletions that the breaker stopped, which wait for a word of a person. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  approveOutward,
  closeBreaker,
  forgetMissed,
  listBreakers as listBreakerRows,
  loadBreaker,
  stillMissing,
  type BreakerRow,
} from '../../store/exceptions/breaker-list.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import type { Tx } from '../../store/index.ts';
import { incompleteOfRun } from '../../store/runs/run-list.ts';
import {
  listOverdue,
  listWaiting as listWaitingRows,
  type WaitingRow,
} from '../../store/exceptions/waiting-list.ts';
import { audit, findConnection, instantOf, LIST_MAX, type PersonDeps } from '../person.ts';

type Reader = Pick<PersonDeps, 'store' | 'tenantId'>;

export function listWaiting(deps: Reader): Promise<WaitingRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listWaitingRows(tx, LIST_MAX));
}

/** A reference that is on its way arrives with a later page or the next pass; after a day somebody should look. */
const OVERDUE_MS = 24 * 60 * 60 * 1_000;

/** One sentence an entity whose records have waited too long for what they refer to; null asks for all entities. */
export async function overdueReferences(
  deps: Reader & Pick<PersonDeps, 'now'>,
  connectionId: string,
  entity: Entity | null,
): Promise<string[]> {
  const before = new Date(deps.now() - OVERDUE_MS).toISOString();
  const rows = await deps.store.inTenant(deps.tenantId, (tx) => listOverdue(tx, connectionId, before));
  return rows
    .filter((row) => entity === null || row.entity === entity)
    .map(
      ({ entity: of, records, waitsEntity, waitsFor, since }) =>
        `${of}: ${String(records)} ${records === 1 ? 'record waits' : 'records wait'} for more than a day for what ` +
        `${records === 1 ? 'it refers' : 'they refer'} to, first for ${waitsEntity} ${waitsFor} ` +
        `(since ${since.toISOString()}); make sure that this connection reads it.`,
    );
}

/** Why the walks of a run may have missed records, one sentence a walk. */
export async function incompleteWalks(deps: Reader, runId: string, entity: Entity | null): Promise<string[]> {
  const rows = await deps.store.inTenant(deps.tenantId, (tx) => incompleteOfRun(tx, runId));
  return rows.filter((row) => entity === null || row.entity === entity).map(({ message }) => message);
}

export function listBreakers(deps: Reader): Promise<BreakerRow[]> {
  return deps.store.inTenant(deps.tenantId, listBreakerRows);
}

export interface BreakerRequest {
  connection: string;
  entity: Entity;
  /** `in` (default): gone at the system; `out`: deleted in the hub, to be carried out there. */
  direction?: 'in' | 'out';
}

async function lockBreaker(tx: Tx, request: BreakerRequest): Promise<BreakerRow> {
  const connection = await findConnection(tx, request.connection);
  await lockConnections(tx, [connection.id]);
  const breaker = await loadBreaker(tx, connection.id, request.entity, request.direction ?? 'in');
  if (breaker !== null) return breaker;
  throw new Failure('not_found', `No deletions of ${request.entity} are stopped at ${connection.name}.`);
}

/** The records are gone indeed: the policy is carried out for those listed, without the ones that were seen since. */
export async function confirmDeletions(
  deps: PersonDeps,
  request: BreakerRequest,
): Promise<{ connectionId: string; gone: string[]; returned: string[] }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const breaker = await lockBreaker(tx, request);
    const at = instantOf(deps);
    if (breaker.direction === 'out') {
      const gone = await approveOutward(tx, breaker, at);
      const returned = breaker.externalIds.filter((id) => !gone.includes(id));
      await auditBreaker(deps, tx, breaker, { action: 'deletions.confirm', after: { gone, returned }, at });
      return { connectionId: breaker.connectionId, gone, returned };
    }
    const gone = await stillMissing(tx, breaker.connectionId, breaker.entity, breaker.externalIds);
    const missing = new Set(gone.map(({ externalId }) => externalId));
    const returned = breaker.externalIds.filter((id) => !missing.has(id));
    await deps.steps.removeGone(
      tx,
      { tenantId: deps.tenantId, connectionId: breaker.connectionId, entity: breaker.entity, at },
      gone,
    );
    await settleBreaker(deps, tx, breaker, {
      action: 'deletions.confirm',
      after: { gone: [...missing], returned },
      at,
    });
    return { connectionId: breaker.connectionId, gone: [...missing], returned };
  });
}

/** They are not gone: the sweeps count anew. */
export async function dismissDeletions(
  deps: PersonDeps,
  request: BreakerRequest,
): Promise<{ connectionId: string; kept: string[] }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const breaker = await lockBreaker(tx, request);
    if (breaker.direction === 'in')
      await forgetMissed(tx, breaker.connectionId, breaker.entity, breaker.externalIds);
    const kept = breaker.externalIds;
    await settleBreaker(deps, tx, breaker, {
      action: 'deletions.dismiss',
      after: { kept },
      at: instantOf(deps),
    });
    return { connectionId: breaker.connectionId, kept };
  });
}

async function settleBreaker(deps: PersonDeps, tx: Tx, breaker: BreakerRow, said: Said): Promise<void> {
  await closeBreaker(tx, breaker.connectionId, breaker.entity, breaker.direction);
  await auditBreaker(deps, tx, breaker, said);
}

/** What a person said of stopped deletions. */
interface Said {
  action: string;
  after: Record<string, string[]>;
  at: string;
}

async function auditBreaker(
  deps: PersonDeps,
  tx: Tx,
  breaker: BreakerRow,
  { action, after, at }: Said,
): Promise<void> {
  await audit(deps, tx, {
    action,
    subject: `connection/${breaker.connectionId}`,
    before: {
      entity: breaker.entity,
      direction: breaker.direction,
      policy: breaker.deletePolicy,
      external: breaker.externalIds,
      of: breaker.total,
    },
    after,
    at,
  });
}
