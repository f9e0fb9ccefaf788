/** What a connection can do with an entity, and whether it writes one at all: the connector can, there is a mapping, nobody switched it off. */
import type { EntityCapability } from '../../connectors/kit/contract.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import type { MappedConnection, SyncDeps } from './context.ts';

type Configured = MappedConnection & { config: JsonObject };

/** Of this connection: a system's generations and settings differ in what they can do. */
export function capabilitiesOf(
  deps: Pick<SyncDeps, 'connector'>,
  connection: Pick<Configured, 'system' | 'config'>,
): Readonly<Record<Entity, EntityCapability>> {
  const connector = deps.connector(connection.system);
  return (connector.manifestFor?.(connection.config) ?? connector.manifest).capabilities;
}

export function mayPush(
  deps: Pick<SyncDeps, 'connector' | 'mapping'>,
  connection: Configured,
  entity: Entity,
): boolean {
  const capability = capabilitiesOf(deps, connection)[entity];
  return (
    deps.mapping(connection, entity) !== null &&
    entitySync(connection.config, entity).push &&
    (capability.create || capability.update)
  );
}
