/** Moves the two bases of one link, when a person decided a field instead of the merge. */
import { sql } from 'kysely';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export async function writeLinkBases(
  tx: Tx,
  connectionId: string,
  link: { hubId: string; baseHub: JsonObject; baseExternal: JsonObject; hubVersion: number },
): Promise<void> {
  // Null says that both bases are the same; jsonb compares without regard to the order of keys.
  await sql`
    update link set base_hub = ${JSON.stringify(link.baseHub)}::jsonb, hub_version = ${link.hubVersion},
      base_external = nullif(${JSON.stringify(link.baseExternal)}::jsonb, ${JSON.stringify(link.baseHub)}::jsonb)
    where connection_id = ${connectionId} and hub_id = ${link.hubId}`.execute(tx);
}
