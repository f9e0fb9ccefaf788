/**
 * Carries out a planned batch and stores what came of it. A create whose outcome is unknown is searched for before
 * anything is created again; an update whose outcome is unknown is read again by its next try, which finds it stale.
 */
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { FoundCreated, Session, WriteOutcome } from '../../connectors/kit/contract.ts';
import type { JsonObject } from '../../domain/json.ts';
import { applyRecords } from './apply-records.ts';
import type { Counts, Incoming, PushedState } from './context.ts';
import { count } from './context.ts';
import type { EntityWork } from './pull-entity.ts';
import { toIncoming } from './incoming.ts';
import type { Plan, PlannedCreate, PlannedUpdate } from './push-entity.ts';
import { applyWithSchema, refuseVanished } from './vanished-fields.ts';

interface Results {
  counts: Counts;
  hubChanged: boolean;
  /** Why the pass cannot go on now; everything already known is stored. */
  failure: Failure | null;
}

interface Removals {
  done: Plan['removals'];
  refused: (Plan['removals'][number] & { failure: Failure })[];
}

type Planned = (PlannedCreate & { create: true }) | (PlannedUpdate & { create: false });

export async function storeResults(work: EntityWork, plan: Plan, session: Session): Promise<Results> {
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
        await session.remove(scope.entity, link.external_id, link.address);
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
    store(now, planned, outcomes, { ambiguous, adopted, waiting, begun, removals }),
  );
  deps.crashPoint('push:stored');
  // Throttles and outages stop the pass: Temporal repeats it later, the queue holds the rest.
  const retries = [...outcomes.values()].flatMap((outcome) =>
    outcome.outcome === 'retry' ? [outcome.failure] : [],
  );
  return { ...stored, failure: failures[0] ?? retries[0] ?? null };
}

/** Nothing was found of the earlier tries: from here on the record is what is sent now. */
async function renewIntents(work: EntityWork, creates: readonly PlannedCreate[]): Promise<void> {
  if (creates.length === 0) return;
  const { deps, scope } = work;
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.assertFence(tx, scope.connectionId, work.fence);
    await deps.repo.renewIntents(
      tx,
      scope.connectionId,
      creates.map(({ op, payload }) => ({ hub_id: op.key, payload })),
      new Date(deps.now()).toISOString(),
    );
  });
}

function pushedState(plan: Planned, comments: PushedState['comments'], certain: boolean): PushedState {
  return {
    hubId: plan.hub.id,
    created: plan.create,
    certain,
    values: plan.hub.fields,
    hubVersion: plan.hub.version,
    fields: plan.fields,
    withheld: plan.withheld,
    comments,
  };
}

/** Looks for what earlier tries may have created: one is adopted, several go to a person, none may be created. */
async function adoptCreated(
  work: EntityWork,
  session: Session,
  creates: readonly PlannedCreate[],
  outcomes: Map<string, WriteOutcome>,
  adopted: Set<string>,
): Promise<FoundCreated[]> {
  const { deps, scope } = work;
  if (creates.length === 0) return [];
  const ambiguous: FoundCreated[] = [];
  const found = await session.findCreated(
    scope.entity,
    creates.map(({ op }) => op),
  );
  const ids = found.flatMap(({ candidates }) => candidates.map(({ externalId }) => externalId));
  const linked = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.resolveExternalIds(tx, scope.connectionId, scope.entity, ids),
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
    }
  }
  return ambiguous;
}

/** The system has it already, as another record of ours: searching again would find the same for ever. */
function refuseTaken(key: string, outcomes: Map<string, WriteOutcome>): void {
  const before = outcomes.get(key);
  if (before?.outcome !== 'unknown' || before.failure.kind !== 'conflict') return;
  const message = `${before.failure.message} It is linked to another record already: merge the two, or leave this one out.`;
  outcomes.set(key, { key, outcome: 'rejected', failure: new Failure('conflict', message) });
}

