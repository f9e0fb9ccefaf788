/**
 * Asks how the vendor will get to what is to be written, before it is asked to write, and has stored what it will show on the
 * way: after a worker died in the middle nobody could tell a step of ours from somebody's edit.
 */
import type { ExternalRecord, WriteStep } from '../../../connectors/kit/contract.ts';
import { toFailure } from '../../../domain/kernel/failure.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
import type { EntityWork } from '../entity-work.ts';
import type { PlannedUpdate } from './plan.ts';
import { withForeseen } from './step-values.ts';

/** An update whose way is known. */
export interface Foreseen {
  intent: StoredUpdateIntent;
  /** The vendor's record that the decision was based on. */
  before: JsonObject;
}

export async function foreseeSteps(
  work: EntityWork,
  updates: readonly PlannedUpdate[],
): Promise<Map<string, Foreseen>> {
  const foreseen = new Map<string, Foreseen>();
  const writes = updates.filter(
    ({ op, lastShown }) => lastShown !== null && Object.keys(op.payload).length > 0,
  );
  if (writes.length === 0 || work.session.foresee === undefined) return foreseen;
  const { deps, scope } = work;
  const bodies = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.rawRecords.load(
      tx,
      writes.map(({ op, lastShown }) => ({ externalId: op.externalId, kept: lastShown })),
    ),
  );
  const learned: StoredUpdateIntent[] = [];
  for (const update of writes) {
    const before = bodies.get(update.op.externalId);
    if (before === undefined) continue;
    const steps = await stepsOf(work, update, before);
    // One call alone stands nowhere in the middle.
    const intent = steps.length > 1 ? await withForeseen(work, update.intent, before, steps) : update.intent;
    if (intent !== update.intent) learned.push(intent);
    foreseen.set(update.op.key, { intent, before });
  }
  if (learned.length > 0)
    await deps.store.inTenant(scope.tenantId, async (tx) => {
      await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
      await deps.repo.updateIntents.store(tx, scope, learned);
    });
  return foreseen;
}

/** A system that sees no way says so when it is asked to write, with its reason. */
async function stepsOf(
  { session, scope }: EntityWork,
  { op }: PlannedUpdate,
  raw: JsonObject,
): Promise<readonly WriteStep[]> {
  const record: ExternalRecord = {
    externalId: op.externalId,
    address: op.address,
    version: op.version,
    updatedAt: null,
    number: null,
    raw,
  };
  try {
    return (await session.foresee?.(scope.entity, record, op.payload)) ?? [];
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'bug' || failure.kind === 'cancelled') throw failure;
    return [];
  }
}
