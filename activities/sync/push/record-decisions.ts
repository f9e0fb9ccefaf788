/** Writes down what a batch of pushes decided, before the vendor is asked, and counts it: every record that was taken comes out once. */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { LogWrite } from '../../../store/runs/runs.ts';
import type { Tx } from '../../../store/index.ts';
import { count, type Counts } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';
import type { PushDecision } from './decide-push.ts';
import type { Plan } from './plan.ts';

type Kind = PushDecision['kind'];
type Of<K extends Kind> = Extract<PushDecision, { kind: K }>;

const PASSED_OVER = {
  create_off: 'not_created',
  ambiguous: 'creates_in_question',
  in_review: 'creates_in_question',
  too_many_deletions: 'breaker',
} as const;

/** What a decision counts as in the run; null where the outcome of the write is what counts. */
function countedAs(decision: PushDecision): string | null {
  switch (decision.kind) {
    case 'pass_over':
      return PASSED_OVER[decision.why];
    case 'refuse':
      return decision.barrier;
    case 'quarantine':
      return 'push_quarantined';
    case 'postpone':
    case 'wait':
      return 'push_waiting';
    case 'settle':
      return decision.waitsHubId === null ? null : 'push_waiting';
    case 'drop':
    case 'remove':
    case 'update':
    case 'create':
      return null;
  }
}

export function countDecisions(decisions: readonly PushDecision[]): Counts {
  const counts: Counts = {};
  for (const decision of decisions) {
    const name = countedAs(decision);
    if (name !== null) count(counts, name);
  }
  return counts;
}

export async function recordDecisions(
  work: EntityWork,
  tx: Tx,
  taken: readonly string[],
  decisions: readonly PushDecision[],
): Promise<{ plan: Plan; counts: Counts }> {
  assertAccounted(taken, decisions);
  const { deps, scope } = work;
  const { repo } = deps;
  const of = <K extends Kind>(kind: K): Of<K>[] =>
    decisions.filter((decision): decision is Of<K> => decision.kind === kind);
  const at = new Date(deps.now()).toISOString();
  const runScope = { ...scope, at };
  const settled = of('settle');
  const updates = of('update').map(({ update }) => update);
  const counts = countDecisions(decisions);
  // One round trip: they are sent in this order, and none waits for another's rows.
  await Promise.all([
    storeIntents(work, tx, of('create'), at),
    repo.updateIntents.store(
      tx,
      scope,
      updates.flatMap(({ op, intent }) => (Object.keys(op.payload).length === 0 ? [] : [intent])),
    ),
    markSending(work, tx, [...of('create'), ...of('update')]),
    repo.links.settle(tx, scope.connectionId, settled),
    // What was refused and no longer differs, or whose record is no longer there, needs nobody any more.
    repo.quarantine.close(
      tx,
      runScope,
      'push',
      [...settled, ...of('drop')].map(({ hubId }) => hubId),
    ),
    repo.pushes.hold(
      tx,
      scope.connectionId,
      [...of('wait'), ...settled].flatMap(({ hubId, waitsHubId }) =>
        waitsHubId === null ? [] : [{ hubId, waitsHubId }],
      ),
    ),
    repo.pushes.postpone(
      tx,
      scope.connectionId,
      of('postpone').map(({ hubId }) => hubId),
    ),
    quarantineProblems(work, tx, of('quarantine'), at),
    repo.runs.logRecords(tx, runScope, 'push', of('refuse').map(logOfRefusal)),
    repo.runs.addCounts(tx, scope.runId, scope.entity, counts),
    repo.pushes.drop(
      tx,
      scope.connectionId,
      decisions.filter(leavesQueue).map(({ hubId }) => hubId),
    ),
  ]);
  return {
    plan: {
      creates: of('create').map(({ create }) => create),
      updates,
      removals: of('remove').map(({ removal }) => removal),
    },
    counts,
  };
}

/** A record that was taken from the queue and decided nothing about, or twice, would be a bug, and stops the batch. */
function assertAccounted(taken: readonly string[], decisions: readonly PushDecision[]): void {
  const decided = new Set(decisions.map(({ hubId }) => hubId));
  if (
    decided.size !== decisions.length ||
    taken.length !== decided.size ||
    !taken.every((id) => decided.has(id))
  )
    throw new Failure(
      'bug',
      `${String(taken.length)} pushes were taken, ${String(decisions.length)} are accounted for.`,
    );
}

/** Writes stay in the queue until their outcome is stored; what waits stays until that comes. */
function leavesQueue(decision: PushDecision): boolean {
  switch (decision.kind) {
    case 'drop':
    case 'pass_over':
    case 'refuse':
    case 'quarantine':
      return true;
    case 'settle':
      return decision.waitsHubId === null;
    case 'remove':
    case 'postpone':
    case 'wait':
    case 'update':
    case 'create':
      return false;
  }
}

async function storeIntents(
  { deps, scope }: EntityWork,
  tx: Tx,
  creates: readonly Of<'create'>[],
  at: string,
): Promise<void> {
  await deps.repo.createIntents.store(
    tx,
    scope,
    creates.flatMap(({ hubId, create, newIntent }) =>
      newIntent ? [{ hubId, reference: create.op.reference, payload: create.payload, intendedAt: at }] : [],
    ),
  );
}

async function markSending(
  { deps, scope }: EntityWork,
  tx: Tx,
  writes: readonly (Of<'create'> | Of<'update'>)[],
): Promise<void> {
  await deps.repo.comments.writeLinks(
    tx,
    scope,
    writes.flatMap((write) => {
      const { op } = write.kind === 'create' ? write.create : write.update;
      return op.comments.map((comment) => ({
        hubCommentId: comment.key,
        hubId: write.hubId,
        externalId: null,
        state: 'sending' as const,
      }));
    }),
  );
}

async function quarantineProblems(
  { deps, scope }: EntityWork,
  tx: Tx,
  bad: readonly Of<'quarantine'>[],
  at: string,
): Promise<void> {
  await deps.repo.quarantine.add(
    tx,
    { ...scope, at },
    'push',
    bad.map(({ hub, problems }) => ({
      id: deps.newId(),
      subject: hub.id,
      rawHash: null,
      data: hub.fields,
      problems: problems.map((problem) => ({ ...problem })),
    })),
  );
}

function logOfRefusal({ hubId, barrier, link, fields, comments }: Of<'refuse'>): LogWrite {
  return { externalId: link.externalId, hubId, action: barrier, decisions: { fields, comments } };
}
