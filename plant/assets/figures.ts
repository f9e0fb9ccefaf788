/** What maintenance leaves at an asset. Part of the caller's transaction. */
import { addMaintenance } from '../../store/assets/asset-figures.ts';
import type { Tx } from '../../store/index.ts';
import type { PersonDeps } from '../person.ts';

/** Adds one finished piece of maintenance: its cost to the asset's total, its end as the last maintenance. Call once per work order. */
export async function recordMaintenance(
  deps: Pick<PersonDeps, 'tenantId'>,
  tx: Tx,
  done: { assetId: string; at: string; cost: number | null },
): Promise<void> {
  await addMaintenance(tx, deps.tenantId, done);
}
