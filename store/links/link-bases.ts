/** Moves the two bases of one link, when a person decided a field instead of the merge. */
import { sql } from 'kysely';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export async function writeLinkBases(
  tx: Tx,
  connectionId: string,
  link: { hub_id: string; base_hub: JsonObject; base_external: JsonObject; hub_version: number },
): Promise<void> {
  // Null says that both bases are the same; jsonb compares without regard to the order of keys.
  await sql`
    update link set base_hub = ${JSON.stringify(link.base_hub)}::jsonb, hub_version = ${link.hub_version},
      base_external = nullif(${JSON.stringify(link.base_external)}::jsonb, ${JSON.stringify(link.base_hub)}::jsonb)
    where connection_id = ${connectionId} and hub_id = ${link.hub_id}`.execute(tx);
}
