/** Comments of hub records, and which of them stands where: what makes a comment travel once. */
import { sql } from 'kysely';
import { recordset } from '../bulk.ts';
import type { Tx } from '../database.ts';

export interface CommentLink {
  hubCommentId: string;
  hubId: string;
  externalId: string | null;
  state: 'sending' | 'linked' | 'unknown' | 'rejected';
  text: string;
}

export interface HubComment {
  id: string;
  hubId: string;
  text: string;
  author: string | null;
  at: string;
}

export async function loadCommentLinks(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, CommentLink[]>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<CommentLink>`
    select l.hub_comment_id, l.hub_id, l.external_id, l.state, c.text
    from comment_link l join hub_comment c on c.id = l.hub_comment_id
    where l.connection_id = ${connectionId} and l.hub_id = any(${hubIds}::uuid[])`.execute(tx);
  return Map.groupBy(found.rows, (row) => row.hubId);
}

export async function insertComments(
  tx: Tx,
  scope: { tenantId: string; originConnectionId: string | null },
  comments: readonly HubComment[],
): Promise<void> {
  if (comments.length === 0) return;
  await sql`
    insert into hub_comment (id, tenant_id, hub_id, text, author, at, origin_connection_id)
    select id, ${scope.tenantId}::uuid, hub_id, text, author, at, ${scope.originConnectionId}::uuid
    from ${recordset(comments, { id: 'uuid', hub_id: 'uuid', text: 'text', author: 'text', at: 'timestamptz' })}`.execute(
    tx,
  );
}

export async function writeCommentLinks(
  tx: Tx,
  scope: { tenantId: string; connectionId: string },
  links: readonly Omit<CommentLink, 'text'>[],
): Promise<void> {
  if (links.length === 0) return;
  await sql`
    insert into comment_link (tenant_id, connection_id, hub_comment_id, hub_id, external_id, state)
    select ${scope.tenantId}::uuid, ${scope.connectionId}::uuid, hub_comment_id, hub_id, external_id, state
    from ${recordset(links, { hub_comment_id: 'uuid', hub_id: 'uuid', external_id: 'text', state: 'text' })}
    on conflict (connection_id, hub_comment_id) do update set external_id = excluded.external_id, state = excluded.state`.execute(
    tx,
  );
}

/** Comments that were about to be sent and surely were not. */
export async function forgetSending(
  tx: Tx,
  connectionId: string,
  commentIds: readonly string[],
): Promise<void> {
  if (commentIds.length === 0) return;
  await sql`delete from comment_link
    where connection_id = ${connectionId} and state = 'sending' and hub_comment_id = any(${commentIds}::uuid[])`.execute(
    tx,
  );
}

/** Comments this connection has not got: never sent, or sent with an outcome nobody knows yet (`sending`). */
export async function pendingComments(
  tx: Tx,
  connectionId: string,
  hubIds: readonly string[],
): Promise<Map<string, (HubComment & { maybeSent: boolean })[]>> {
  if (hubIds.length === 0) return new Map();
  const found = await sql<HubComment & { maybeSent: boolean }>`
    select c.id, c.hub_id, c.text, c.author,
      to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, l.state is not null as maybe_sent
    from hub_comment c
    left join comment_link l on l.connection_id = ${connectionId} and l.hub_comment_id = c.id
    where c.hub_id = any(${hubIds}::uuid[]) and (l.state is null or l.state = 'sending')
    order by c.at, c.id`.execute(tx);
  return Map.groupBy(found.rows, (row) => row.hubId);
}
