/**
 * Stores what came of a batch of writes in one transaction: the records as the system shows them now, the queue, intents,
 * reviews, quarantine and log. Writes nothing to the system.
 */
import type { ExternalRecord, FoundCreated, WriteOutcome } from '../../../connectors/kit/contract.ts';
import type { Failure } from '../../../domain/kernel/failure.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { Tx } from '../../../store/index.ts';
import type { RetiredLink } from '../../../store/links/links.ts';
import type { RawPage } from '../../../store/links/raw-pages.ts';
import type { LogWrite } from '../../../store/runs/runs.ts';
import { count, type Counts, type EntityScope, type Incoming } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { applyRecords } from '../merge/apply-records.ts';
import { carryOutDeletions } from '../pull/carry-out-deletions.ts';
import { toIncoming } from '../pull/incoming.ts';
import { refuseVanished } from '../schema/vanished-fields.ts';
import { effectOf, type Effect } from './effect-of.ts';
import type { Foreseen } from './foresee-steps.ts';
import type { Planned, PlannedRemoval } from './plan.ts';
import { settleUpdates } from './settle-updates.ts';
import { postponeInVain, type WriteInVain } from './pushes-in-vain.ts';

export interface Stored {
  counts: Counts;
  hubChanged: boolean;
}

/** A record that was deleted, taken out of use or brought back. */
export type RemovalDone = PlannedRemoval & {
  /** How it shows itself now; null when it does not. */
  record: ExternalRecord | null;
  /** What brings it back. */
  undo: JsonObject | null;
  /** It is not there any more. */
  gone: boolean;
};

/** What the vendor did with a batch. */
export interface BatchResults {
  planned: ReadonlyMap<string, Planned>;
  outcomes: ReadonlyMap<string, WriteOutcome>;
  ambiguous: readonly FoundCreated[];
  /** Creates found there as what an earlier try made. */
  adopted: ReadonlySet<string>;
  /** Creates that wait until the vendor surely shows what an earlier try made. */
  waiting: readonly string[];
  /** Writes handed to the vendor's session; any other surely did not happen. */
  begun: ReadonlySet<string>;
  /** Updates whose steps are known. */
  foreseen: ReadonlyMap<string, Foreseen>;
  removals: {
    done: readonly RemovalDone[];
    refused: readonly (PlannedRemoval & { failure: Failure })[];
  };
}

type RunScope = EntityScope;

export async function storeResults(work: EntityWork, results: BatchResults): Promise<Stored> {
  const { deps, scope } = work;
  const effects = effectsOf(results);
  const counts = countResults(results, effects);
  // Hashing, serialising and packing is done before the transaction opens.
  const page = deps.repo.rawRecords.open(deps.newId());
  const shown = effects.flatMap((effect) => shownOf(effect, page));
  const contested = contestedOf(results, page);
  const retired = retiredOf(results.removals.done, page);
  const bodies = await page.pack();
  return deps.store.inTenant(scope.tenantId, async (tx) => {
    const runScope = { ...scope, at: new Date(deps.now()).toISOString() };
    // One round trip: none waits for another's rows, and a fence that moved undoes them all.
    await Promise.all([
      deps.repo.connections.assertFence(tx, scope.connectionId, work.fence),
      settleQueue(work, tx, results, effects),
      settleUpdates(work, tx, results, effects),
      storeReviews(work, tx, runScope, contested),
      storeRefusals(work, tx, runScope, { results, effects, retired }),
      deps.repo.runs.logRecords(tx, runScope, 'push', logOf(results)),
      deps.repo.rawRecords.keep(tx, runScope, bodies),
    ]);
    const deleted = await settleMissing(work, tx, runScope, { results, effects });
    const hubChanged = (await mergeAnswers(work, tx, runScope, shown)) || deleted;
    await renewStale(work, tx, effects, shown);
    await postponeInVain(work, tx, runScope.at, writesInVain(results, effects), counts);
    await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, counts);
    deps.crashPoint('push:storing');
    return { counts, hubChanged };
  });
}

function effectsOf({ planned, outcomes, adopted, ambiguous }: BatchResults): Effect[] {
  const contested = new Set(ambiguous.map(({ key }) => key));
  return [...outcomes].flatMap(([key, outcome]) => {
    const plan = planned.get(key);
    const facts = { adopted: adopted.has(key), ambiguous: contested.has(key) };
    return plan === undefined ? [] : [effectOf(outcome, { planned: plan, ...facts })];
  });
}

const REMOVED_AS = { remove: 'removed', retire: 'retired', reinstate: 'reinstated' } as const;

function countResults({ ambiguous, removals, waiting }: BatchResults, effects: readonly Effect[]): Counts {
  const counts: Counts = {};
  for (const name of effects.flatMap(({ counted }) => counted)) count(counts, name);
  count(counts, 'ambiguous', ambiguous.length);
  for (const { way } of removals.done) count(counts, REMOVED_AS[way]);
  count(counts, 'push_quarantined', removals.refused.length);
  count(counts, 'postponed', waiting.length);
  return counts;
}

