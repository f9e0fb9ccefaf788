/** The audit log as people read it. */
import type { Json } from '../../domain/json.ts';
import { listAuditPage } from '../../store/access/audit.ts';
import type { PersonDeps } from '../person.ts';

export interface AuditView {
  seq: number;
  actor: string;
  action: string;
  subject: string;
  before: Json;
  after: Json;
  at: string;
}

export async function listAuditEntries(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  filter: { subject?: string | undefined; actor?: string | undefined; since?: string | undefined },
  page: { before: number | null; limit: number },
): Promise<AuditView[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listAuditPage(tx, deps.tenantId, filter, page));
}
