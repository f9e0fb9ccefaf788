/** Sends the requests of one write: alone, or in batches that apply whole or not at all (contract 2.7). */
import type { Client } from './client.ts';
import type { Request } from './wire.ts';

/** Contract 2.7: the largest batch is unknown, 200 are in live use. */
export const BATCH_MAX = 50;

export type Sender = ReturnType<typeof createSender>;

export function createSender(client: Client) {
  /** One call; false when the one record to change does not exist. */
  async function once(requests: readonly Request[]): Promise<boolean> {
    const [only] = requests;
    if (only?._maCn === 'ChangeRequest' && requests.length === 1) return client.change(only);
    const { failure } = await client.batch(requests);
    if (failure) throw failure;
    return true;
  }

  return {
    once,
    async all(requests: readonly Request[]): Promise<void> {
      for (const some of batchesOf(requests)) await once(some);
    },
  };
}

export function batchesOf(requests: readonly Request[]): Request[][] {
  const batches: Request[][] = [];
  for (let from = 0; from < requests.length; from += BATCH_MAX)
    batches.push(requests.slice(from, from + BATCH_MAX));
  return batches;
}