function shownOf({ shown }: Effect, page: RawPage): Incoming[] {
  if (shown === null) return [];
  const incoming = toIncoming(shown.record, page);
  switch (shown.as) {
    case 'answer':
      return [{ ...incoming, pushed: shown.pushed }];
    case 'refused':
      return [
        {
          ...incoming,
          refused: { hubVersion: shown.hubVersion },
          ...(shown.pushed === null ? {} : { pushed: shown.pushed }),
        },
      ];
    case 'read':
      return [incoming];
  }
}

/** What may be ours waits for a person with its content, so that no pull takes it for somebody else's meanwhile. */
function contestedOf({ ambiguous }: BatchResults, page: RawPage): (Incoming & { key: string })[] {
  return ambiguous.flatMap(({ key, candidates }) =>
    candidates.map((record) => ({ key, ...toIncoming(record, page) })),
  );
}

/** The queue, the intents to create, and comments that were about to be sent. */
async function settleQueue(
  { deps, scope }: EntityWork,
  tx: Tx,
  results: BatchResults,
  effects: readonly Effect[],
): Promise<void> {
  const { repo } = deps;
  const { planned, ambiguous, begun, removals, waiting } = results;
  // What came back is pushed next: it may have changed meanwhile.
  const removed = removals.done.flatMap(({ hub, way }) => (way === 'reinstate' ? [] : [hub.id]));
  const neverBegun = [...planned].flatMap(([key, plan]) =>
    plan.create && plan.resumed === null && !begun.has(key) ? [key] : [],
  );
  const keysOf = (which: (effect: Effect) => boolean) => effects.filter(which).map(({ key }) => key);
  await Promise.all([
    repo.pushes.drop(tx, scope.connectionId, [
      ...removed,
      ...removals.refused.map(({ hub }) => hub.id),
      ...keysOf(({ queue }) => queue === 'drop'),
      ...ambiguous.map(({ key }) => key),
    ]),
    repo.createIntents.drop(tx, scope.connectionId, [
      ...neverBegun,
      ...keysOf(({ intentOver }) => intentOver),
    ]),
    repo.comments.forgetSending(tx, scope.connectionId, unsentComments(results)),
    repo.createIntents.mark(
      tx,
      scope.connectionId,
      ambiguous.map(({ key, candidates }) => ({
        hubId: key,
        state: 'ambiguous',
        candidates: candidates.map(({ externalId, number }): JsonObject => ({ externalId, number })),
      })),
    ),
    repo.pushes.postpone(tx, scope.connectionId, [
      ...waiting,
      ...keysOf(({ queue }) => queue === 'postpone'),
    ]),
  ]);
}

/** One review a vendor record, with every hub record it may be. */
async function storeReviews(
  { deps }: EntityWork,
  tx: Tx,
  runScope: RunScope,
  contested: readonly (Incoming & { key: string })[],
): Promise<void> {
  const byRecord = Map.groupBy(contested, ({ meta }) => meta.externalId);
  await deps.repo.reviews.add(
    tx,
    runScope,
    [...byRecord].flatMap(([externalId, rows]) =>
      rows[0] === undefined
        ? []
        : [
            {
              externalId,
              candidates: [...new Set(rows.map(({ key }) => key))],
              record: rows[0].meta,
            },
          ],
    ),
  );
}

/** What was refused waits for a person; what went through leaves quarantine. */
async function storeRefusals(
  { deps, scope }: EntityWork,
  tx: Tx,
  runScope: RunScope,
  {
    results,
    effects,
    retired,
  }: { results: BatchResults; effects: readonly Effect[]; retired: readonly RetiredLink[] },
): Promise<void> {
  const { planned, removals } = results;
  const refused = [
    ...removals.refused.map(({ hub, failure }) => ({ key: hub.id, failure })),
    ...effects.flatMap(({ key, rejected }) => (rejected === null ? [] : [{ key, failure: rejected }])),
  ];
  await storeRemovals(deps, tx, runScope, { done: removals.done, retired });
  const gone = removals.done.flatMap((removal) => (removal.gone ? [removal.hub.id] : []));
  await deps.repo.links.markGone(tx, scope.connectionId, gone, runScope.at);
  await deps.repo.quarantine.add(
    tx,
    runScope,
    'push',
    refused.map(({ key, failure }) => ({
      id: deps.newId(),
      subject: key,
      rawHash: null,
      data: planned.get(key)?.op.payload ?? null,
      problems: [{ path: failure.path ?? '', message: failure.message, rule: failure.code ?? failure.kind }],
    })),
  );
  await deps.repo.quarantine.close(tx, runScope, 'push', [
    ...removals.done.map(({ hub }) => hub.id),
    ...effects.flatMap(({ key, queue, rejected, takenBack }) =>
      queue === 'drop' && rejected === null && !takenBack ? [key] : [],
    ),
  ]);
}

