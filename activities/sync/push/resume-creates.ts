/**
 * Finds, before a pull reads anything, what creates of unknown outcome made at the vendor: a page would show it as a
 * record nobody knows, and the hub would get a twin. What is not found is left to the push, which searches again.
 */
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { CreateIntent } from '../../../store/links/create-intents.ts';
import type { EntityWork } from '../entity-work.ts';
import { carryOutPlan } from './carry-out-plan.ts';
import type { PlannedCreate } from './plan.ts';

/** Returns whether the hub changed. All of them are searched for, however many: one left out would become a twin. */
export async function resumeCreates(work: EntityWork): Promise<boolean> {
  let hubChanged = false;
  let after: CreateIntent | null = null;
  for (;;) {
    const intents = await openIntents(work, after);
    const last = intents.at(-1);
    if (last === undefined) return hubChanged;
    const creates = await plannedOf(work, intents);
    if (creates.length > 0) {
      const found = await carryOutPlan(work, { creates, updates: [], removals: [] });
      hubChanged ||= found.hubChanged;
      if (found.failure !== null) throw found.failure;
    }
    after = last;
  }
}

async function openIntents(
  { deps, scope, fence }: EntityWork,
  after: CreateIntent | null,
): Promise<CreateIntent[]> {
  return deps.store.inTenant(scope.tenantId, async (tx) => {
    const page = { after, limit: LIMITS.pushBatchMax };
    const open = await deps.repo.createIntents.open(tx, scope.connectionId, scope.entity, page);
    // Nearly always there is none: then nothing is written, and the transaction has nothing to make durable.
    if (open.length > 0) await deps.repo.connections.assertFence(tx, scope.connectionId, fence);
    return open;
  });
}

async function plannedOf(
  { deps, scope, mapping }: EntityWork,
  intents: readonly CreateIntent[],
): Promise<PlannedCreate[]> {
  const hubs = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.hubRecords.load(
      tx,
      intents.map(({ hubId }) => hubId),
    ),
  );
  return intents.flatMap((intent) => {
    const hub = hubs.get(intent.hubId);
    return hub === undefined ? [] : [searchOnly(intent, hub, mapping.pushFields)];
  });
}

function searchOnly(
  { hubId: key, reference, intendedAt, payload }: CreateIntent,
  hub: HubRecord,
  pushFields: readonly string[],
): PlannedCreate {
  return {
    hub,
    fields: new Set(pushFields),
    withheld: new Set(),
    resumed: 'leave',
    payload,
    op: { key, reference, intendedAt, payload, comments: [] },
  };
}
