/**
 * The breaker on deletions that travel to a system: a pass that would take more than a small share of an entity out of use there
 * stops and asks. What a person let go is exactly what goes.
 */
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { Tx } from '../../../store/index.ts';
import type { EntityWork } from '../entity-work.ts';

/** Null: they are few enough, all may go. Else the external ids that may. */
export async function judgeDeletions(
  { deps, scope, connection }: EntityWork,
  tx: Tx,
): Promise<ReadonlySet<string> | null> {
  if (connection.deletePolicy === 'ignore') return null;
  const { deletions } = deps.repo;
  const { externalIds, total } = await deletions.dueOutward(tx, scope.connectionId, scope.entity);
  const asked = await deletions.loadOutward(tx, scope.connectionId, scope.entity);
  if (externalIds.length === 0) {
    if (asked?.approved === true) await deletions.closeOutward(tx, scope.connectionId, scope.entity);
    return null;
  }
  if (asked?.approved === true) return asked.externalIds;
  if (externalIds.length <= deletionsAllowed(total)) return null;
  const at = new Date(deps.now()).toISOString();
  await deletions.openBreaker(tx, { ...scope, at }, { direction: 'out', externalIds, total });
  return new Set();
}

/** How many of `total` records one pass may delete unasked. */
export function deletionsAllowed(total: number): number {
  return Math.max(LIMITS.deleteBreakerFloor, Math.floor(total * LIMITS.deleteBreakerShare));
}