async function store(
  work: EntityWork,
  planned: ReadonlyMap<string, Planned>,
  outcomes: ReadonlyMap<string, WriteOutcome>,
  known: {
    ambiguous: readonly FoundCreated[];
    adopted: ReadonlySet<string>;
    /** Creates that wait until the vendor surely shows what an earlier try made. */
    waiting: readonly string[];
    begun: ReadonlySet<string>;
    removals: Removals;
  },
): Promise<Omit<Results, 'failure'>> {
  const { ambiguous, adopted, removals } = known;
  const removed = removals.done.map(({ hub }) => hub.id);
  const { deps, scope, mapping, connection } = work;
  const at = new Date(deps.now()).toISOString();
  const runScope = { ...scope, at };
  const counts: Counts = {};
  const finished: string[] = removals.refused.map(({ hub }) => hub.id);
  const postponed: string[] = [...known.waiting];
  const created: string[] = [];
  const gone: string[] = [...removed];
  const rejected = removals.refused.map(({ hub, failure }) => ({ key: hub.id, failure }));
  const incoming: Incoming[] = [];
  const bodies: { external_id: string; hash: string; body: string }[] = [];

  const addRecord = (
    record: Parameters<typeof toIncoming>[0],
    answer: { pushed?: PushedState; refused?: true } = {},
  ): void => {
    const { incoming: row, body } = toIncoming(record);
    incoming.push({ ...row, ...answer });
    bodies.push({ external_id: record.externalId, hash: row.meta.hash, body });
  };

  for (const [key, plan] of planned)
    if (plan.create && plan.resumed === null && !known.begun.has(key)) created.push(key);
  const isAmbiguous = new Set(ambiguous.map(({ key }) => key));
  for (const [key, outcome] of outcomes) {
    const plan = planned.get(key);
    if (plan === undefined) continue;
    switch (outcome.outcome) {
      case 'done':
        addRecord(outcome.record, { pushed: pushedState(plan, outcome.comments, !adopted.has(key)) });
        finished.push(key);
        if (plan.create) created.push(key);
        count(counts, plan.create ? 'pushed_created' : 'pushed_updated');
        count(
          counts,
          'comments_sent',
          outcome.comments.filter((comment) => comment.outcome === 'done').length,
        );
        count(
          counts,
          'comments_unknown',
          outcome.comments.filter((comment) => comment.outcome === 'unknown').length,
        );
        break;
      case 'stale':
        addRecord(outcome.record);
        count(counts, 'stale');
        break;
      case 'missing':
        gone.push(key);
        finished.push(key);
        count(counts, 'missing');
        break;
      case 'rejected':
        if (outcome.record !== undefined) {
          // A create refused half-way exists there: without its link it would be made once more.
          addRecord(outcome.record, {
            refused: true,
            ...(plan.create ? { pushed: pushedState(plan, outcome.comments ?? [], false) } : {}),
          });
        }
        rejected.push({ key, failure: outcome.failure });
        finished.push(key);
        if (plan.create) created.push(key);
        count(counts, 'push_quarantined');
        break;
      case 'retry':
        postponed.push(key);
        count(counts, 'postponed');
        if (plan.create && plan.resumed === null) created.push(key);
        break;
      case 'unknown':
        // The vendor may be slow to show what it made: sent again only when a later search finds nothing.
        if (plan.create && !isAmbiguous.has(key)) postponed.push(key);
        count(counts, 'unknown');
        break;
    }
  }
  // What may be ours waits for a person with its content, so that no pull takes it for somebody else's meanwhile.
  const contested = ambiguous.flatMap(({ key, candidates }) =>
    candidates.map((record) => ({ key, ...toIncoming(record) })),
  );
  bodies.push(
    ...contested.map(({ incoming: { meta }, body }) => ({
      external_id: meta.externalId,
      hash: meta.hash,
      body,
    })),
  );
  count(counts, 'ambiguous', ambiguous.length);
  count(counts, 'removed', removed.length);
  count(counts, 'push_quarantined', removals.refused.length);
  count(counts, 'postponed', known.waiting.length);

  return deps.store.inTenant(scope.tenantId, async (tx) => {
    const { repo } = deps;
    await repo.assertFence(tx, scope.connectionId, work.fence);
    await repo.dropPushes(tx, scope.connectionId, [...finished, ...removed]);
    await repo.dropIntents(tx, scope.connectionId, created);
    await repo.forgetSending(tx, scope.connectionId, unsentComments(planned, outcomes, known));
    await repo.markIntents(
      tx,
      scope.connectionId,
      ambiguous.map(({ key, candidates }) => ({
        hub_id: key,
        state: 'ambiguous',
        candidates: candidates.map(({ externalId, number }): JsonObject => ({ externalId, number })),
      })),
    );
    await repo.reviewMatches(tx, runScope, reviewsOf(contested));
    await repo.dropPushes(
      tx,
      scope.connectionId,
      ambiguous.map(({ key }) => key),
    );
    await repo.postponePushes(tx, scope.connectionId, postponed);
    await repo.markGone(tx, scope.connectionId, gone, at);
    await repo.quarantine(
      tx,
      runScope,
      'push',
      rejected.map(({ key, failure }) => ({
        id: deps.newId(),
        subject: key,
        raw_hash: null,
        data: planned.get(key)?.op.payload ?? null,
        problems: [
          { path: failure.path ?? '', message: failure.message, rule: failure.code ?? failure.kind },
        ],
      })),
    );
    await repo.closeQuarantine(
      tx,
      runScope,
      'push',
      finished.filter((key) => !rejected.some((row) => row.key === key)),
    );
    await repo.logRecords(
      tx,
      runScope,
      'push',
      [...outcomes].map(([key, outcome]) => ({
        external_id: 'record' in outcome ? outcome.record.externalId : null,
        hub_id: key,
        action: outcome.outcome,
        decisions: {
          fields: [...(planned.get(key)?.fields ?? [])],
          ...('failure' in outcome
            ? { failure: outcome.failure.kind, message: outcome.failure.message }
            : {}),
        },
      })),
    );
    await repo.logRecords(
      tx,
      runScope,
      'push',
      [...removals.done, ...removals.refused].map(({ hub, link, ...rest }) => ({
        external_id: link.external_id,
        hub_id: hub.id,
        action: 'failure' in rest ? 'remove_refused' : 'removed',
        decisions: 'failure' in rest ? { message: (rest as { failure: Failure }).failure.message } : null,
      })),
    );
    await repo.keepRaw(tx, runScope, bodies);
    const applied = await applyRecords(
      { deps, tx, scope: runScope, mapping, config: connection.config },
      incoming,
      'answer',
    );
    await refuseVanished(work, tx, applied.vanished);
    await repo.addCounts(tx, scope.runId, scope.entity, counts);
    deps.crashPoint('push:storing');
    return { counts, hubChanged: applied.hubChanged };
  });
}

