/**
 * What a system says its records look like, where that drifted away from under mapping rules, and what a person does about
 * it: acknowledge, which changes nothing, or release, which lets the rules hold again.
 */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import {
  acknowledgeDrift as acknowledge,
  lastLook,
  latestSchemas,
  listDrift,
  openDrift,
  type DriftRow,
  type LookRow,
  type SchemaRow,
  type SchemaScope,
} from '../../store/connections/discovered-schemas.ts';
import type { Tx } from '../../store/index.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

export type { DriftRow, SchemaRow };

/** The sync's own part, handed in. */
export interface SchemaActions {
  look(
    tenantId: string,
    connectionId: string,
  ): Promise<{ failure: { kind: string; message: string } | null; found: number; ended: number }>;
  release(tx: Tx, scope: SchemaScope, rows: readonly DriftRow[], by: string): Promise<void>;
}

export interface SchemaDeps extends PersonDeps {
  schemas: SchemaActions;
}

export interface ConnectionSchema {
  /** Null: nobody looked yet. */
  look: Pick<LookRow, 'lookedAt' | 'failure'> | null;
  /** As last seen, also when the last look failed. */
  entities: SchemaRow[];
}

export async function readSchema(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  connectionId: string,
): Promise<ConnectionSchema> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await connectionDetails(tx, connectionId);
    return { look: await lastLook(tx, connectionId), entities: await latestSchemas(tx, connectionId) };
  });
}

/** In the order they were found. */
export async function readDrift(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  connectionId: string,
  page: { open: boolean; after: string | null; limit: number },
): Promise<DriftRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await connectionDetails(tx, connectionId);
    return listDrift(tx, connectionId, page);
  });
}

export async function lookNow(
  deps: SchemaDeps,
  connectionId: string,
): Promise<Awaited<ReturnType<SchemaActions['look']>>> {
  await deps.store.inTenant(deps.tenantId, (tx) => connectionDetails(tx, connectionId));
  return deps.schemas.look(deps.tenantId, connectionId);
}

/** Somebody knows of it; what is held stays held. */
export async function acknowledgeDrift(
  deps: PersonDeps,
  connectionId: string,
  ids: readonly string[],
): Promise<DriftRow[]> {
  return decide(deps, connectionId, ids, 'drift.acknowledge', async (tx, rows, at) =>
    acknowledge(
      tx,
      rows.map(({ id }) => id),
      { by: deps.actor, at },
    ),
  );
}

/**
 * The rules hold again, with the schema as it is now. Where a field is still gone, the system shows nothing, and the hub
 * takes that for its value.
 */
export async function releaseDrift(
  deps: SchemaDeps,
  connectionId: string,
  ids: readonly string[],
): Promise<DriftRow[]> {
  return decide(deps, connectionId, ids, 'drift.release', (tx, rows, at) =>
    deps.schemas.release(tx, { tenantId: deps.tenantId, connectionId, runId: null, at }, rows, deps.actor),
  );
}

async function decide(
  deps: PersonDeps,
  connectionId: string,
  ids: readonly string[],
  action: string,
  carryOut: (tx: Tx, rows: readonly DriftRow[], at: string) => Promise<void>,
): Promise<DriftRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [connectionId]);
    await connectionDetails(tx, connectionId);
    const open = await openDrift(tx, connectionId);
    const unknown = ids.find((id) => !open.some((row) => row.id === id));
    if (unknown !== undefined) {
      throw new Failure(
        'invalid_request',
        `There is no open drift ${unknown} at this connection; take the ids from its list.`,
        { path: 'drift' },
      );
    }
    const rows = open.filter(({ id }) => ids.includes(id));
    const at = instantOf(deps);
    await carryOut(tx, rows, at);
    for (const { id, entity, direction, rule, path, kind, effect } of rows) {
      const before: Json = { id, entity, direction, rule, path, kind, effect };
      await audit(deps, tx, { action, subject: `connection/${connectionId}`, before, after: null, at });
    }
    return rows;
  });
}
