/** What a connection can and may do with the files of an entity, and which records are to be looked at because of a page. */
import type { Entity } from '../../../domain/entities/index.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { entitySync } from '../../../domain/sync-settings.ts';
import type { Link } from '../../../store/links/links.ts';
import type { ApplyContext, Candidate, MappedConnection, SyncDeps } from '../context.ts';
import { capabilitiesOf } from '../direction.ts';

export interface FileReach {
  /** The vendor's files can be listed and read. */
  readable: boolean;
  /** They are taken over. */
  take: boolean;
  /** The record's files are sent there. */
  send: boolean;
}

/** Null when there is nothing to do with files of this entity. */
export function fileReach(
  deps: Pick<SyncDeps, 'connector' | 'mapping'>,
  connection: MappedConnection & { config: JsonObject },
  entity: Entity,
): FileReach | null {
  const can = capabilitiesOf(deps, connection)[entity].attachments ?? 'none';
  if (can === 'none' || deps.mapping(connection, entity) === null) return null;
  const sync = entitySync(connection.config, entity);
  const readable = can !== 'write';
  const reach = { readable, take: readable && sync.pull, send: can !== 'read' && sync.push };
  return reach.take || reach.send ? reach : null;
}

/** Part of the transaction that ends the first reading of an entity. */
export async function beginFirstLook({ deps, tx, scope, mapping, config }: ApplyContext): Promise<void> {
  if (fileReach(deps, { system: mapping.system, config }, scope.entity)?.take === true)
    await deps.repo.fileQueue.beginFirstLook(tx, scope);
}

/** Part of the page's transaction: what changed there may have got files, what is new there may lack the hub's. */
export async function queueFiles(
  context: ApplyContext,
  candidates: readonly Candidate[],
  links: ReadonlyMap<string, Link>,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const { deps, tx, scope, mapping, config } = context;
  const reach = fileReach(deps, { system: mapping.system, config }, scope.entity);
  if (reach === null) return;
  const rows = candidates.flatMap(({ incoming: { meta, pushed } }) => {
    const linked = links.has(meta.externalId);
    const hub_id = ids.get(meta.externalId);
    // The answer to our own write: nobody else changed the record, or the write would not have landed on it.
    if (hub_id === undefined || (pushed !== undefined && linked)) return [];
    const look = pushed?.certain !== true && reach.take;
    // The first look, which follows the first reading, finds it by its link.
    if (look && !linked && context.firstReading === true) return [];
    return [{ hubId: hub_id, look, slow: !linked }];
  });
  await deps.repo.fileQueue.enqueue(tx, scope, rows);
}
