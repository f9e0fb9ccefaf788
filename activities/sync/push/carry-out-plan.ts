/**
 * Carries out a planned batch and has stored what came of it. A create whose outcome is unknown is searched for before
 * anything is created again; an update whose outcome is unknown is read again by its next try, which finds it stale.
 */
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import type { FoundCreated, WriteOutcome } from '../../../connectors/kit/contract.ts';
import type { EntityWork } from '../entity-work.ts';
import { applyWithSchema } from '../schema/vanished-fields.ts';
import { adoptCreated, renewIntents } from './adopt-created.ts';
import { foreseeSteps, type Foreseen } from './foresee-steps.ts';
import type { Plan, Planned, PlannedCreate, PlannedRemoval } from './plan.ts';
import { storeResults, type RemovalDone, type Stored } from './store-results.ts';

interface Results extends Stored {
  /** Why the pass cannot go on now; everything already known is stored. */
  failure: Failure | null;
}

/** What is known so far of a batch that is being carried out. */
interface Progress {
  outcomes: Map<string, WriteOutcome>;
  adopted: Set<string>;
  ambiguous: FoundCreated[];
  /** Creates of earlier tries that no search can find. */
  unproven: Map<string, FoundCreated>;
  waiting: string[];
  begun: Set<string>;
  /** Updates whose steps are known. */
  foreseen: Map<string, Foreseen>;
  removals: { done: RemovalDone[]; refused: (PlannedRemoval & { failure: Failure })[] };
}

export async function carryOutPlan(work: EntityWork, plan: Plan): Promise<Results> {
  const progress: Progress = {
    outcomes: new Map(),
    adopted: new Set(),
    ambiguous: [],
    unproven: new Map(),
    waiting: [],
    begun: new Set(),
    foreseen: new Map(),
    removals: { done: [], refused: [] },
  };
  const failure = await firstFailure([
    () => searchResumed(work, plan, progress),
    () => create(work, plan, progress),
    () => update(work, plan, progress),
    () => remove(work, plan, progress),
  ]);
  const planned = new Map<string, Planned>([
    ...plan.creates.map((one): [string, Planned] => [one.op.key, { ...one, create: true }]),
    ...plan.updates.map((one): [string, Planned] => [one.op.key, { ...one, create: false }]),
  ]);
  const { result: stored } = await applyWithSchema(work, (now) =>
    storeResults(now, { planned, ...progress }),
  );
  work.deps.crashPoint('push:stored');
  // Throttles and outages stop the pass: Temporal repeats it later, the queue holds the rest.
  const retries = [...progress.outcomes.values()].flatMap((outcome) =>
    outcome.outcome === 'retry' ? [outcome.failure] : [],
  );
  return { ...stored, failure: failure ?? retries[0] ?? null };
}

/** One step after the other until one fails: what the steps before it learned is stored all the same. */
async function firstFailure(steps: readonly (() => Promise<void>)[]): Promise<Failure | null> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      return toFailure(error);
    }
  }
  return null;
}

async function searchResumed(work: EntityWork, { creates }: Plan, progress: Progress): Promise<void> {
  await adopt(
    work,
    creates.filter(({ resumed }) => resumed !== null),
    progress,
  );
}

async function adopt(work: EntityWork, creates: readonly PlannedCreate[], progress: Progress): Promise<void> {
  const { outcomes, adopted } = progress;
  const { ambiguous, unproven } = await adoptCreated(work, creates, outcomes, adopted);
  progress.ambiguous.push(...ambiguous);
  for (const one of unproven) progress.unproven.set(one.key, one);
}

async function create(work: EntityWork, plan: Plan, progress: Progress): Promise<void> {
  const { deps, scope, session } = work;
  const { outcomes, ambiguous, waiting, begun } = progress;
  const missing = plan.creates.filter(
    ({ op }) => !outcomes.has(op.key) && !ambiguous.some(({ key }) => key === op.key),
  );
  waiting.push(...missing.filter(({ resumed }) => resumed === 'wait').map(({ op }) => op.key));
  // A second create of what no search can find would be a twin as likely as not.
  ambiguous.push(
    ...missing.flatMap(({ resumed, op }) => (resumed === 'create' ? askFor(op.key, progress) : [])),
  );
  const fresh = missing.filter(
    ({ resumed, op }) => resumed === null || (resumed === 'create' && !progress.unproven.has(op.key)),
  );
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
  const unknown = fresh.flatMap((one) =>
    outcomes.get(one.op.key)?.outcome === 'unknown'
      ? [{ ...one, op: { ...one.op, payload: one.payload } }]
      : [],
  );
  await adopt(work, unknown, progress);
}

function askFor(key: string, { unproven }: Progress): FoundCreated[] {
  const one = unproven.get(key);
  return one === undefined ? [] : [one];
}

async function update(work: EntityWork, { updates }: Plan, progress: Progress): Promise<void> {
  const { deps, scope, session } = work;
  const { outcomes, begun } = progress;
  if (updates.length === 0) return;
  progress.foreseen = await foreseeSteps(work, updates);
  for (const { op } of updates) begun.add(op.key);
  const answers = await session.update(
    scope.entity,
    updates.map(({ op }) => op),
  );
  for (const outcome of answers) outcomes.set(outcome.key, outcome);
  deps.crashPoint('push:updated');
}

async function remove(work: EntityWork, plan: Plan, { removals }: Progress): Promise<void> {
  for (const removal of plan.removals) {
    try {
      removals.done.push({ ...removal, ...(await carryOutRemoval(work, removal)) });
    } catch (error) {
      const failure = toFailure(error);
      // A refusal is about this record alone: it waits for a person, the others go on.
      if (failure.kind !== 'rejected' && failure.kind !== 'conflict') throw failure;
      removals.refused.push({ ...removal, failure });
    }
  }
}

async function carryOutRemoval(
  { scope, session }: EntityWork,
  { way, link }: PlannedRemoval,
): Promise<Pick<RemovalDone, 'record' | 'undo' | 'gone'>> {
  const op = { externalId: link.externalId, address: link.address };
  if (way === 'remove') {
    await session.remove(scope.entity, op.externalId, op.address);
    return { record: null, undo: null, gone: true };
  }
  const outcome =
    way === 'retire'
      ? await session.retire?.(scope.entity, op)
      : await session.reinstate?.(scope.entity, { ...op, undo: link.retireUndo });
  if (outcome === undefined)
    throw new Failure('rejected', 'The system has no call to take a record out of use, or to bring it back.');
  if (outcome.outcome === 'missing') return { record: null, undo: null, gone: true };
  if (outcome.outcome !== 'done') throw outcome.failure;
  return { record: outcome.record, undo: outcome.undo, gone: false };
}
