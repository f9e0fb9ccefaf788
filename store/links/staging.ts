/** Pages fetched and not yet applied, and the cursors. A page survives a crash here, so it is never fetched twice. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';
import type { RawPlace } from './raw-pages.ts';

/** One record of a page without its body, which is kept with those of its page. */
export interface RecordMeta {
  externalId: string;
  address: string | null;
  version: string | null;
  updatedAt: string | null;
  number: string | null;
  hash: string;
  /** Where its body is kept. */
  kept?: RawPlace;
  readOnly?: boolean;
  /** Within which part of the system its numbers mean one thing; absent: the whole system. */
  scope?: string;
}

export interface StagedPage {
  page: number;
  records: RecordMeta[];
  nextCursor: string;
  more: boolean;
  /** With the last page: why the walk may have missed records; null when it missed none. */
  incomplete: string | null;
}

export async function stagePage(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  page: StagedPage,
): Promise<void> {
  await sql`
    insert into staged_page (tenant_id, connection_id, entity, page, records, next_cursor, more, incomplete)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, ${page.page},
      ${JSON.stringify(page.records)}::json, ${page.nextCursor}, ${page.more}, ${page.incomplete})`.execute(
    tx,
  );
}

export async function loadStagedPages(tx: Tx, connectionId: string, entity: Entity): Promise<StagedPage[]> {
  const found = await sql<StagedPage>`
    select page, records, next_cursor, more, incomplete from staged_page
    where connection_id = ${connectionId} and entity = ${entity} order by page`.execute(tx);
  return found.rows;
}

/** The page is applied: the cursor moves behind it and the page goes. */
export async function finishStagedPage(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  page: number,
  cursor: string,
): Promise<void> {
  await sql`
    with done as (delete from staged_page
      where connection_id = ${scope.connectionId} and entity = ${scope.entity} and page = ${page})
    insert into cursor (tenant_id, connection_id, entity, kind, value)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, 'pull', ${cursor})
    on conflict (connection_id, entity, kind) do update set value = excluded.value, updated_at = now()`.execute(
    tx,
  );
}

export async function dropStagedPage(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  page: number,
): Promise<void> {
  await sql`delete from staged_page
    where connection_id = ${connectionId} and entity = ${entity} and page = ${page}`.execute(tx);
}

export type CursorKind = 'pull' | 'feed' | 'sweep';

export async function loadCursor(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  kind: CursorKind,
): Promise<string | null> {
  const found = await sql<{ value: string }>`
    select value from cursor where connection_id = ${connectionId} and entity = ${entity} and kind = ${kind}`.execute(
    tx,
  );
  return found.rows[0]?.value ?? null;
}

export async function saveCursor(
  tx: Tx,
  scope: { tenantId: string; connectionId: string; entity: Entity },
  kind: CursorKind,
  value: string,
): Promise<void> {
  await sql`
    insert into cursor (tenant_id, connection_id, entity, kind, value)
    values (${scope.tenantId}, ${scope.connectionId}, ${scope.entity}, ${kind}, ${value})
    on conflict (connection_id, entity, kind) do update set value = excluded.value, updated_at = now()`.execute(
    tx,
  );
}

export async function forgetCursor(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  kind: CursorKind,
): Promise<void> {
  await sql`delete from cursor where connection_id = ${connectionId} and entity = ${entity} and kind = ${kind}`.execute(
    tx,
  );
}
