/** Writes what a page decided: hub, change feed, links, comments, log, exceptions. Part of the page's one transaction. */
import type { ExceptionKinds } from '../../store/exceptions/exceptions.ts';
import type { ApplyContext } from './context.ts';
import { mayPush } from './direction.ts';
import { matchKeysOf } from './match-records.ts';
import type { Outcome } from './merge-candidates.ts';

export async function writeOutcome(
  context: ApplyContext,
  outcome: Outcome,
  exceptions: ExceptionKinds,
): Promise<void> {
  const { deps, tx, scope } = context;
  const { repo } = deps;
  const inserted = repo.insertLinkedRecords(tx, scope, context.mapping.version, outcome.newRecords);
  // PostgreSQL is busy with the records for most of a page's time.
  const keys = outcome.rekeyed.flatMap(({ hubId, fields }) => matchKeysOf(context, hubId, fields));
  await inserted;
  await repo.updateHubRecords(tx, scope.at, outcome.changedRecords);
  const before = outcome.rekeyed.flatMap((record) =>
    record.before === null ? [] : matchKeysOf(context, record.hubId, record.before),
  );
  await repo.replaceMatchKeys(tx, scope.tenantId, before, keys);
  await repo.appendChanges(
    tx,
    {
      tenantId: scope.tenantId,
      entity: scope.entity,
      originConnectionId: scope.connectionId,
      runId: scope.runId,
    },
    outcome.changes,
  );
  await repo.writeLinks(tx, scope, outcome.newLinks, true);
  await repo.writeLinks(tx, scope, outcome.changedLinks, false);
  await repo.recordConflicts(tx, scope, outcome.conflicts);
  await repo.closeAgreedConflicts(tx, scope.connectionId, outcome.agreed, scope.at);
  await repo.insertComments(
    tx,
    { tenantId: scope.tenantId, originConnectionId: scope.connectionId },
    outcome.comments,
  );
  await repo.writeCommentLinks(tx, scope, outcome.commentLinks);
  await repo.insertReadings(tx, scope.tenantId, outcome.readings);
  // What the hub decided against a system that is only read is for nobody to write, and would be due for ever.
  const { config, mapping } = context;
  if (mayPush(deps, { system: mapping.system, config }, scope.entity))
    await repo.enqueuePushes(tx, scope, outcome.pushes);
  await repo.setHubDeleted(tx, outcome.restored, null);
  await repo.logRecords(tx, scope, 'pull', outcome.log);
  if (exceptions.parked) await repo.unpark(tx, scope.connectionId, scope.entity, outcome.settled);
  if (exceptions.quarantined) await repo.closeQuarantine(tx, scope, 'pull', outcome.settled);
  if (exceptions.reviewed) await repo.closeMatchReviews(tx, scope, outcome.settled);
}
