/** Settings that a system told of itself, kept with its connection: found out once, the same for every worker from then on. */
import { sql } from 'kysely';
import { jsonEqual, type JsonObject } from '../../domain/json.ts';
import { appendAudit } from '../access/audit.ts';
import { lockConnections } from './connection-lock.ts';
import { loadConnection, type ConnectionRow } from './connections.ts';
import type { Tx } from '../database.ts';

/** Adds them to the connection's settings, with a line in the audit log; what is there already changes nothing. */
export async function keepSettings(
  tx: Tx,
  connectionId: string,
  settings: JsonObject,
  by: { actor: string; at: string },
): Promise<ConnectionRow> {
  await lockConnections(tx, [connectionId]);
  const before = await loadConnection(tx, connectionId);
  const config = { ...before.config, ...settings };
  if (jsonEqual(config, before.config)) return before;
  await sql`update connection set config = ${JSON.stringify(config)}::jsonb, version = version + 1, updated_at = now()
    where id = ${connectionId}`.execute(tx);
  await appendAudit(tx, before.tenantId, {
    ...by,
    action: 'connection.settle',
    subject: `connection/${connectionId}`,
    before: { config: before.config },
    after: { config },
  });
  return { ...before, config };
}
