/**
 * Creates whose outcome nobody saw: what of them the system has is found there before anything is created again. Says what
 * was found; stores nothing but that an intent is sent anew.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { FoundCreated, WriteOutcome } from '../../../connectors/kit/contract.ts';
import type { EntityWork } from '../entity-work.ts';
import type { PlannedCreate } from './plan.ts';

/** What a search for earlier tries left to decide. */
export interface Unadopted {
  /** Several records may be it, or one that differs: a person decides. */
  ambiguous: FoundCreated[];
  /** Nothing was found by a search that proves nothing: a person decides before it is created a second time. */
  unproven: FoundCreated[];
}

/** Looks for what earlier tries may have created: one is adopted, several go to a person, none may be created. */
export async function adoptCreated(
  work: EntityWork,
  creates: readonly PlannedCreate[],
  outcomes: Map<string, WriteOutcome>,
  adopted: Set<string>,
): Promise<Unadopted> {
  const { deps, scope, session } = work;
  const ambiguous: FoundCreated[] = [];
  const unproven: FoundCreated[] = [];
  if (creates.length === 0) return { ambiguous, unproven };
  const found = await session.findCreated(
    scope.entity,
    creates.map(({ op }) => op),
  );
  const ids = found.flatMap(({ candidates }) => candidates.map(({ externalId }) => externalId));
  const linked = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.links.resolveExternalIds(tx, scope.connectionId, scope.entity, ids),
  );
  // What another write of this batch just made is not what this one lost.
  const taken = new Set(
    [...outcomes.values()].flatMap((outcome) =>
      outcome.outcome === 'done' ? [outcome.record.externalId] : [],
    ),
  );
  for (const { key, candidates, doubtful } of found) {
    const free = candidates.filter(({ externalId }) => !linked.has(externalId) && !taken.has(externalId));
    const [only] = free;
    if (only !== undefined && free.length === 1 && doubtful !== true) {
      taken.add(only.externalId);
      adopted.add(key);
      // Comments sent with the create stay `sending`: the next push looks for them before it sends again.
      outcomes.set(key, { key, outcome: 'done', record: only, comments: [] });
    } else if (free.length > 0) {
      ambiguous.push({ key, candidates: free });
    } else if (candidates.length > 0) {
      refuseTaken(key, outcomes);
    } else if (doubtful === true) {
      unproven.push({ key, candidates });
    }
  }
  return { ambiguous, unproven };
}

/** The system has it already, as another record of ours: searching again would find the same for ever. */
function refuseTaken(key: string, outcomes: Map<string, WriteOutcome>): void {
  const before = outcomes.get(key);
  if (before?.outcome !== 'unknown' || before.failure.kind !== 'conflict') return;
  const message = `${before.failure.message} It is linked to another record already: merge the two, or leave this one out.`;
  outcomes.set(key, { key, outcome: 'rejected', failure: new Failure('conflict', message) });
}

/** Nothing was found of the earlier tries: from here on the record is what is sent now. */
export async function renewIntents(work: EntityWork, creates: readonly PlannedCreate[]): Promise<void> {
  if (creates.length === 0) return;
  const { deps, scope } = work;
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await deps.repo.createIntents.renew(
      tx,
      scope.connectionId,
      creates.map(({ op, payload }) => ({ hubId: op.key, payload })),
      new Date(deps.now()).toISOString(),
    );
  });
}
