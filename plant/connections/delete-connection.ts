/** The end of a connection: what would be orphaned, and its removal. */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  connectionDetails,
  countConnectionLinks,
  deleteConnectionRows,
} from '../../store/connections/connection-admin.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import type { ConnectionDeps } from './actions.ts';
import { readConnection } from './list-connections.ts';
import { shownInAudit } from './settings.ts';

export interface DeletionPreview {
  /** Links by entity: records that would no longer be known as the same thing. */
  links: Record<string, number>;
  linksTotal: number;
  openExceptions: number;
  queuedPushes: number;
}

export async function previewDeletion(deps: PersonDeps, id: string): Promise<DeletionPreview> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await connectionDetails(tx, id);
    return countConnectionLinks(tx, id);
  });
}

/** Deletes what was previewed: with another number of links the world has moved and nothing is deleted. Hub records stay. */
export async function deleteConnection(deps: ConnectionDeps, id: string, linksTotal: number): Promise<void> {
  const row = await readConnection(deps, id);
  const seen = await previewDeletion(deps, id);
  if (seen.linksTotal !== linksTotal) {
    throw new Failure(
      'conflict',
      `Deleting ${row.name} would orphan ${String(seen.linksTotal)} links, not ${String(linksTotal)}; look at the preview and send its links_total.`,
    );
  }
  await deps.actions.end(row);
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [id]);
    await deleteConnectionRows(tx, id);
    await audit(deps, tx, {
      action: 'connection.delete',
      subject: `connection/${id}`,
      before: { ...shownInAudit(row), links: seen.links as Json },
      after: null,
      at: instantOf(deps),
    });
  });
}
