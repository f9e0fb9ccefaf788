/** What a database can do: the manifest says the most that settings can reach, `manifestFor` what those of one connection do. */
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { EntityCapability, Manifest } from '../kit/contract.ts';
import { parseConfig } from '../kit/parse.ts';
import { configSchema } from './config.ts';
import type { SqlConfig } from './config.ts';

const NOTHING: EntityCapability = {
  read: false,
  pull: 'none',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
  note: 'The settings of this connection name no table for it.',
};

function capabilitiesOf(entities: SqlConfig['entities']): Record<Entity, EntityCapability> {
  return byEntity((entity) => {
    const own = entities[entity];
    if (own === undefined) return NOTHING;
    const { write } = own;
    return {
      read: true,
      pull: own.changedAt === undefined ? 'full' : 'incremental',
      create: write !== undefined && write.insert !== 'never',
      update: write?.update ?? false,
      remove: write !== undefined && write.delete !== 'never',
      comments: 'none',
      findCreated:
        write?.reference !== undefined
          ? 'reference'
          : write?.naturalKey !== undefined
            ? 'natural_key'
            : 'none',
    };
  });
}

export const manifest: Manifest = {
  system: 'sql',
  title: 'SQL database',
  source:
    'connectors/sql/README.md; manuals of PostgreSQL 18, MySQL 8.4, MariaDB 10.11 and SQLite 3, read 2026-11-21',
  capabilities: byEntity(() => ({
    read: true,
    pull: 'incremental',
    create: true,
    update: true,
    remove: true,
    comments: 'none',
    findCreated: 'reference',
    note: 'As far as the settings of the connection name tables, columns and rules for writing.',
  })),
  limits: {
    pageSize: 500,
    pageSizeMax: 1_000,
    writeBatch: 100,
    parallel: 2,
    // A transaction counts as a request.
    requestsPerSecond: 50,
    overlapMs: 600_000,
  },
  authModes: ['user_password', 'none'],
  webhooks: false,
};

/** Of one connection: what its settings name. */
export function manifestFor({ entities }: JsonObject): Manifest {
  const named = parseConfig(configSchema.shape.entities, entities, 'The configuration of the database');
  return { ...manifest, capabilities: capabilitiesOf(named) };
}

function byEntity(of: (entity: Entity) => EntityCapability): Record<Entity, EntityCapability> {
  return Object.fromEntries(ENTITIES.map((entity) => [entity, of(entity)])) as Record<
    Entity,
    EntityCapability
  >;
}
