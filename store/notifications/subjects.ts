/** What a notice is about, as its text and its decisions need it; and people with their addresses. */
import { sql } from 'kysely';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface AlertSubject {
  id: string;
  hubId: string;
  alertType: string;
  severity: 'low' | 'medium' | 'high' | 'critical';
  message: string;
  at: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  resolvedAt: Date | null;
  asset: string;
  assetName: string | null;
}

export async function loadAlertSubject(tx: Tx, tenantId: string, id: string): Promise<AlertSubject | null> {
  const found = await sql<AlertSubject>`
    select a.id, a.hub_id, a.alert_type, a.severity, a.message, a.at, a.acknowledged_at, a.acknowledged_by, a.resolved_at,
      coalesce(h.listed_tag, h.number) as asset, h.fields->>'name' as asset_name
    from asset_alert a join hub_record h on h.id = a.hub_id
    where a.tenant_id = ${tenantId} and a.id = ${id}::uuid`.execute(tx);
  return found.rows[0] ?? null;
}

export interface OrderSubject {
  number: string;
  title: string;
  status: string | null;
  assignee: string | null;
  due: string | null;
}

export async function loadOrderSubject(tx: Tx, tenantId: string, id: string): Promise<OrderSubject | null> {
  const found = await sql<OrderSubject>`
    select number, coalesce(fields->>'title', '') as title, fields->>'status' as status, fields->>'assignee' as assignee,
      fields->>'dueAt' as due
    from hub_record where tenant_id = ${tenantId} and id = ${id}::uuid and entity = 'work_order' and deleted_at is null`.execute(
    tx,
  );
  return found.rows[0] ?? null;
}

export interface NoticePerson {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  contact: JsonObject | null;
}

/** Live people of these ids, with what they wrote about how to be told. */
export async function loadNoticePeople(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<NoticePerson[]> {
  if (ids.length === 0) return [];
  const found = await sql<NoticePerson>`
    select h.id, coalesce(h.fields->>'name', h.number) as name, h.fields->>'email' as email, h.fields->>'phone' as phone,
      d.document as contact
    from hub_record h
    left join notice_document d on d.tenant_id = h.tenant_id and d.kind = 'contact' and d.name = h.id::text
    where h.tenant_id = ${tenantId} and h.entity = 'person' and h.deleted_at is null
      and h.id = any(${ids}::uuid[])`.execute(tx);
  return found.rows;
}
