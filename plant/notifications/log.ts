/** What was sent to whom, and the evidence of it. */
import type { JsonObject } from '../../domain/json.ts';
import { listIntents } from '../../store/notifications/intents.ts';
import { assertId, type PersonDeps } from '../person.ts';

export interface NoticeView {
  id: string;
  at: string;
  type: string;
  subject: string;
  severity: string;
  person: string;
  channel: string;
  state: string;
  reason: string | null;
  attempts: number;
  provider_id: string | null;
  accepted_at: string | null;
  /** From the writing of the intent until its provider took it; null before. */
  took_ms: number | null;
  evidence: { what: string; at: string; detail: JsonObject }[];
}

/** Newest first. Addresses are not shown: they are people's own. */
export async function listNotices(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  filter: { alert: string | null },
  page: { before: { at: string; id: string } | null; limit: number },
): Promise<NoticeView[]> {
  if (filter.alert !== null) assertId('alert', filter.alert);
  const subject = filter.alert === null ? null : `alert/${filter.alert}`;
  const rows = await deps.store.inTenant(deps.tenantId, (tx) =>
    listIntents(tx, deps.tenantId, { subject }, page),
  );
  return rows.map((row) => ({
    id: row.id,
    at: row.createdAt.toISOString(),
    type: row.type,
    subject: row.subject,
    severity: row.severity,
    person: row.person,
    channel: row.channel,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    provider_id: row.providerId,
    accepted_at: row.acceptedAt?.toISOString() ?? null,
    took_ms: row.acceptedAt === null ? null : row.acceptedAt.getTime() - row.createdAt.getTime(),
    evidence: row.evidence,
  }));
}
