/** What a batch of pushes is decided from, read at once: hub records, links, open conflicts, intents, reviews, comments, references. */
import { referencesOf } from '../../../domain/entities/references.ts';
import type { Entity } from '../../../domain/entities/index.ts';
import type { FieldShapes } from '../../../domain/entities/field-shape.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { HeldValues } from '../../../domain/merge/held-values.ts';
import { parsePath } from '../../../domain/merge/value-path.ts';
import { entitySync } from '../../../domain/sync-settings.ts';
import type { EntityCapability, NewComment } from '../../../connectors/kit/contract.ts';
import type { DeletePolicy } from '../../../store/connections/connections.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Tx } from '../../../store/index.ts';
import type { CreateIntent } from '../../../store/links/create-intents.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
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
  /** External ids of deletions that may be carried out; null: all, they are not too many. */
  mayDelete: ReadonlySet<string> | null;
  pushFields: readonly string[];
  shapes: FieldShapes;
  /** Fields that a write of these shows differently, these included. */
  affected: (fields: ReadonlySet<string>) => ReadonlySet<string>;
  /** Whether a record of that entity may come to be at this system. */
  creatable: (entity: Entity) => boolean;
}

/** The facts of one record. */
export interface PushFacts {
  hubId: string;
  hub: HubRecord | undefined;
  link: Link | undefined;
  /** What a person is deciding, with the vendor's values. */
  held: HeldValues;
  intent: CreateIntent | undefined;
  /** An earlier update whose outcome is not known, or that was refused half-way. */
  updateIntent: StoredUpdateIntent | undefined;
  inReview: boolean;
  comments: readonly NewComment[];
  /** The vendor's ids of comments it has already. */
  knownComments: readonly string[];
  /** Hub ids of what the record refers to, to this system's ids. */
  external: ReadonlyMap<string, string>;
  /** Tries of this record in this pass so far. */
  tries: number;
}

export function pushRules(
  { deps, scope, mapping, connection }: EntityWork,
  { create, mayDelete }: Pick<PushRules, 'create' | 'mayDelete'>,
): PushRules {
  const capabilities = capabilitiesOf(deps, connection);
  return {
    entity: scope.entity,
    create,
    capability: capabilities[scope.entity],
    deletePolicy: connection.deletePolicy,
    mayDelete,
    pushFields: mapping.pushFields,
    shapes: mapping.shapes,
    affected: (fields) => mapping.affected(fields),
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
  const sends = rules.capability.comments === 'read_write' || rules.capability.comments === 'write';
  // One round trip: none of them waits for another's rows.
  const [hubs, links, held, intents, updateIntents, inReview, comments, known] = await Promise.all([
    repo.hubRecords.load(tx, ids),
    repo.links.loadByHub(tx, connectionId, ids),
    repo.conflicts.openValues(tx, connectionId, ids),
    repo.createIntents.load(tx, connectionId, ids),
    repo.updateIntents.load(tx, connectionId, ids),
    repo.reviews.naming(tx, connectionId, ids),
    sends ? repo.comments.pending(tx, connectionId, ids) : new Map<string, never[]>(),
    sends ? repo.comments.loadLinks(tx, connectionId, ids) : new Map<string, never[]>(),
  ]);
  const external = await repo.links.resolveHubIds(
    tx,
    connectionId,
    referredIds(entity, [...hubs.values()], [...links.values()], [...held.values()]),
  );
  return ids.map((hubId) => ({
    hubId,
    hub: hubs.get(hubId),
    link: links.get(hubId),
    held: held.get(hubId) ?? new Map<string, never>(),
    intent: intents.get(hubId),
    updateIntent: updateIntents.get(hubId),
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

/** What a push may name: what the hub's records refer to, and what the system shows, which goes back to it in lists. */
function referredIds(
  entity: Entity,
  hubs: readonly HubRecord[],
  links: readonly Link[],
  held: readonly HeldValues[],
): string[] {
  const shown = links.map(({ baseHub, baseExternal }) => baseExternal ?? baseHub);
  const waiting = held.flatMap((values) =>
    [...values].map(([path, value]): JsonObject => {
      const { field, element } = parsePath(path);
      return { [field]: element === null ? value : [value] };
    }),
  );
  const records = [...hubs.map(({ fields }) => fields), ...shown, ...waiting];
  return [...new Set(records.flatMap((fields) => referencesOf(entity, fields).map(({ value }) => value)))];
}
