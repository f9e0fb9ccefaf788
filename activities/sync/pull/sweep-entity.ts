/**
 * Finds records that a vendor deleted, by walking all its keys. A record is gone when two complete sweeps missed it;
 * what then happens is the connection's policy, and a breaker stops more than a small share at once.
 */
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { deletionsAllowed } from '../push/judge-deletions.ts';
import { carryOutDeletions } from './carry-out-deletions.ts';
import type { Counts } from '../context.ts';
import { count } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';
import { sayIncomplete } from './note-page.ts';

export interface SweepResult {
  counts: Counts;
  hubChanged: boolean;
  /** The breaker opened: a person decides. */
  stopped: boolean;
}

export async function sweepEntity(work: EntityWork): Promise<SweepResult> {
  const { deps, scope, session, connection } = work;
  const startedAt = new Date(deps.now()).toISOString();
  const present: string[] = [];
  let cursor: string | null = null;
  let incomplete: string | undefined;
  do {
    const page = await session.keys(scope.entity, cursor);
    present.push(...page.externalIds);
    ({ cursor, incomplete } = page);
    work.progress({ swept: present.length });
  } while (cursor !== null);
  if (incomplete !== undefined) return uncounted(work, present.length, incomplete);

  return deps.store.inTenant(scope.tenantId, async (tx) => {
    const { repo } = deps;
    const at = new Date(deps.now()).toISOString();
    await repo.connections.assertFence(tx, scope.connectionId, work.fence);
    const counts: Counts = {};
    count(counts, 'swept', present.length);
    const { missing, total } = await repo.deletions.countSweep(
      tx,
      scope.connectionId,
      scope.entity,
      present,
      startedAt,
    );
    count(counts, 'missed', missing.length);
    const gone = missing.filter(({ missingSweeps }) => missingSweeps >= 2);
    if (gone.length > deletionsAllowed(total)) {
      await repo.deletions.openBreaker(
        tx,
        { ...scope, at },
        { direction: 'in', externalIds: gone.map(({ externalId }) => externalId), total },
      );
      await repo.runs.addCounts(tx, scope.runId, scope.entity, { ...counts, breaker: gone.length });
      return { counts: { ...counts, breaker: gone.length }, hubChanged: false, stopped: true };
    }
    // What stands in lists late is no reason to forget a record that waits for somebody.
    const settledBy = new Date(Date.parse(startedAt) - LIMITS.createSettleMs).toISOString();
    await repo.quarantine.closeVanished(tx, { ...scope, at }, { present, settledBy });
    const hubChanged = await carryOutDeletions(deps, tx, { ...scope, at }, connection.deletePolicy, gone);
    count(counts, 'gone', gone.length);
    await repo.runs.addCounts(tx, scope.runId, scope.entity, counts);
    return { counts, hubChanged, stopped: false };
  });
}

/** A walk that may have missed records proves nothing of those it did not show: it is told, and counts for no deletion. */
async function uncounted(work: EntityWork, swept: number, message: string): Promise<SweepResult> {
  const { deps, scope } = work;
  const counts: Counts = { swept, incomplete: 1 };
  return deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await sayIncomplete(work, tx, message);
    await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, counts);
    return { counts, hubChanged: false, stopped: false };
  });
}
