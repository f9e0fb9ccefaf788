/** Settings that a system told of itself, kept with its connection: found out once, the same for every worker from then on. */
import { sql } from 'kysely';
import { jsonEqual, type JsonObject } from '../../domain/json.ts';
import { appendAudit } from '../access/audit.ts';
import { lockConnections } from './connection-lock.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  listConnections,
  loadConnection,
  type ConnectionIdentity,
  type ConnectionRow,
} from './connections.ts';
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

/**
 * Keeps which system a connection reaches; null: its connector cannot tell. Refuses a second connection to the same records: each
 * would take what the other made for new, and make it once more.
 */
export async function keepIdentity(
  tx: Tx,
  connection: Pick<ConnectionRow, 'id' | 'tenantId' | 'name'>,
  identity: ConnectionIdentity | null,
  sharesRecords: (a: ConnectionIdentity, b: ConnectionIdentity) => boolean,
): Promise<void> {
  if (identity !== null) {
    // Two first contacts at once would not see each other.
    await sql`select pg_advisory_xact_lock(hashtextextended('identity ' || ${connection.tenantId}, 0))`.execute(
      tx,
    );
    const twin = (await listConnections(tx)).find(
      (other) =>
        other.id !== connection.id &&
        other.identity !== null &&
        other.identity !== 'cannot_tell' &&
        sharesRecords(other.identity, identity),
    );
    if (twin !== undefined) {
      throw new Failure(
        'invalid_config',
        `${connection.name} reaches the same records as ${twin.name} (${identity.system}): each of them would be made twice. Delete one of the two connections, or limit them to different sites.`,
      );
    }
  }
  await sql`update connection set identity = ${JSON.stringify(identity)}::jsonb where id = ${connection.id}`.execute(
    tx,
  );
}
