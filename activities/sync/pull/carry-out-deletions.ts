/** What follows for the hub when vendor records are gone: the connection's policy. Who decided that they are gone is not asked here. */
import type { DeletePolicy } from '../../../store/connections/connections.ts';
import type { Tx } from '../../../store/index.ts';
import { deleteRecords } from '../../../hub/writer.ts';
import { hubWriteOf, type EntityScope, type SyncDeps } from '../context.ts';

/** Returns whether the hub changed. Undone by itself when a record shows up again. */
export async function carryOutDeletions(
  deps: Pick<SyncDeps, 'repo' | 'matchRules'>,
  tx: Tx,
  scope: EntityScope,
  policy: DeletePolicy,
  gone: readonly { externalId: string; hubId: string }[],
): Promise<boolean> {
  const { repo } = deps;
  const hubIds = gone.map(({ hubId }) => hubId);
  await repo.links.markGone(tx, scope.connectionId, hubIds, scope.at);
  let hubChanged = false;
  if (policy !== 'ignore' && hubIds.length > 0) {
    const deleted = await deleteRecords(hubWriteOf(deps, tx, scope), hubIds);
    hubChanged = deleted.length > 0;
  }
  await repo.runs.logRecords(
    tx,
    scope,
    'pull',
    gone.map(({ externalId, hubId }) => ({
      externalId,
      hubId,
      action: `gone_${policy}`,
      decisions: null,
    })),
  );
  return hubChanged;
}
