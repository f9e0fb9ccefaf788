/** Whether a connection writes an entity at all: the connector can, there is a mapping, and nobody switched it off. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import type { MappedConnection, SyncDeps } from './context.ts';

export function mayPush(
  deps: Pick<SyncDeps, 'connector' | 'mapping'>,
  connection: MappedConnection & { config: JsonObject },
  entity: Entity,
): boolean {
  const capability = deps.connector(connection.system).manifest.capabilities[entity];
  return (
    deps.mapping(connection, entity) !== null &&
    entitySync(connection.config, entity).push &&
    (capability.create || capability.update)
  );
}
