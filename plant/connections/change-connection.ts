/** Changed settings and new credentials of a connection. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  connectionDetails,
  updateConnectionRow,
  type ConnectionDetails,
} from '../../store/connections/connection-admin.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import type { ConnectionRow, DeletePolicy } from '../../store/connections/connections.ts';
import type { Tx } from '../../store/index.ts';
import { audit, instantOf } from '../person.ts';
import type { ConnectionDeps } from './actions.ts';
import { newDestinations } from './destinations.ts';
import { shownInAudit, withoutNulls } from './settings.ts';

export interface ConnectionChange {
  name?: string | undefined;
  config?: JsonObject | undefined;
  /** New credentials; a new address needs them. */
  secret?: JsonObject | undefined;
  pollSeconds?: number | undefined;
  requestsPerSecond?: number | null | undefined;
  deletePolicy?: DeletePolicy | undefined;
}

/** Settings are merged field by field; a null clears one. A running connection takes them up with its next pass. */
export async function changeConnection(
  deps: ConnectionDeps,
  id: string,
  change: ConnectionChange,
  assertMayChange: (version: number) => void,
): Promise<ConnectionDetails> {
  const at = instantOf(deps);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [id]);
    const before = await connectionDetails(tx, id);
    assertMayChange(before.version);
    const config =
      change.config === undefined
        ? before.config
        : deps.actions.checkConfig(before.system, withoutNulls({ ...before.config, ...change.config }));
    if (change.secret === undefined) assertKnownDestinations(before.config, config);
    else await sealChecked(deps, tx, before, change.secret);
    await updateConnectionRow(tx, id, {
      name: change.name ?? before.name,
      config,
      pollSeconds: change.pollSeconds ?? before.pollSeconds,
      requestsPerSecond:
        change.requestsPerSecond === undefined ? before.requestsPerSecond : change.requestsPerSecond,
      deletePolicy: change.deletePolicy ?? before.deletePolicy,
    });
    const after = await connectionDetails(tx, id);
    await audit(deps, tx, {
      action: 'connection.change',
      subject: `connection/${id}`,
      before: shownInAudit(before),
      after: shownInAudit(after),
      at,
    });
    return after;
  });
}

function assertKnownDestinations(before: JsonObject, after: JsonObject): void {
  const [destination] = newDestinations(before, after);
  if (destination === undefined) return;
  throw new Failure(
    'invalid_request',
    `The stored credentials were not given for ${destination}; send them (secret) together with the new address.`,
    { path: 'secret' },
  );
}

async function sealChecked(
  deps: ConnectionDeps,
  tx: Tx,
  row: Pick<ConnectionRow, 'id' | 'system'>,
  secret: JsonObject,
): Promise<void> {
  await deps.actions.seal(tx, deps.tenantId, row.id, deps.actions.checkSecret(row.system, secret));
  await audit(deps, tx, {
    action: 'connection.rotate_secret',
    subject: `connection/${row.id}`,
    before: null,
    after: null,
    at: instantOf(deps),
  });
}

/** New credentials; the old ones are gone, and so is a login that was made with them. */
export async function rotateSecret(
  deps: ConnectionDeps,
  id: string,
  secret: JsonObject,
): Promise<ConnectionDetails> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [id]);
    const row = await connectionDetails(tx, id);
    await sealChecked(deps, tx, row, secret);
    await updateConnectionRow(tx, id, {
      name: row.name,
      config: row.config,
      pollSeconds: row.pollSeconds,
      requestsPerSecond: row.requestsPerSecond,
      deletePolicy: row.deletePolicy,
    });
    return connectionDetails(tx, id);
  });
}
