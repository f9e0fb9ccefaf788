/** What a connection synchronises, kept in its config under `sync`. Everything the connector can do is on unless switched off. */
import { z } from 'zod';
import { ENTITIES, type Entity } from './entities/index.ts';
import type { JsonObject } from './json.ts';

const direction = z.strictObject({
  pull: z.boolean().default(true),
  push: z.boolean().default(true),
  /** Whether hub records without a counterpart are created there. */
  create: z.boolean().default(true),
});

export const syncSettings = z.strictObject({
  entities: z.partialRecord(z.enum(ENTITIES), direction).default({}),
});

export interface EntitySync {
  pull: boolean;
  push: boolean;
  create: boolean;
}

/** Example: `{sync: {entities: {person: {push: false}}}}` reads people and never writes them. */
export function entitySync(config: JsonObject, entity: Entity): EntitySync {
  const settings = syncSettings.parse(config['sync'] ?? {});
  return settings.entities[entity] ?? { pull: true, push: true, create: true };
}
