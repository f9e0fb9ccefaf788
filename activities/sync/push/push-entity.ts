/**
 * Pushes one entity: takes due hub records from the queue in batches, has decided what each needs, asks the vendor, and has
 * stored what came of it. Exactly-once creates: intent first, search before repeating.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { Tx } from '../../../store/index.ts';
import { count, type Counts } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';
import { carryOutPlan } from './carry-out-plan.ts';
import { decideDraft, decidePush, TRIES_A_PASS, type PushDecision } from './decide-push.ts';
import { judgeCreates } from './judge-creates.ts';
import { judgeDeletions } from './judge-deletions.ts';
import { loadPushFacts, pushRules, type PushFacts, type PushRules } from './facts.ts';
import type { Plan } from './plan.ts';
import { recordDecisions } from './record-decisions.ts';
import { settleHeld } from './settle-held.ts';

export interface EntityPushed {
  counts: Counts;
  hubChanged: boolean;
}

export async function pushEntity(work: EntityWork): Promise<EntityPushed> {
  const { deps, scope } = work;
  const totals: Counts = {};
  let hubChanged = false;
  await drainFeed(work);
  const rules = await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    return pushRules(work, {
      create: await judgeCreates(work, tx),
      mayDelete: await judgeDeletions(work, tx),
    });
  });

  const tries = new Map<string, number>();
  for (;;) {
    if (work.signal.aborted)
      throw new Failure('cancelled', 'The push was cancelled; what was written stays written.');
    const batch = await deps.store.inTenant(scope.tenantId, async (tx) => {
      await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
      return planBatch(work, tx, rules, tries);
    });
    if (batch === null) break;
    for (const id of batch.taken) tries.set(id, (tries.get(id) ?? 0) + 1);
    addTo(totals, batch.counts);
    deps.crashPoint('push:intended');

    const results = await carryOutPlan(work, batch.plan);
    addTo(totals, results.counts);
    hubChanged ||= results.hubChanged;
    work.progress(totals);
    if (results.failure !== null) throw results.failure;
  }
  return { counts: totals, hubChanged };
}

/**
 * Queues what the feed holds. Changes that were committed before this push began belong to it, also those that a
 * transaction still running hides: most run for some milliseconds, so they are waited for, up to a bound. What is hidden
 * even then, the next pass finds.
 */
async function drainFeed({ deps, scope, fence, signal }: EntityWork): Promise<void> {
  let newest: bigint | null = null;
  for (let looks = 1; ; looks += 1) {
    const { hidden } = await deps.store.inTenant(scope.tenantId, async (tx) => {
      await deps.repo.connections.assertFence(tx, scope.connectionId, fence);
      return deps.repo.pushes.drainFeed(tx, scope);
    });
    newest ??= hidden?.newest ?? null;
    if (hidden === null || newest === null || hidden.oldest > newest || looks > LIMITS.feedLooksMax) return;
    if (signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, LIMITS.feedLookMs));
  }
}

interface Batch {
  taken: string[];
  plan: Plan;
  counts: Counts;
}

/** Takes the next due records and writes down what is to be done with each; null when none is due. */
async function planBatch(
  work: EntityWork,
  tx: Tx,
  rules: PushRules,
  tries: ReadonlyMap<string, number>,
): Promise<Batch | null> {
  const { deps, scope } = work;
  const exhausted = [...tries].flatMap(([id, n]) => (n >= TRIES_A_PASS ? [id] : []));
  const due = await deps.repo.pushes.due(
    tx,
    scope.connectionId,
    scope.entity,
    LIMITS.pushBatchMax,
    exhausted,
  );
  if (due.length === 0) return null;
  const taken = due.map(({ hubId }) => hubId);
  const facts = await settleHeld(work, tx, await loadPushFacts(work, tx, { ids: taken, tries, rules }));
  const decisions: PushDecision[] = [];
  for (const one of facts) {
    const decision = decidePush(one, rules);
    decisions.push(decision.kind === 'draft' ? await mapDraft(work, decision, rules) : decision);
  }
  await dropIdleIntents(work, tx, facts, decisions);
  return { taken, ...(await recordDecisions(work, tx, taken, decisions)) };
}

/**
 * A write whose outcome nobody knows is shown by the vendor before it settles; what shows nothing by then, and is not wanted
 * any more, is over.
 */
async function dropIdleIntents(
  { deps, scope }: EntityWork,
  tx: Tx,
  facts: readonly PushFacts[],
  decisions: readonly PushDecision[],
): Promise<void> {
  const idle = new Set(decisions.filter(({ kind }) => kind === 'settle').map(({ hubId }) => hubId));
  const settledBy = deps.now() - LIMITS.createSettleMs;
  const over = facts.flatMap(({ hubId, updateIntent }) =>
    updateIntent !== undefined && idle.has(hubId) && Date.parse(updateIntent.begunAt) <= settledBy
      ? [hubId]
      : [],
  );
  await deps.repo.updateIntents.drop(tx, scope.connectionId, over);
}

async function mapDraft(
  { deps, mapping, connection }: EntityWork,
  draft: Extract<ReturnType<typeof decidePush>, { kind: 'draft' }>,
  rules: PushRules,
): Promise<PushDecision> {
  const changed = draft.facts.link === undefined ? null : draft.fields;
  const { outward } = draft;
  const mapped =
    mapping.pushNow(outward, changed, connection.config) ??
    (await mapping.push(outward, changed, connection.config));
  return decideDraft(draft, mapped, rules, { now: deps.now(), newReference: deps.newReference });
}

function addTo(totals: Counts, counts: Counts): void {
  for (const [name, n] of Object.entries(counts)) count(totals, name, n);
}
