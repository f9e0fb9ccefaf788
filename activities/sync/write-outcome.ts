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
  const inserted = repo.hubRecords.insertLinked(tx, scope, context.mapping.version, outcome.newRecords);
  // PostgreSQL is busy with the records for most of a page's time.
  const keys = outcome.rekeyed.flatMap(({ hubId, fields }) => matchKeysOf(context, hubId, fields));
  await inserted;
  await repo.hubRecords.update(tx, scope.at, outcome.changedRecords);
  const before = outcome.rekeyed.flatMap((record) =>
    record.before === null ? [] : matchKeysOf(context, record.hubId, record.before),
  );
  await repo.matchKeys.replace(tx, scope.tenantId, before, keys);
  await repo.changes.append(
    tx,
    {
      tenantId: scope.tenantId,
      entity: scope.entity,
      originConnectionId: scope.connectionId,
      runId: scope.runId,
    },
    outcome.changes,
  );
  await repo.links.write(tx, scope, outcome.newLinks, true);
  await repo.links.write(tx, scope, outcome.changedLinks, false);
  await repo.conflicts.record(tx, scope, outcome.conflicts);
  await repo.conflicts.closeAgreed(tx, scope.connectionId, outcome.agreed, scope.at);
  await repo.comments.insert(
    tx,
    { tenantId: scope.tenantId, originConnectionId: scope.connectionId },
    outcome.comments,
  );
  await repo.comments.writeLinks(tx, scope, outcome.commentLinks);
  await repo.readings.insert(tx, scope.tenantId, outcome.readings);
  // What the hub decided against a system that is only read is for nobody to write, and would be due for ever.
  const { config, mapping } = context;
  if (mayPush(deps, { system: mapping.system, config }, scope.entity))
    await repo.pushes.enqueue(tx, scope, outcome.pushes);
  await repo.hubRecords.setDeleted(tx, outcome.restored, null);
  await repo.runs.logRecords(tx, scope, 'pull', outcome.log);
  if (exceptions.parked) await repo.parked.unpark(tx, scope.connectionId, scope.entity, outcome.settled);
  if (exceptions.quarantined) await repo.quarantine.close(tx, scope, 'pull', outcome.settled);
  if (exceptions.reviewed) await repo.reviews.close(tx, scope, outcome.settled);
}
