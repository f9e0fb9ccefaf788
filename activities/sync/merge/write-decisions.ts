/** Writes what a batch decided: hub, links, conflicts, comments, pushes, log, exceptions. Part of the batch's one transaction. */
import {
  addComments,
  addLinkedRecords,
  addReadings,
  changeRecords,
  restoreRecords,
} from '../../../hub/writer.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ConflictWrite, ExceptionKinds } from '../../../store/exceptions/exceptions.ts';
import type { LogWrite } from '../../../store/runs/runs.ts';
import { hubWriteOf, type ApplyContext } from '../context.ts';
import { mayPush } from '../direction.ts';
import {
  shownConflicts,
  type CreateDecision,
  type MergeDecision,
  type RecordDecision,
} from './decide-record.ts';
import { takeBackOf } from './intents.ts';

export async function writeDecisions(
  context: ApplyContext,
  decisions: readonly RecordDecision[],
  exceptions: ExceptionKinds,
): Promise<void> {
  const creates = decisions.filter((decision) => decision.kind === 'create');
  const merges = decisions.filter((decision) => decision.kind === 'merge');
  // A link that has its base before its record changes is not written a second time to keep it.
  await writeLinks(context, merges);
  await writeHub(context, creates, merges);
  await Promise.all([
    writeConflicts(context, merges),
    writeIntents(context, merges),
    context.deps.repo.comments.writeLinks(
      context.tx,
      context.scope,
      decisions.flatMap(({ comments }) => comments.links),
    ),
    context.deps.repo.runs.logRecords(context.tx, context.scope, 'pull', merges.flatMap(logOf)),
    closeExceptions(context, decisions, exceptions),
  ]);
}

async function writeHub(
  context: ApplyContext,
  creates: readonly CreateDecision[],
  merges: readonly MergeDecision[],
): Promise<void> {
  const { deps, tx, scope, mapping } = context;
  const write = hubWriteOf(deps, tx, scope);
  await addLinkedRecords(
    write,
    { connectionId: scope.connectionId, runId: scope.runId, mappingVersion: mapping.version },
    creates.map(({ candidate, hubId }) => ({
      id: hubId,
      fields: candidate.fields,
      meta: candidate.incoming.meta,
      incomplete: candidate.incomplete === true,
    })),
  );
  await changeRecords(
    write,
    merges.flatMap(({ hub, change }) =>
      change === null ? [] : [{ id: hub.id, before: hub.fields, ...change }],
    ),
  );
  await restoreRecords(
    write,
    merges.flatMap(({ hub, restore }) => (restore ? [hub.id] : [])),
  );
  await addReadings(write, merges.flatMap(olderReadings));
  await addComments(
    write,
    [...creates, ...merges].flatMap(({ comments }) => comments.created),
  );
}

/** A reading that is not the newest changes no meter; it stays in the history of readings. */
function olderReadings({ hub, fields }: MergeDecision): { id: string; fields: JsonObject }[] {
  return fields.flatMap(({ field, rule, winner, external }) =>
    rule === 'newest_reading' && winner === 'hub' ? [{ id: hub.id, fields: { [field]: external } }] : [],
  );
}

async function writeLinks(context: ApplyContext, merges: readonly MergeDecision[]): Promise<void> {
  const { deps, tx, scope, config, mapping } = context;
  const of = (firstLink: boolean) =>
    merges.flatMap((merge) => (merge.firstLink === firstLink ? [merge.link] : []));
  await deps.repo.links.write(tx, scope, of(true), true);
  await deps.repo.links.write(tx, scope, of(false), false);
  // What the hub decided against a system that is only read is for nobody to write, and would be due for ever.
  if (!mayPush(deps, { system: mapping.system, config }, scope.entity)) return;
  await deps.repo.pushes.enqueue(
    tx,
    scope,
    merges.flatMap(({ hub, push }) => (push ? [hub.id] : [])),
  );
}

/** Writes under way that are over by what the record shows, and those that have to be taken back. */
async function writeIntents(
  { deps, tx, scope }: ApplyContext,
  merges: readonly MergeDecision[],
): Promise<void> {
  await deps.repo.updateIntents.drop(
    tx,
    scope.connectionId,
    merges.flatMap(({ hub, intended }) => (intended?.decision.next.kind === 'closed' ? [hub.id] : [])),
  );
  await deps.repo.updateIntents.store(
    tx,
    scope,
    merges.flatMap(({ candidate, intended }) =>
      intended?.decision.next.kind === 'take_back'
        ? [takeBackOf(intended, intended.decision.next.values, candidate.fields, scope.at)]
        : [],
    ),
  );
}

async function writeConflicts(context: ApplyContext, merges: readonly MergeDecision[]): Promise<void> {
  const { deps, tx, scope } = context;
  await deps.repo.conflicts.record(
    tx,
    scope,
    merges.flatMap((merge) => conflictsOf(merge, deps.newId)),
  );
  await deps.repo.conflicts.closeOpen(
    tx,
    scope.connectionId,
    merges.flatMap(({ hub, closed }) => closed.map((conflict) => ({ hubId: hub.id, ...conflict }))),
    scope.at,
  );
}

function conflictsOf(merge: MergeDecision, newId: () => string): ConflictWrite[] {
  return shownConflicts(merge).map((decision) => ({
    id: newId(),
    hubId: merge.hub.id,
    externalId: merge.candidate.incoming.meta.externalId,
    field: decision.field,
    policy: decision.policy ?? 'manual',
    hubValue: decision.hub,
    externalValue: decision.external,
    winner: decision.winner ?? null,
  }));
}

function logOf({ as, candidate, hub, fields }: MergeDecision): LogWrite[] {
  const { meta, pushed } = candidate.incoming;
  const action = pushed?.created === true ? 'pushed_create' : pushed !== undefined ? 'pushed_update' : as;
  if (action === 'same' && fields.length === 0) return [];
  return [
    {
      externalId: meta.externalId,
      hubId: hub.id,
      action,
      decisions: fields.length === 0 ? null : fields.map((decision) => ({ ...decision })),
    },
  ];
}

/** They are through: they leave quarantine and review. */
async function closeExceptions(
  { deps, tx, scope }: ApplyContext,
  decisions: readonly RecordDecision[],
  exceptions: ExceptionKinds,
): Promise<void> {
  const settled = decisions.map(({ candidate }) => candidate.incoming.meta.externalId);
  if (exceptions.quarantined) await deps.repo.quarantine.close(tx, scope, 'pull', settled);
  if (exceptions.reviewed) await deps.repo.reviews.close(tx, scope, settled);
}
