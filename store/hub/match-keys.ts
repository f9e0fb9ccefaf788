/** Keys for first-link matching: one 64-bit hash per match rule and record. A hash finds candidates; values decide. */
import { sql, type RawBuilder } from 'kysely';
import { arrayLiteral } from '../bulk.ts';
import type { Tx } from '../database.ts';

/** More hub records of one key than a person would look through. */
const CANDIDATES_MAX = 50;

export interface MatchKey {
  /** Signed 64-bit integer as decimal text. */
  key: string;
  hubId: string;
}

export async function insertMatchKeys(tx: Tx, tenantId: string, keys: readonly MatchKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    insert into hub_key (tenant_id, key, hub_id) select ${tenantId}::uuid, key, hub_id
    from ${keySet(keys)}`.execute(tx);
}

function keySet(keys: readonly MatchKey[]): RawBuilder<unknown> {
  return sql`unnest(${arrayLiteral(keys.map(({ key }) => key))}::bigint[],
    ${arrayLiteral(keys.map(({ hubId }) => hubId))}::uuid[]) as t(key, hub_id)`;
}

/** Forgets the keys of records whose match fields changed. */
export async function dropMatchKeys(tx: Tx, tenantId: string, keys: readonly MatchKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    delete from hub_key k using ${keySet(keys)}
    where k.tenant_id = ${tenantId} and k.key = t.key and k.hub_id = t.hub_id`.execute(tx);
}

/**
 * Hub records with one of these keys that this connection has not linked. The look at the links is
 * a statement of its own, and only when keys were found: joined, the planner without statistics of a table that is
 * just being filled read whole indexes (5 s a page instead of 3 ms).
 */
export async function findByMatchKeys(
  tx: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<MatchKey[]> {
  if (keys.length === 0) return [];
  const found = await sql<MatchKey>`
    select distinct k.key::text as key, k.hub_id from unnest(${arrayLiteral(keys)}::bigint[]) w(key) cross join lateral (
      select key, hub_id from hub_key where key = w.key limit ${CANDIDATES_MAX}) k
    order by 1, 2`.execute(tx);
  if (found.rows.length === 0) return [];
  const linked = await sql<{ hubId: string }>`
    select l.hub_id from unnest(${[...new Set(found.rows.map((row) => row.hubId))]}::uuid[]) w(id) cross join lateral (
      select hub_id from link where connection_id = ${connectionId} and hub_id = w.id limit 1) l`.execute(tx);
  const taken = new Set(linked.rows.map((row) => row.hubId));
  return found.rows.filter((row) => !taken.has(row.hubId));
}

/**
 * The keys of records whose match fields may have changed; what stays the same is not written. A key that takes another's place is one
 * row that changes, not one that goes and one that comes.
 */
export async function replaceMatchKeys(
  tx: Tx,
  tenantId: string,
  before: readonly MatchKey[],
  after: readonly MatchKey[],
): Promise<void> {
  const gone = Map.groupBy(without(before, after), ({ hubId }) => hubId);
  const moved: (MatchKey & { former: string })[] = [];
  const added: MatchKey[] = [];
  for (const key of before.length === 0 ? after : without(after, before)) {
    const former = gone.get(key.hubId)?.pop();
    if (former === undefined) added.push(key);
    else moved.push({ ...key, former: former.key });
  }
  await Promise.all([
    dropMatchKeys(tx, tenantId, [...gone.values()].flat()),
    moveMatchKeys(tx, tenantId, moved),
    insertMatchKeys(tx, tenantId, added),
  ]);
}

function without(keys: readonly MatchKey[], others: readonly MatchKey[]): MatchKey[] {
  const known = new Set(others.map(({ key, hubId }) => `${key} ${hubId}`));
  return keys.filter(({ key, hubId }) => !known.has(`${key} ${hubId}`));
}

/** A former key that is not there, because the rule that makes it is new, is no reason to be without the new one. */
async function moveMatchKeys(
  tx: Tx,
  tenantId: string,
  keys: readonly (MatchKey & { former: string })[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    with t as materialized (
      select * from unnest(${arrayLiteral(keys.map(({ former }) => former))}::bigint[],
        ${arrayLiteral(keys.map(({ key }) => key))}::bigint[], ${arrayLiteral(keys.map(({ hubId }) => hubId))}::uuid[])
        with ordinality as t(former, key, hub_id, n)
    ), moved as (
      update hub_key k set key = t.key from t
      where k.tenant_id = ${tenantId} and k.key = t.former and k.hub_id = t.hub_id returning t.n
    )
    insert into hub_key (tenant_id, key, hub_id)
    select ${tenantId}::uuid, key, hub_id from t where n not in (select n from moved)`.execute(tx);
}

/** One page at a time makes or matches new records of an entity; held to the end of the transaction. */
export async function lockMatching(tx: Tx, tenantId: string, entity: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`match:${tenantId}:${entity}`}, 0))`.execute(tx);
}
