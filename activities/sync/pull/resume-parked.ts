/**
 * Applies parked records whose reference appeared. A record is tried once for each reference it waited for, so the walk ends:
 * one that parks again for another reference is tried once more when that is there, too.
 */
import { circlesOf } from '../../../domain/entities/circles.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { ResumableRecord } from '../../../store/exceptions/exceptions.ts';
import type { Incoming } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';
import { loadKept } from './load-kept.ts';

export async function resumeParked(
  work: EntityWork,
  apply: (incoming: Incoming[]) => Promise<void>,
): Promise<void> {
  const tried = new Set<string>();
  for (let moved = true; moved;) {
    moved = false;
    for (let after: string | null = null; ;) {
      const page: ResumableRecord[] = await resumable(work, after);
      const fresh = page.filter((row) => !tried.has(keyOf(row)));
      for (const row of fresh) tried.add(keyOf(row));
      if (fresh.length > 0) {
        moved = true;
        await apply(
          await loadKept(
            work,
            fresh.map(({ record }) => record),
          ),
        );
      }
      after = page.at(-1)?.record.externalId ?? null;
      if (after === null || page.length < LIMITS.pageSizeMax) break;
    }
  }
}

/**
 * Parked records that wait for each other in a circle would wait for ever: they are applied at once, which opens the circle, and
 * then what hangs below them.
 */
export async function resumeCircles(
  work: EntityWork,
  apply: (incoming: Incoming[]) => Promise<void>,
): Promise<void> {
  const { deps, scope } = work;
  const waiting = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.parked.amongThemselves(tx, scope.connectionId, scope.entity, LIMITS.circleRecordsMax),
  );
  const circles = circlesOf(new Map(waiting.map(({ record, waitsFor }) => [record.externalId, waitsFor])));
  if (circles.length === 0) return;
  const records = new Map(waiting.map(({ record }) => [record.externalId, record]));
  for (const circle of circles)
    await apply(
      await loadKept(
        work,
        circle.flatMap((id) => records.get(id) ?? []),
      ),
    );
  await resumeParked(work, apply);
}

function keyOf({ record, waitedFor }: ResumableRecord): string {
  return `${record.externalId}\n${waitedFor}`;
}

function resumable({ deps, scope }: EntityWork, after: string | null): Promise<ResumableRecord[]> {
  const page = { after, limit: LIMITS.pageSizeMax };
  return deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.parked.resumable(tx, scope.connectionId, scope.entity, page),
  );
}
