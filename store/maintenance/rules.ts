/** Rules of maintenance plans that no other system has, and when plans with them are to be looked at. */
import { sql } from 'kysely';
import type { JsonObject } from '../../domain/json.ts';
import type { Tx } from '../database.ts';

export interface RulesRow {
  planId: string;
  calendarId: string | null;
  rules: JsonObject;
  version: number;
}

const COLUMNS = sql.raw('plan_id, calendar_id, rules, version');

export async function loadRules(tx: Tx, planId: string): Promise<RulesRow | null> {
  const found =
    await sql<RulesRow>`select ${COLUMNS} from maintenance_rules where plan_id = ${planId}`.execute(tx);
  return found.rows[0] ?? null;
}

export async function saveRules(
  tx: Tx,
  tenantId: string,
  row: { planId: string; calendarId: string | null; rules: JsonObject; lookAt: string | null; at: string },
): Promise<RulesRow> {
  const saved = await sql<RulesRow>`
    insert into maintenance_rules (plan_id, tenant_id, calendar_id, rules, look_at, updated_at)
    values (${row.planId}, ${tenantId}, ${row.calendarId}, ${JSON.stringify(row.rules)}::jsonb, ${row.lookAt}, ${row.at})
    on conflict (plan_id) do update set calendar_id = excluded.calendar_id, rules = excluded.rules,
      look_at = excluded.look_at, updated_at = excluded.updated_at, version = maintenance_rules.version + 1
    returning ${COLUMNS}`.execute(tx);
  return saved.rows[0] as RulesRow;
}

/** Of a plan without rules there is nothing to set: it is looked at when it is due. */
export async function setLook(tx: Tx, planId: string, lookAt: string | null): Promise<void> {
  await sql`update maintenance_rules set look_at = ${lookAt} where plan_id = ${planId}`.execute(tx);
}

/** Plans whose dates follow the calendar, oldest first. */
export async function plansOfCalendar(
  tx: Tx,
  calendarId: string,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const found = await sql<{ planId: string }>`
    select plan_id from maintenance_rules where calendar_id = ${calendarId}
      and (${page.after}::uuid is null or plan_id > ${page.after}::uuid)
    order by plan_id limit ${page.limit}`.execute(tx);
  return found.rows.map(({ planId }) => planId);
}
