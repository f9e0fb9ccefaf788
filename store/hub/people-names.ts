/** People by what others write for them: hub id, number, code, e-mail address or name. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** More people of one name than a filter looks through. */
const NAMESAKES_MAX = 50;

/** Live people this text may mean, the surest first; `rank` 1 is the surest way of naming somebody (id), 5 the vaguest (name). */
export async function findPeople(
  tx: Tx,
  tenantId: string,
  text: string,
): Promise<{ id: string; rank: number }[]> {
  const ids = UUID.test(text) ? [text] : [];
  const found = await sql<{ id: string; rank: number }>`
    select id, min(rank)::int as rank from (
      select id, 1 as rank from hub_record where id = any(${ids}::uuid[]) and entity = 'person' and deleted_at is null
      union all
      select id, 2 from hub_record
        where tenant_id = ${tenantId} and number = upper(${text}) and entity = 'person' and deleted_at is null
      union all
      select id, 3 from hub_record
        where tenant_id = ${tenantId} and entity = 'person' and deleted_at is null and listed_code = ${text}
      union all
      select id, 4 from hub_record
        where tenant_id = ${tenantId} and entity = 'person' and deleted_at is null
          and listed_email = lower(${text})
      union all
      select id, 5 from hub_record
        where tenant_id = ${tenantId} and entity = 'person' and deleted_at is null and listed_name = ${text}
    ) candidate group by id order by rank, id limit ${NAMESAKES_MAX}`.execute(tx);
  return found.rows;
}

/** Hub id to code, or name where there is no code; also of people deleted since. */
export async function loadPersonNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await sql<{ id: string; name: string }>`
    select id, coalesce(listed_code, listed_name, number) as name from hub_record
    where id = any(${ids}::uuid[])`.execute(tx);
  return new Map(found.rows.map((row) => [row.id, row.name]));
}
