/**
 * Applies one page with its cursor in one transaction. A record that PostgreSQL refuses must not hold up the others: the page is
 * halved until the one is alone, which goes to quarantine with what can be kept of it.
 */
import { DATA_REFUSED, toFailure } from '../../../domain/kernel/failure.ts';
import type { Tx } from '../../../store/index.ts';
import type { StagedPage } from '../../../store/links/staging.ts';
import { count, type ApplyContext, type Counts, type Incoming } from '../context.ts';
import { formatCursor, parseCursor } from '../cursor.ts';
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
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    const before = parseCursor(await deps.repo.cursors.load(tx, scope.connectionId, scope.entity, 'pull'));
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
    if (staged !== null) await finishPage(work, tx, context, { staged, complete: before.complete });
    return result;
  });
}

async function finishPage(
  { deps, scope, connection }: EntityWork,
  tx: Tx,
  context: ApplyContext,
  { staged, complete }: { staged: StagedPage; complete: boolean },
): Promise<void> {
  const cursor = formatCursor({ complete: complete || !staged.more, value: staged.nextCursor });
  await deps.repo.staging.finish(tx, scope, staged.page, cursor);
  if (staged.more) return;
  if (connection.reread[scope.entity] !== undefined)
    await deps.repo.schemas.endReread(tx, scope.connectionId, scope.entity);
  if (complete) return;
  // Creates that waited for the first complete reading can go on.
  await deps.repo.pushes.release(tx, scope.connectionId, scope.entity);
  await beginFirstLook(context);
}
