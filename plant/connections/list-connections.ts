/** Connections to look at: all of them, what each is doing, one of them. */
import {
  connectionDetails,
  listConnectionOverviews,
  listConnectionRows,
  type ConnectionDetails,
  type ConnectionOverview,
} from '../../store/connections/connection-admin.ts';
import type { PersonDeps } from '../person.ts';

export async function listAllConnections(
  deps: PersonDeps,
  page: { afterName: string | null; limit: number },
): Promise<ConnectionDetails[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listConnectionRows(tx, page));
}

export async function overviewConnections(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
): Promise<ConnectionOverview[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listConnectionOverviews(tx));
}

export async function readConnection(deps: PersonDeps, id: string): Promise<ConnectionDetails> {
  return deps.store.inTenant(deps.tenantId, (tx) => connectionDetails(tx, id));
}
