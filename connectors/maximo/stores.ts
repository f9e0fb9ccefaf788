/** Chooses the storeroom an item is issued from: the connection's own, else the one with the largest balance. */
import type { StoreChoice } from './children.ts';
import type { MaximoConfig } from './config.ts';
import type { Joins } from './joins.ts';

export async function chooseStores(
  itemnums: readonly string[],
  deps: { joins: Joins; config: MaximoConfig },
): Promise<StoreChoice> {
  const { storeroom } = deps.config;
  if (storeroom !== undefined) return { storeOf: () => storeroom };
  const best = new Map<string, { location: string; balance: number }>();
  for (const row of await deps.joins.stock([...new Set(itemnums)])) {
    if (typeof row.location !== 'string' || typeof row.itemnum !== 'string') continue;
    const balance = Number(row.curbaltotal ?? row.curbal ?? 0);
    const found = best.get(row.itemnum);
    const better =
      found === undefined ||
      balance > found.balance ||
      (balance === found.balance && row.location < found.location);
    if (better) best.set(row.itemnum, { location: row.location, balance });
  }
  return { storeOf: (itemnum) => best.get(itemnum)?.location ?? null };
}
