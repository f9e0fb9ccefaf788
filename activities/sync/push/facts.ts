/** What a batch of pushes is decided from, read at once: hub records, links, open conflicts, intents, reviews, comments, references. */
import { referencesOf } from '../../../domain/entities/references.ts';
import type { Entity } from '../../../domain/entities/index.ts';
import { entitySync } from '../../../domain/sync-settings.ts';
import type { EntityCapability, NewComment } from '../../../connectors/kit/contract.ts';
import type { DeletePolicy } from '../../../store/connections/connections.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Tx } from '../../../store/index.ts';
import type { CreateIntent } from '../../../store/links/create-intents.ts';
import type { Link } from '../../../store/links/links.ts';
import { capabilitiesOf } from '../direction.ts';
import type { EntityWork } from '../entity-work.ts';

/** `later`: not before the entity was read to its end, because until then its counterpart there may be unseen. */
export type CreateRight = 'now' | 'later' | 'never';

/** What the decisions of a batch follow: the same for each of its records. */
export interface PushRules {
  entity: Entity;
  create: CreateRight;
  capability: EntityCapability;
  deletePolicy: DeletePolicy;
  pushFields: readonly string[];
  /** Whether a record of that entity may come to be at this system. */
  creatable: (entity: Entity) => boolean;
}

/** The facts of one record. */
export interface PushFacts {
  hubId: string;
  hub: HubRecord | undefined;
  link: Link | undefined;
  /** Fields that a person is deciding. */
  held: ReadonlySet<string>;
  intent: CreateIntent | undefined;
  inReview: boolean;
  comments: readonly NewComment[];
  /** The vendor's ids of comments it has already. */
  knownComments: readonly string[];
  /** Hub ids of what the record refers to, to this system's ids. */
  external: ReadonlyMap<string, string>;
  /** Tries of this record in this pass so far. */
  tries: number;
}

export function pushRules({ deps, scope, mapping, connection }: EntityWork, create: CreateRight): PushRules {
  const capabilities = capabilitiesOf(deps, connection);
  return {
    entity: scope.entity,
    create,
    capability: capabilities[scope.entity],
    deletePolicy: connection.deletePolicy,
    pushFields: mapping.pushFields,
    creatable: (entity) =>
      capabilities[entity].create &&
      deps.mapping(connection, entity) !== null &&
      entitySync(connection.config, entity).create,
  };
}

export async function loadPushFacts(
  { deps, scope }: EntityWork,
  tx: Tx,
  batch: { ids: readonly string[]; tries: ReadonlyMap<string, number>; rules: PushRules },
): Promise<PushFacts[]> {
  const { repo } = deps;
  const { ids, tries, rules } = batch;
  const { connectionId, entity } = scope;
  const hubs = await repo.hubRecords.load(tx, ids);
  const links = await repo.links.loadByHub(tx, connectionId, ids);
  const held = await repo.conflicts.openFields(tx, connectionId, ids);
  const intents = await repo.createIntents.load(tx, connectionId, ids);
  const inReview = await repo.reviews.naming(tx, connectionId, ids);
  const sends = rules.capability.comments === 'read_write' || rules.capability.comments === 'write';
  const comments = sends ? await repo.comments.pending(tx, connectionId, ids) : new Map<string, never[]>();
  const known =
    comments.size > 0 ? await repo.comments.loadLinks(tx, connectionId, ids) : new Map<string, never[]>();
  const external = await repo.links.resolveHubIds(
    tx,
    connectionId,
    [...hubs.values()].flatMap((hub) => referencesOf(entity, hub.fields).map(({ value }) => value)),
  );
  return ids.map((hubId) => ({
    hubId,
    hub: hubs.get(hubId),
    link: links.get(hubId),
    held: held.get(hubId) ?? new Set(),
    intent: intents.get(hubId),
    inReview: inReview.has(hubId),
    comments: (comments.get(hubId) ?? []).map((comment) => ({
      key: comment.id,
      text: comment.text,
      author: comment.author,
      at: comment.at,
      maybeSent: comment.maybeSent,
    })),
    knownComments: (known.get(hubId) ?? []).flatMap(({ externalId }) =>
      externalId === null ? [] : [externalId],
    ),
    external,
    tries: tries.get(hubId) ?? 0,
  }));
}
