/** What is on hand of a part. Each part is a plain record. */
import { Failure } from '../../domain/kernel/failure.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { PART } from '../records/plain-records-kinds.ts';
import { lockPlain, showPlain, type ShownRecord } from '../records/plain-records.ts';
import { editRecord, type VersionCheck } from '../work-orders/edit.ts';

/** Adds to the stock, or takes from it; two people who do so at once both count. */
export async function moveStock(
  deps: PersonDeps,
  id: string,
  quantity: number,
  check: VersionCheck,
): Promise<ShownRecord> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockPlain(tx, deps.tenantId, PART, id);
    check(hub.version);
    const before = (hub.fields['onHand'] ?? 0) as number;
    // Decimals of six digits; their sums would show their binary rest.
    const after = Math.round((before + quantity) * 1e6) / 1e6;
    if (quantity < 0 && after < 0) {
      throw new Failure(
        'conflict',
        `There are ${String(before)} on hand of ${hub.number}; ${String(-quantity)} cannot be taken.`,
      );
    }
    const moved = await editRecord(
      deps,
      tx,
      hub,
      { onHand: after },
      { action: 'part.stock', at: instantOf(deps) },
    );
    return showPlain(tx, PART, moved);
  });
}
