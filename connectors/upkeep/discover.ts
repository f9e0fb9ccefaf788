/** What UpKeep's records look like. It has no call that describes them, so a few records of each kind are looked at. */
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import type { DiscoveredField, DiscoveredSchema } from '../kit/contract.ts';
import { fieldsOfSamples } from '../kit/samples.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { OBJECTS } from './wire.ts';

/** Few, because each meter costs a call for its newest reading. */
const SAMPLES = 25;

export async function discoverSchema(reader: Pick<Reader, 'pull'>): Promise<DiscoveredSchema> {
  const entities: { [E in Entity]?: { object: string; fields: Record<string, DiscoveredField> } } = {};
  for (const entity of ENTITIES.filter((one) => manifest.capabilities[one].pull !== 'none')) {
    const { records } = await reader.pull(entity, { cursor: null, pageSize: SAMPLES });
    entities[entity] = {
      object: OBJECTS[entity].path.replace(/^\//, ''),
      fields: fieldsOfSamples(records.map(({ raw }) => raw)),
    };
  }
  return { source: 'samples', entities };
}
