/** Everything the hub knows after a scenario, read once: what the laws are judged by beside the sandboxes themselves. */
import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { World } from './world.ts';

export interface LinkRow {
  connectionId: string;
  entity: Entity;
  externalId: string;
  hubId: string;
  baseHub: JsonObject;
  baseExternal: JsonObject | null;
  goneAt: Date | null;
  /** The vendor locked the record for good. */
  readOnly: boolean;
}
interface ConflictRow {
  connectionId: string;
  hubId: string;
  field: string;
  policy: string;
  hubValue: Json;
  externalValue: Json;
  winner: 'hub' | 'external' | null;
  resolvedAt: Date | null;
}
interface QuarantineRow {
  connectionId: string;
  direction: 'pull' | 'push';
  subject: string;
  data: Json;
  problems: Json;
  closedAt: Date | null;
}
interface LogRow {
  connectionId: string;
  hubId: string | null;
  externalId: string | null;
  direction: string;
  action: string;
  decisions: Json;
}
interface ReviewRow {
  connectionId: string;
  externalId: string;
  candidates: string[];
}
interface CommentRow {
  id: string;
  hubId: string;
  text: string;
}

export interface Evidence {
  hubs: HubRecord[];
  links: LinkRow[];
  conflicts: ConflictRow[];
  quarantine: QuarantineRow[];
  log: LogRow[];
  reviews: ReviewRow[];
  parked: { connectionId: string; externalId: string }[];
  intents: { connectionId: string; hubId: string; state: string }[];
  queue: { connectionId: string; hubId: string; waitsHubId: string | null }[];
  comments: CommentRow[];
  commentLinks: { connectionId: string; hubCommentId: string; state: string }[];
  /** How often a law was not asked to hold, by the reason: a law that excuses is a hole, so that everybody sees how large. */
  excused: Map<string, number>;
}

/** Counts the excuse; true, so that it stands where it is used. */
export function excused({ excused: counts }: Evidence, why: string): boolean {
  counts.set(why, (counts.get(why) ?? 0) + 1);
  return true;
}

export async function gatherEvidence(world: World): Promise<Evidence> {
  return world.inTenant(async (tx) => {
    const all = async <T>(query: RawBuilder<T>): Promise<T[]> => (await query.execute(tx)).rows;
    return {
      excused: new Map(),
      hubs: await all(sql<HubRecord>`select * from hub_record order by id`),
      links: await all(
        sql<LinkRow>`select l.*, coalesce(l.base_hub, h.fields) as base_hub from link l join hub_record h on h.id = l.hub_id`,
      ),
      conflicts: await all(sql<ConflictRow>`select * from conflict order by created_at`),
      quarantine: await all(sql<QuarantineRow>`select * from quarantine`),
      log: await all(sql<LogRow>`select * from record_history order by seq`),
      reviews: await all(sql<ReviewRow>`select * from match_review`),
      parked: await all(sql<{ connectionId: string; externalId: string }>`select * from parked`),
      intents: await all(
        sql<{ connectionId: string; hubId: string; state: string }>`select * from create_intent`,
      ),
      queue: await all(
        sql<{ connectionId: string; hubId: string; waitsHubId: string | null }>`select * from push_queue`,
      ),
      comments: await all(sql<CommentRow>`select * from hub_comment`),
      commentLinks: await all(
        sql<{ connectionId: string; hubCommentId: string; state: string }>`select * from comment_link`,
      ),
    };
  });
}
