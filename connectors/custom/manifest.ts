/**
 * What a described system can do: the manifest says the most that a document can reach, `manifestFor` what
 * that of one connection does reach.
 */
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { EntityCapability, Manifest } from '../kit/contract.ts';
import { parseConfig } from '../kit/parse.ts';
import { defaultDefinition } from './default-definition.ts';
import { definitionDocument } from './definition.ts';
import type { Definition } from './definition.ts';

const NOTHING: EntityCapability = {
  read: false,
  pull: 'none',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
  note: 'The definition of this connection does not describe it.',
};

function capabilitiesOf(definition: Definition): Record<Entity, EntityCapability> {
  return byEntity((entity) => {
    const resource = definition.resources[entity];
    if (resource === undefined) return NOTHING;
    return {
      read: true,
      pull: resource.since === undefined ? 'full' : 'incremental',
      create: resource.create !== undefined,
      update: resource.update !== undefined,
      remove: resource.delete !== undefined,
      comments: 'none',
      ...(resource.retire === undefined
        ? {}
        : {
            retire: {
              by: `${resource.retire.method} ${resource.retire.path}`,
              undo: resource.retire.back !== undefined,
            },
          }),
      findCreated:
        resource.create?.reference !== undefined
          ? 'reference'
          : resource.naturalKey !== undefined
            ? 'natural_key'
            : 'none',
    };
  });
}

export const manifest: Manifest = {
  system: 'custom',
  title: 'Described REST system',
  source: 'connectors/custom/README.md, the generic system',
  capabilities: byEntity(() => ({
    read: true,
    pull: 'incremental',
    create: true,
    update: true,
    remove: true,
    comments: 'none',
    findCreated: 'natural_key',
    note: 'As far as the definition of the connection describes it; without one: assets, schedules and work orders.',
  })),
  limits: {
    pageSize: 200,
    pageSizeMax: 1_000,
    writeBatch: 25,
    parallel: 2,
    requestsPerSecond: 10,
    overlapMs: 600_000,
  },
  authModes: ['none', 'bearer', 'api_key', 'basic', 'oauth2'],
  webhooks: false,
};

/** Of one connection: what its document describes. */
export function manifestFor({ definition }: JsonObject): Manifest {
  const document =
    definition === undefined
      ? defaultDefinition()
      : parseConfig(definitionDocument, definition, 'The definition of the described system');
  return manifestOf(document);
}

export function manifestOf(definition: Definition): Manifest {
  return { ...manifest, capabilities: capabilitiesOf(definition) };
}

function byEntity(of: (entity: Entity) => EntityCapability): Record<Entity, EntityCapability> {
  return Object.fromEntries(ENTITIES.map((entity) => [entity, of(entity)])) as Record<
    Entity,
    EntityCapability
  >;
}
