/**
 * Applies one page with its cursor in one transaction. A record that PostgreSQL refuses must not hold up the others: the page is
 * halved until the one is alone, which goes to quarantine with what can be kept of it.
 */
import { DATA_REFUSED, toFailure } from '../../../domain/kernel/failure.ts';
import type { Tx } from '../../../store/index.ts';
import type { StagedPage } from '../../../store/links/staging.ts';
import { count, type ApplyContext, type Counts, type Incoming } from '../context.ts';
import { capabilitiesOf } from '../direction.ts';
import { formatCursor, parseCursor, type PullCursor } from '../cursor.ts';
import type { EntityWork } from '../entity-work.ts';
import { beginFirstLook } from '../files/attachments-reach.ts';
import { applyRecords } from '../merge/apply-records.ts';
import { refuseVanished } from '../schema/vanished-fields.ts';

export interface AppliedPage {
  counts: Counts;
  hubChanged: boolean;
}

export async function applyPage(
  work: EntityWork,
  incoming: readonly Incoming[],
  staged: StagedPage | null,
): Promise<AppliedPage> {
  try {
    return await applyAtOnce(work, incoming, staged);
  } catch (error) {
    if (!isDataRefused(error) || incoming.length === 0) throw error;
    const parts = await applyInParts(work, incoming, error);
    return merged(parts, await applyAtOnce(work, [], staged));
  }
}

/** Halves until what is refused is alone. */
async function applyInParts(
  work: EntityWork,
  incoming: readonly Incoming[],
  refusal: unknown,
): Promise<AppliedPage> {
  const [only] = incoming;
  if (incoming.length === 1 && only !== undefined) return quarantineRefused(work, only, refusal);
  const middle = Math.ceil(incoming.length / 2);
  const halves: AppliedPage[] = [];
  for (const half of [incoming.slice(0, middle), incoming.slice(middle)]) {
    try {
      halves.push(await applyAtOnce(work, half, null));
    } catch (error) {
      if (!isDataRefused(error)) throw error;
      halves.push(await applyInParts(work, half, error));
    }
  }
  return halves.reduce(merged, { counts: {}, hubChanged: false });
}

function merged(one: AppliedPage, other: AppliedPage): AppliedPage {
  const counts = { ...one.counts };
  for (const [name, n] of Object.entries(other.counts)) count(counts, name, n);
  return { counts, hubChanged: one.hubChanged || other.hubChanged };
}

function isDataRefused(error: unknown): boolean {
  return toFailure(error).code === DATA_REFUSED;
}

/** Its content is kept as JSON already; what PostgreSQL said of it is the reason. */
async function quarantineRefused(
  { deps, scope, fence }: EntityWork,
  { meta, raw }: Incoming,
  refusal: unknown,
): Promise<AppliedPage> {
  const counts: Counts = { in: 1, quarantined: 1 };
  const at = new Date(deps.now()).toISOString();
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, fence);
    const problems = [{ path: '', message: toFailure(refusal).message, rule: DATA_REFUSED }];
    await deps.repo.quarantine.add(tx, { ...scope, at }, 'pull', [
      { id: deps.newId(), subject: meta.externalId, rawHash: meta.hash, data: raw, problems },
    ]);
    await deps.repo.parked.unpark(tx, scope.connectionId, scope.entity, [meta.externalId]);
    await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, counts);
  });
  return { counts, hubChanged: false };
}

function applyAtOnce(
  work: EntityWork,
  incoming: readonly Incoming[],
  staged: StagedPage | null,
): Promise<AppliedPage> {
  const { deps, scope, mapping, connection } = work;
  const at = new Date(deps.now()).toISOString();
  return deps.store.inTenant(scope.tenantId, async (tx) => {
    const [, cursor] = await Promise.all([
      deps.repo.connections.assertFence(tx, scope.connectionId, work.fence),
      deps.repo.cursors.load(tx, scope.connectionId, scope.entity, 'pull'),
    ]);
    const before = parseCursor(cursor);
    const context: ApplyContext = {
      deps,
      tx,
      scope: { ...scope, at },
      mapping,
      config: connection.config,
      firstReading: !before.complete,
    };
    const result = await applyRecords(context, incoming, 'pull');
    await refuseVanished(work, tx, result.vanished);
    deps.crashPoint('pull:applying');
    if (staged !== null) await finishPage(work, tx, context, { staged, before });
    return result;
  });
}

async function finishPage(
  work: EntityWork,
  tx: Tx,
  context: ApplyContext,
  { staged, before }: { staged: StagedPage; before: PullCursor },
): Promise<void> {
  const { deps, scope, connection } = work;
  const after = before.complete || staged.more ? before : await endFirstReading(work, tx, context, staged);
  // A first reading that may have missed records is done again from the start.
  const value = staged.more || after.complete ? staged.nextCursor : null;
  await deps.repo.staging.finish(tx, scope, staged.page, formatCursor({ ...after, value }));
  if (staged.more) return;
  if (capabilitiesOf(deps, connection)[scope.entity].pull === 'full' && staged.incomplete === null)
    await deps.repo.quarantine.closeUnidentified(tx, context.scope);
  if (connection.reread[scope.entity] !== undefined)
    await deps.repo.schemas.endReread(tx, scope.connectionId, scope.entity);
  if (before.complete || !after.complete) return;
  // Creates that waited for the first complete reading can go on.
  await deps.repo.creates.end(tx, scope);
  await deps.repo.pushes.release(tx, scope.connectionId, scope.entity);
  await beginFirstLook(context);
}

/** Whether the entity was read to its end: what was missed would be created once more. A person may say that nothing was. */
async function endFirstReading(
  { deps, scope }: EntityWork,
  tx: Tx,
  { scope: { at } }: ApplyContext,
  { incomplete }: StagedPage,
): Promise<PullCursor> {
  const complete = { complete: true, completeAt: at, value: null };
  if (incomplete === null) return complete;
  const stopped = await deps.repo.creates.load(tx, scope);
  if (stopped?.why === 'incomplete_reading' && stopped.allowed !== null) return complete;
  const held = await deps.repo.creates.held(tx, scope);
  await deps.repo.creates.stop(
    tx,
    { ...scope, at },
    { why: 'incomplete_reading', due: 0, total: held, message: incomplete },
  );
  return { complete: false, value: null };
}
