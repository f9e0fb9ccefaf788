/**
 * Stores what came of a batch of writes in one transaction: the records as the system shows them now, the queue, intents,
 * reviews, quarantine and log. Writes nothing to the system.
 */
import type { Failure } from '../../domain/kernel/failure.ts';
import type { FoundCreated, WriteOutcome } from '../../connectors/kit/contract.ts';
import type { JsonObject } from '../../domain/json.ts';
import { applyRecords } from './apply-records.ts';
import type { Counts, Incoming, PushedState } from './context.ts';
import { count } from './context.ts';
import type { EntityWork } from './pull-entity.ts';
import { toIncoming } from './incoming.ts';
import type { Plan, PlannedCreate, PlannedUpdate } from './push-entity.ts';
import { postponeStale, type StaleWrite } from './stale-pushes.ts';
import { refuseVanished } from './vanished-fields.ts';

export interface Stored {
  counts: Counts;
  hubChanged: boolean;
}

/** Records of the system that were to be removed: gone, or refused one by one. */
export interface Removals {
  done: Plan['removals'];
  refused: (Plan['removals'][number] & { failure: Failure })[];
}

export type Planned = (PlannedCreate & { create: true }) | (PlannedUpdate & { create: false });

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

export async function storeResults(
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
): Promise<Stored> {
  const { ambiguous, adopted, removals } = known;
  const removed = removals.done.map(({ hub }) => hub.id);
  const { deps, scope, mapping, connection } = work;
  const at = new Date(deps.now()).toISOString();
  const runScope = { ...scope, at };
  const counts: Counts = {};
  const finished: string[] = removals.refused.map(({ hub }) => hub.id);
  const postponed: string[] = [...known.waiting];
  const stale: Incoming['meta'][] = [];
  const stillStale: StaleWrite[] = [];
  const created: string[] = [];
  const gone: string[] = [...removed];
  const rejected = removals.refused.map(({ hub, failure }) => ({ key: hub.id, failure }));
  const incoming: Incoming[] = [];
  const bodies: { externalId: string; hash: string; body: string }[] = [];

  const addRecord = (
    record: Parameters<typeof toIncoming>[0],
    answer: { pushed?: PushedState; refused?: true } = {},
  ): Incoming['meta'] => {
    const { incoming: row, body } = toIncoming(record);
    incoming.push({ ...row, ...answer });
    bodies.push({ externalId: record.externalId, hash: row.meta.hash, body });
    return row.meta;
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
        stale.push(addRecord(outcome.record));
        count(counts, 'stale');
        if (!plan.create && plan.lastTry) stillStale.push({ hubId: key, payload: plan.op.payload });
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
      externalId: meta.externalId,
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
    await repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await repo.pushes.drop(tx, scope.connectionId, [...finished, ...removed]);
    await repo.createIntents.drop(tx, scope.connectionId, created);
    await repo.comments.forgetSending(tx, scope.connectionId, unsentComments(planned, outcomes, known));
    await repo.createIntents.mark(
      tx,
      scope.connectionId,
      ambiguous.map(({ key, candidates }) => ({
        hubId: key,
        state: 'ambiguous',
        candidates: candidates.map(({ externalId, number }): JsonObject => ({ externalId, number })),
      })),
    );
    await repo.reviews.add(tx, runScope, reviewsOf(contested));
    await repo.pushes.drop(
      tx,
      scope.connectionId,
      ambiguous.map(({ key }) => key),
    );
    await repo.pushes.postpone(tx, scope.connectionId, postponed);
    await repo.links.markGone(tx, scope.connectionId, gone, at);
    await repo.quarantine.add(
      tx,
      runScope,
      'push',
      rejected.map(({ key, failure }) => ({
        id: deps.newId(),
        subject: key,
        rawHash: null,
        data: planned.get(key)?.op.payload ?? null,
        problems: [
          { path: failure.path ?? '', message: failure.message, rule: failure.code ?? failure.kind },
        ],
      })),
    );
    await repo.quarantine.close(
      tx,
      runScope,
      'push',
      finished.filter((key) => !rejected.some((row) => row.key === key)),
    );
    await repo.runs.logRecords(
      tx,
      runScope,
      'push',
      [...outcomes].map(([key, outcome]) => ({
        externalId: 'record' in outcome ? outcome.record.externalId : null,
        hubId: key,
        action: outcome.outcome,
        decisions: {
          fields: [...(planned.get(key)?.fields ?? [])],
          ...('failure' in outcome
            ? { failure: outcome.failure.kind, message: outcome.failure.message }
            : {}),
        },
      })),
    );
    await repo.runs.logRecords(
      tx,
      runScope,
      'push',
      [...removals.done, ...removals.refused].map(({ hub, link, ...rest }) => ({
        externalId: link.externalId,
        hubId: hub.id,
        action: 'failure' in rest ? 'remove_refused' : 'removed',
        decisions: 'failure' in rest ? { message: (rest as { failure: Failure }).failure.message } : null,
      })),
    );
    await repo.rawRecords.keep(tx, runScope, bodies);
    const applied = await applyRecords(
      { deps, tx, scope: runScope, mapping, config: connection.config },
      incoming,
      'answer',
    );
    await refuseVanished(work, tx, applied.vanished);
    await repo.links.renewVersions(
      tx,
      scope.connectionId,
      scope.entity,
      stale.map(({ externalId, version, hash }) => ({
        externalId,
        externalVersion: version,
        rawHash: hash,
      })),
    );
    await postponeStale(work, tx, at, stillStale, counts);
    await repo.runs.addCounts(tx, scope.runId, scope.entity, counts);
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
): { externalId: string; candidates: string[]; record: Incoming['meta'] }[] {
  return [...Map.groupBy(contested, ({ incoming }) => incoming.meta.externalId)].flatMap(
    ([external_id, rows]) =>
      rows[0] === undefined
        ? []
        : [
            {
              externalId: external_id,
              candidates: [...new Set(rows.map(({ key }) => key))],
              record: rows[0].incoming.meta,
            },
          ],
  );
}
