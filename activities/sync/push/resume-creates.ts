/**
 * Finds, before a pull reads anything, what creates of unknown outcome made at the vendor: a page would show it as a
 * record nobody knows, and the hub would get a twin. What is not found is left to the push, which searches again.
 */
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { EntityWork } from '../entity-work.ts';
import type { PlannedCreate } from './plan.ts';
import { carryOutPlan } from './carry-out-plan.ts';

/** Returns whether the hub changed. */
export async function resumeCreates(work: EntityWork): Promise<boolean> {
  const { deps, scope, mapping } = work;
  const creates = await deps.store.inTenant(scope.tenantId, async (tx): Promise<PlannedCreate[]> => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    const intents = await deps.repo.createIntents.open(
      tx,
      scope.connectionId,
      scope.entity,
      LIMITS.pushBatchMax,
    );
    if (intents.length === 0) return [];
    const hubs = await deps.repo.hubRecords.load(
      tx,
      intents.map(({ hubId }) => hubId),
    );
    return intents.flatMap((intent): PlannedCreate[] => {
      const hub = hubs.get(intent.hubId);
      if (hub === undefined) return [];
      const { hubId: key, reference, intendedAt, payload } = intent;
      return [
        {
          hub,
          fields: new Set(mapping.pushFields),
          withheld: new Set(),
          resumed: 'leave',
          payload,
          op: { key, reference, intendedAt, payload, comments: [] },
        },
      ];
    });
  });
  if (creates.length === 0) return false;
  const { hubChanged, failure } = await carryOutPlan(work, { creates, updates: [], removals: [] });
  if (failure !== null) throw failure;
  return hubChanged;
}
