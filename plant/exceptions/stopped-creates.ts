/** Creates that wait for a person: what is stopped and why, and the word that they may be made. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import {
  allowCreates as allowRow,
  listStoppedCreates as listRows,
  loadStoppedCreatesRow,
  type StoppedCreatesRow,
} from '../../store/exceptions/stopped-creates.ts';
import { repositories } from '../../store/index.ts';
import { audit, findConnection, instantOf, LIST_MAX, type PersonDeps } from '../person.ts';

export function listStoppedCreates(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
): Promise<StoppedCreatesRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listRows(tx, LIST_MAX));
}

/** Why creates wait, one sentence for people. */
export function whyStopped({ entity, why, due, total, message }: StoppedCreatesRow): string {
  if (why === 'incomplete_reading')
    return `The first reading of ${entity} may have missed records: ${message ?? 'the system did not say why'} Until it ends well, or you say that it was complete, nothing is created there.`;
  return `${String(due)} records of ${entity} would be created where ${String(total)} are: many more than the first readings showed.`;
}

/** They may be made: exactly as many as are stopped, or, after an incomplete reading, as if that had been the whole. */
export async function allowCreates(
  deps: PersonDeps,
  request: { connection: string; entity: Entity },
): Promise<{ connectionId: string; why: StoppedCreatesRow['why']; allowed: number }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const connection = await findConnection(tx, request.connection);
    await lockConnections(tx, [connection.id]);
    const row = await loadStoppedCreatesRow(tx, connection.id, request.entity);
    if (row === null)
      throw new Failure('not_found', `No creates of ${request.entity} are stopped at ${connection.name}.`);
    await allowRow(tx, row);
    await repositories.pushes.release(tx, connection.id, request.entity);
    await audit(deps, tx, {
      action: 'creates.allow',
      subject: `connection/${connection.id}`,
      before: { entity: row.entity, why: row.why, due: row.due, of: row.total },
      after: { allowed: row.due },
      at: instantOf(deps),
    });
    return { connectionId: connection.id, why: row.why, allowed: row.due };
  });
}
