/** Escalations: the policy as it was when they began, where they stand, and each of their steps. */
import { sql } from 'kysely';
import type { EscalationRecord, EscalationState } from '../../domain/escalation/escalation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface EscalationRow {
  alertId: string;
  policy: JsonObject;
  state: EscalationState;
  phase: string | null;
  nextAt: Date | null;
  startedAt: Date;
}

/** One an alert; one that is there is left as it is. */
export async function insertEscalation(
  tx: Tx,
  tenantId: string,
  one: { alertId: string; policy: JsonObject; state: EscalationState; at: string },
): Promise<void> {
  await sql`insert into escalation (alert_id, tenant_id, policy, state, started_at, updated_at)
    values (${one.alertId}, ${tenantId}, ${JSON.stringify(one.policy)}::jsonb, ${JSON.stringify(one.state)}::jsonb,
      ${one.at}::timestamptz, ${one.at}::timestamptz)
    on conflict (alert_id) do nothing`.execute(tx);
}

export async function lockEscalation(
  tx: Tx,
  tenantId: string,
  alertId: string,
): Promise<EscalationRow | null> {
  const found = await sql<EscalationRow>`
    select alert_id, policy, state, phase, next_at, started_at from escalation
    where tenant_id = ${tenantId} and alert_id = ${alertId}::uuid for update`.execute(tx);
  return found.rows[0] ?? null;
}

export async function isEscalated(tx: Tx, tenantId: string, alertId: string): Promise<boolean> {
  const found =
    await sql`select 1 from escalation where tenant_id = ${tenantId} and alert_id = ${alertId}::uuid`.execute(
      tx,
    );
  return found.rows.length > 0;
}

/** State and records of one call, together. */
export async function saveEscalation(
  tx: Tx,
  tenantId: string,
  alertId: string,
  done: { state: EscalationState; nextAt: string | null; records: readonly EscalationRecord[]; at: string },
): Promise<void> {
  await sql`update escalation set state = ${JSON.stringify(done.state)}::jsonb, phase = ${done.state.phase},
      next_at = ${done.nextAt}::timestamptz, updated_at = ${done.at}::timestamptz
    where tenant_id = ${tenantId} and alert_id = ${alertId}::uuid`.execute(tx);
  for (const record of done.records) {
    const key = record.kind === 'phase' ? { run: null, round: null, step: null } : record;
    await sql`insert into escalation_record (tenant_id, alert_id, kind, run, round, step, record, at)
      values (${tenantId}, ${alertId}::uuid, ${record.kind}, ${key.run}, ${key.round}, ${key.step},
        ${JSON.stringify(record)}::jsonb, ${new Date(record.at).toISOString()}::timestamptz)`.execute(tx);
  }
}

export async function loadEscalation(
  tx: Tx,
  tenantId: string,
  alertId: string,
): Promise<(EscalationRow & { records: JsonObject[] }) | null> {
  const found = await sql<EscalationRow & { records: JsonObject[] }>`
    select alert_id, policy, state, phase, next_at, started_at,
      coalesce((select jsonb_agg(r.record order by r.seq) from escalation_record r where r.alert_id = e.alert_id), '[]')
        as records
    from escalation e where tenant_id = ${tenantId} and alert_id = ${alertId}::uuid`.execute(tx);
  return found.rows[0] ?? null;
}
