/** The audit log: every change a person made, with what was before and after. Append-only: the application's role cannot change it. */
import { sql } from 'kysely';
import type { Json } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface AuditEntry {
  /** Who did it, e.g. `cli:maria`. */
  actor: string;
  /** What was done, e.g. `conflict.resolve`. */
  action: string;
  /** What it was done to, e.g. `record/<hub id>` or `quarantine/<id>`. */
  subject: string;
  before: Json;
  after: Json;
  at: string;
}

export async function appendAudit(tx: Tx, tenantId: string, entry: AuditEntry): Promise<void> {
  await sql`
    insert into audit_log (tenant_id, actor, action, subject, before, after, at)
    values (${tenantId}, ${entry.actor}, ${entry.action}, ${entry.subject}, ${JSON.stringify(entry.before)}::jsonb,
      ${JSON.stringify(entry.after)}::jsonb, ${entry.at})`.execute(tx);
}

/** What was done to one subject, newest first. */
export async function listAudit(tx: Tx, subject: string, limit: number): Promise<AuditEntry[]> {
  const found = await sql<Omit<AuditEntry, 'at'> & { at: Date }>`
    select actor, action, subject, before, after, at from audit_log
    where subject = ${subject} order by seq desc limit ${limit}`.execute(tx);
  return found.rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Newest first; by subject or actor if given. */
export async function listAuditPage(
  tx: Tx,
  tenantId: string,
  filter: { subject?: string | undefined; actor?: string | undefined; since?: string | undefined },
  page: { before: number | null; limit: number },
): Promise<(AuditEntry & { seq: number })[]> {
  const { subject = null, actor = null, since = null } = filter;
  const found = await sql<Omit<AuditEntry, 'at'> & { seq: number; at: Date }>`
    select seq, actor, action, subject, before, after, at from audit_log
    where tenant_id = ${tenantId} and (${subject}::text is null or subject = ${subject})
      and (${actor}::text is null or actor = ${actor}) and (${since}::timestamptz is null or at >= ${since})
      and (${page.before}::bigint is null or seq < ${page.before})
    order by seq desc limit ${page.limit}`.execute(tx);
  return found.rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