/** Links of what was taken out of use keep the way back, and how the record looks then: that is no news. */
function retiredOf(done: readonly RemovalDone[], page: RawPage): RetiredLink[] {
  return done.flatMap(({ way, hub, record, undo, gone }): RetiredLink[] => {
    if (way !== 'retire' || gone) return [];
    if (record === null) return [{ hubId: hub.id, undo, shown: null }];
    const { version, hash, kept } = toIncoming(record, page).meta;
    return [{ hubId: hub.id, undo, shown: { version, hash, kept } }];
  });
}

async function storeRemovals(
  deps: EntityWork['deps'],
  tx: Tx,
  scope: RunScope,
  { done, retired }: { done: readonly RemovalDone[]; retired: readonly RetiredLink[] },
): Promise<void> {
  await deps.repo.links.markRetired(tx, scope.connectionId, retired, scope.at);
  await deps.repo.links.markReinstated(
    tx,
    scope.connectionId,
    done.flatMap(({ way, hub, gone }) => (way === 'reinstate' && !gone ? [hub.id] : [])),
  );
}

function logOf({ planned, outcomes, removals }: BatchResults): LogWrite[] {
  const writes = [...outcomes].map(([key, outcome]): LogWrite => ({
    externalId: 'record' in outcome ? outcome.record.externalId : null,
    hubId: key,
    action: outcome.outcome,
    decisions: {
      fields: [...(planned.get(key)?.fields ?? [])],
      ...('failure' in outcome ? { failure: outcome.failure.kind, message: outcome.failure.message } : {}),
    },
  }));
  const removed = removals.done.map(({ hub, link }): LogWrite => ({
    externalId: link.externalId,
    hubId: hub.id,
    action: 'removed',
    decisions: null,
  }));
  const refused = removals.refused.map(({ hub, link, failure }): LogWrite => ({
    externalId: link.externalId,
    hubId: hub.id,
    action: 'remove_refused',
    decisions: { message: failure.message },
  }));
  return [...writes, ...removed, ...refused];
}

/**
 * A record that the system does not know any more was deleted there: the connection's policy, as after two sweeps. Many at once
 * look like a wrong address, so that the sweeps decide, with their breaker.
 */
async function settleMissing(
  { deps, connection }: EntityWork,
  tx: Tx,
  scope: RunScope,
  { results, effects }: { results: BatchResults; effects: readonly Effect[] },
): Promise<boolean> {
  const missing = effects.flatMap(({ key, gone }) => {
    const plan = results.planned.get(key);
    return gone && plan?.create === false ? [{ externalId: plan.op.externalId, hubId: key }] : [];
  });
  if (missing.length === 0 || missing.length > LIMITS.deleteBreakerFloor) return false;
  return carryOutDeletions(deps, tx, scope, connection.deletePolicy, missing);
}

async function mergeAnswers(
  work: EntityWork,
  tx: Tx,
  scope: RunScope,
  shown: readonly Incoming[],
): Promise<boolean> {
  const { deps, mapping, connection } = work;
  const applied = await applyRecords(
    { deps, tx, scope, mapping, config: connection.config },
    shown,
    'answer',
  );
  await refuseVanished(work, tx, applied.vanished);
  return applied.hubChanged;
}

/** The version that a stale write met is the one that the next try names. */
async function renewStale(
  { deps, scope }: EntityWork,
  tx: Tx,
  effects: readonly Effect[],
  shown: readonly Incoming[],
): Promise<void> {
  const read = new Set(
    effects.flatMap((effect) => (effect.shown?.as === 'read' ? [effect.shown.record.externalId] : [])),
  );
  await deps.repo.links.renewVersions(
    tx,
    scope.connectionId,
    scope.entity,
    shown.flatMap(({ meta }) =>
      read.has(meta.externalId)
        ? [{ externalId: meta.externalId, externalVersion: meta.version, rawHash: meta.hash }]
        : [],
    ),
  );
}

function writesInVain({ planned }: BatchResults, effects: readonly Effect[]): WriteInVain[] {
  return effects.flatMap(({ key, inVain: why }) => {
    const payload = planned.get(key)?.op.payload;
    return why === null || payload === undefined ? [] : [{ hubId: key, payload, why }];
  });
}

/**
 * Comments that surely were not sent, though they were about to be. One that stays `sending` is looked for before it is
 * sent again, and a vendor whose comments cannot be read would never get it.
 */
function unsentComments({ planned, outcomes, adopted, begun }: BatchResults): string[] {
  return [...planned].flatMap(([key, { op }]) => {
    const outcome = outcomes.get(key);
    const uncertain = outcome === undefined ? begun.has(key) : outcome.outcome === 'unknown';
    if (uncertain || adopted.has(key)) return [];
    const told = new Set(
      outcome !== undefined && 'comments' in outcome ? outcome.comments.map((comment) => comment.key) : [],
    );
    return op.comments
      .filter(({ key: id, maybeSent }) => !maybeSent && !told.has(id))
      .map((comment) => comment.key);
  });
}
