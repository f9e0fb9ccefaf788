/** Everything the hub knows after a scenario, read once: what the laws are judged by beside the sandboxes themselves. */
import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { World } from './world.ts';

export interface LinkRow {
  connection_id: string;
  entity: Entity;
  external_id: string;
  hub_id: string;
  base_hub: JsonObject;
  base_external: JsonObject | null;
  gone_at: Date | null;
  /** The vendor locked the record for good. */
  read_only: boolean;
}
interface ConflictRow {
  connection_id: string;
  hub_id: string;
  field: string;
  policy: string;
  hub_value: Json;
  external_value: Json;
  winner: 'hub' | 'external' | null;
  resolved_at: Date | null;
}
interface QuarantineRow {
  connection_id: string;
  direction: 'pull' | 'push';
  subject: string;
  data: Json;
  problems: Json;
  closed_at: Date | null;
}
interface LogRow {
  connection_id: string;
  hub_id: string | null;
  external_id: string | null;
  direction: string;
  action: string;
  decisions: Json;
}
interface ReviewRow {
  connection_id: string;
  external_id: string;
  candidates: string[];
}
interface CommentRow {
  id: string;
  hub_id: string;
  text: string;
}

export interface Evidence {
  hubs: HubRecord[];
  links: LinkRow[];
  conflicts: ConflictRow[];
  quarantine: QuarantineRow[];
  log: LogRow[];
  reviews: ReviewRow[];
  parked: { connection_id: string; external_id: string }[];
  intents: { connection_id: string; hub_id: string; state: string }[];
  queue: { connection_id: string; hub_id: string; waits_hub_id: string | null }[];
  comments: CommentRow[];
  commentLinks: { connection_id: string; hub_comment_id: string; state: string }[];
}

export async function gatherEvidence(world: World): Promise<Evidence> {
  return world.inTenant(async (tx) => {
    const all = async <T>(query: RawBuilder<T>): Promise<T[]> => (await query.execute(tx)).rows;
    return {
      hubs: await all(sql<HubRecord>`select * from hub_record order by id`),
      links: await all(sql<LinkRow>`select * from link`),
      conflicts: await all(sql<ConflictRow>`select * from conflict order by created_at`),
      quarantine: await all(sql<QuarantineRow>`select * from quarantine`),
      log: await all(sql<LogRow>`select * from record_log order by seq`),
      reviews: await all(sql<ReviewRow>`select * from match_review`),
      parked: await all(sql<{ connection_id: string; external_id: string }>`select * from parked`),
      intents: await all(
        sql<{ connection_id: string; hub_id: string; state: string }>`select * from create_intent`,
      ),
      queue: await all(
        sql<{ connection_id: string; hub_id: string; waits_hub_id: string | null }>`select * from push_queue`,
      ),
      comments: await all(sql<CommentRow>`select * from hub_comment`),
      commentLinks: await all(
        sql<{ connection_id: string; hub_comment_id: string; state: string }>`select * from comment_link`,
      ),
    };
  });
}