/**
 * Comments that surely were not sent, though they were about to be. One that stays `sending` is looked for before it is
 * sent again, and a vendor whose comments cannot be read would never get it.
 */
function unsentComments(
  planned: ReadonlyMap<string, Planned>,
  outcomes: ReadonlyMap<string, WriteOutcome>,
  known: { adopted: ReadonlySet<string>; begun: ReadonlySet<string> },
): string[] {
  return [...planned].flatMap(([key, { op }]) => {
    const outcome = outcomes.get(key);
    const uncertain = outcome === undefined ? known.begun.has(key) : outcome.outcome === 'unknown';
    if (uncertain || known.adopted.has(key)) return [];
    const told = new Set(
      outcome !== undefined && 'comments' in outcome ? outcome.comments.map((comment) => comment.key) : [],
    );
    return op.comments
      .filter(({ key, maybeSent }) => !maybeSent && !told.has(key))
      .map((comment) => comment.key);
  });
}

/** One review a vendor record, with every hub record it may be. */
function reviewsOf(
  contested: readonly { key: string; incoming: Incoming }[],
): { external_id: string; candidates: string[]; record: Incoming['meta'] }[] {
  return [...Map.groupBy(contested, ({ incoming }) => incoming.meta.externalId)].flatMap(
    ([external_id, rows]) =>
      rows[0] === undefined
        ? []
        : [
            {
              external_id,
              candidates: [...new Set(rows.map(({ key }) => key))],
              record: rows[0].incoming.meta,
            },
          ],
  );
}
