/**
 * Carries out a planned batch and has stored what came of it. A create whose outcome is unknown is searched for before
 * anything is created again; an update whose outcome is unknown is read again by its next try, which finds it stale.
 */
import { toFailure, type Failure } from '../../domain/kernel/failure.ts';
import type { FoundCreated, Session, WriteOutcome } from '../../connectors/kit/contract.ts';
import { adoptCreated, renewIntents } from './adopt-created.ts';
import type { EntityWork } from './pull-entity.ts';
import type { Plan } from './push-entity.ts';
import { storeResults, type Planned, type Removals, type Stored } from './store-results.ts';
import { applyWithSchema } from './vanished-fields.ts';

interface Results extends Stored {
  /** Why the pass cannot go on now; everything already known is stored. */
  failure: Failure | null;
}

export async function carryOutPlan(work: EntityWork, plan: Plan, session: Session): Promise<Results> {
  const { deps, scope } = work;
  const outcomes = new Map<string, WriteOutcome>();
  const adopted = new Set<string>();
  const ambiguous: FoundCreated[] = [];
  const waiting: string[] = [];
  /** Writes handed to the vendor's session; any other surely did not happen. */
  const begun = new Set<string>();
  const failures: Failure[] = [];
  const attempt = async (step: () => Promise<void>): Promise<void> => {
    if (failures.length > 0) return;
    try {
      await step();
    } catch (error) {
      failures.push(toFailure(error));
    }
  };

  await attempt(async () => {
    const found = await adoptCreated(
      work,
      session,
      plan.creates.filter(({ resumed }) => resumed !== null),
      outcomes,
      adopted,
    );
    ambiguous.push(...found);
  });
  await attempt(async () => {
    const missing = plan.creates.filter(
      ({ op }) => !outcomes.has(op.key) && !ambiguous.some(({ key }) => key === op.key),
    );
    waiting.push(...missing.filter(({ resumed }) => resumed === 'wait').map(({ op }) => op.key));
    const fresh = missing.filter(({ resumed }) => resumed === null || resumed === 'create');
    if (fresh.length === 0) return;
    await renewIntents(
      work,
      fresh.filter(({ resumed }) => resumed === 'create'),
    );
    for (const { op } of fresh) begun.add(op.key);
    const answers = await session.create(
      scope.entity,
      fresh.map(({ op, payload }) => ({ ...op, payload })),
    );
    for (const outcome of answers) outcomes.set(outcome.key, outcome);
    deps.crashPoint('push:created');
    const unknown = fresh.flatMap((create) =>
      outcomes.get(create.op.key)?.outcome === 'unknown'
        ? [{ ...create, op: { ...create.op, payload: create.payload } }]
        : [],
    );
    ambiguous.push(...(await adoptCreated(work, session, unknown, outcomes, adopted)));
  });
  await attempt(async () => {
    if (plan.updates.length === 0) return;
    for (const { op } of plan.updates) begun.add(op.key);
    const answers = await session.update(
      scope.entity,
      plan.updates.map(({ op }) => op),
    );
    for (const outcome of answers) outcomes.set(outcome.key, outcome);
    deps.crashPoint('push:updated');
  });
  const removals: Removals = { done: [], refused: [] };
  await attempt(async () => {
    for (const { hub, link } of plan.removals) {
      try {
        await session.remove(scope.entity, link.externalId, link.address);
        removals.done.push({ hub, link });
      } catch (error) {
        const failure = toFailure(error);
        // A refusal is about this record alone: it waits for a person, the others go on.
        if (failure.kind !== 'rejected' && failure.kind !== 'conflict') throw failure;
        removals.refused.push({ hub, link, failure });
      }
    }
  });

  const planned = new Map<string, Planned>([
    ...plan.creates.map((create): [string, Planned] => [create.op.key, { ...create, create: true }]),
    ...plan.updates.map((update): [string, Planned] => [update.op.key, { ...update, create: false }]),
  ]);
  const { result: stored } = await applyWithSchema(work, (now) =>
    storeResults(now, planned, outcomes, { ambiguous, adopted, waiting, begun, removals }),
  );
  deps.crashPoint('push:stored');
  // Throttles and outages stop the pass: Temporal repeats it later, the queue holds the rest.
  const retries = [...outcomes.values()].flatMap((outcome) =>
    outcome.outcome === 'retry' ? [outcome.failure] : [],
  );
  return { ...stored, failure: failures[0] ?? retries[0] ?? null };
}
