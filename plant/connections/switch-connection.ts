/** Pause, resume, retry: a person says when a connection works. */
import { Failure } from '../../domain/kernel/failure.ts';
import type { ConnectionDetails } from '../../store/connections/connection-admin.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { repositories } from '../../store/index.ts';
import { audit, instantOf } from '../person.ts';
import type { ConnectionDeps } from './actions.ts';
import { readConnection } from './list-connections.ts';

export async function pauseConnection(
  deps: ConnectionDeps,
  id: string,
  reason: string,
): Promise<ConnectionDetails> {
  const row = await readConnection(deps, id);
  await setState(deps, row, 'paused', reason);
  await deps.actions.look(row);
  return readConnection(deps, id);
}

/** Goes on where it stopped; settings that are not complete are told instead. */
export async function resumeConnection(deps: ConnectionDeps, id: string): Promise<ConnectionDetails> {
  const row = await readConnection(deps, id);
  deps.actions.checkConfig(row.system, row.config);
  await setState(deps, row, 'active', null);
  await deps.actions.start(row);
  await deps.actions.look(row);
  return readConnection(deps, id);
}

/**
 * Lifts every wait of a connection: the vendor's time that it was told, pauses of pushes that failed, a step that is to be
 * repeated later. What it then tries may tell it to wait again.
 */
export async function retryConnection(deps: ConnectionDeps, id: string): Promise<ConnectionDetails> {
  const row = await readConnection(deps, id);
  if (row.state === 'paused') {
    throw new Failure(
      'conflict',
      `${row.name} is paused (${row.stateReason ?? 'no reason given'}); resume it instead.`,
    );
  }
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const lifted = await repositories.throttle.lift(tx, id);
    const pushes = await repositories.pushes.releaseAll(tx, id);
    await audit(deps, tx, {
      action: 'connection.retry',
      subject: `connection/${id}`,
      before: { paused_until: lifted?.toISOString() ?? null, waiting_pushes: pushes },
      after: null,
      at: instantOf(deps),
    });
  });
  await deps.actions.start(row);
  await deps.actions.retry(row);
  return readConnection(deps, id);
}

async function setState(
  deps: ConnectionDeps,
  row: ConnectionRow,
  state: ConnectionRow['state'],
  reason: string | null,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    await repositories.connections.setState(tx, row.id, state, reason);
    await audit(deps, tx, {
      action: state === 'paused' ? 'connection.pause' : 'connection.resume',
      subject: `connection/${row.id}`,
      before: { state: row.state, reason: row.stateReason },
      after: { state, reason },
      at: instantOf(deps),
    });
  });
}
