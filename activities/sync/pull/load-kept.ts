/** Records whose bodies were kept when they were read: what a staged page or the parking lot holds beside them. */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { RecordMeta } from '../../../store/links/staging.ts';
import type { Incoming } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';

export async function loadKept(work: EntityWork, metas: readonly RecordMeta[]): Promise<Incoming[]> {
  const { deps, scope } = work;
  const bodies = await deps.store.inTenant(scope.tenantId, (tx) => deps.repo.rawRecords.load(tx, metas));
  return metas.map((meta) => {
    const raw = bodies.get(meta.externalId);
    if (raw === undefined)
      throw new Failure('bug', `The kept raw record of ${scope.entity} ${meta.externalId} is gone.`);
    return { meta, raw };
  });
}
