/** Law 3: nothing is made twice, and nothing that was made is missing, unless it waits visibly for a person. */
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { PlantConnection } from '../support/plant.ts';
import { excused, type Evidence } from './evidence.ts';
import { externalIdOf, hubsOf, isDeleted, linkOfRow } from './laws.ts';
import { keyOf, rowsOf } from './screen-rows.ts';
import { vendorOf } from './vendors/index.ts';
import type { Row } from './vendors/vendor.ts';
import type { World } from './world.ts';

/** Law 3: what was made once exists once everywhere, or waits for a person. */
export function checkTwins(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  const made = new Map(world.edits.map(({ kind, key }) => [key, kind]));
  for (const [key, kind] of made) {
    const hubs = hubsOf(evidence, kind, key);
    const copies = [...world.connections.values()].flatMap((connection) =>
      rowsOf(connection, kind, key).filter((row) => isCopy(connection, row)),
    );
    if (hubs.length > 1 + copies.length + (world.persons.parted.get(key) ?? 0))
      breaks.push(`3: the hub has ${key} ${hubs.length} times`);
    for (const [name, connection] of world.connections) {
      const rows = rowsOf(connection, kind, key);
      if (rows.length > Math.max(1, hubs.length + copies.length))
        breaks.push(`3: ${name} has ${key} ${rows.length} times`);
      if (
        rows.length === 0 &&
        hubs.length > 0 &&
        copies.length === 0 &&
        world.capability(connection, kind).create &&
        !(isExcused(world, evidence, connection, hubs) && excused(evidence, 'not made there, and said'))
      )
        breaks.push(`3: ${name} never got ${key}`);
      for (const row of rows) {
        if (linkOfRow(evidence, connection, kind, row) !== undefined) continue;
        const id = externalIdOf(connection, kind, row);
        const waits =
          evidence.reviews.some((one) => one.connectionId === connection.id && one.externalId === id) ||
          evidence.parked.some((one) => one.connectionId === connection.id && one.externalId === id) ||
          evidence.quarantine.some(
            (one) => one.connectionId === connection.id && one.subject === id && one.closedAt === null,
          );
        if (!waits || !excused(evidence, 'waits to be linked'))
          breaks.push(`3: ${key} at ${name} (${id}) belongs to nothing in the hub`);
      }
    }
  }
  return breaks;
}

/** Made by the dial that inserts a copy of the newest row between two pages. */
function isCopy(connection: PlantConnection, row: Row): boolean {
  return vendorOf(connection.system).isCopy?.(row) === true;
}

function isExcused(
  world: World,
  evidence: Evidence,
  connection: PlantConnection,
  hubs: readonly HubRecord[],
): boolean {
  return hubs.every(
    ({ id, fields }) =>
      evidence.quarantine.some(
        (row) => row.connectionId === connection.id && row.subject === id && row.closedAt === null,
      ) ||
      evidence.intents.some(
        (row) => row.connectionId === connection.id && row.hubId === id && row.state === 'ambiguous',
      ) ||
      evidence.reviews.some((row) => row.candidates.includes(id)) ||
      evidence.queue.some(
        (row) => row.connectionId === connection.id && row.hubId === id && row.waitsHubId !== null,
      ) ||
      evidence.links.some(
        (row) => row.connectionId === connection.id && row.hubId === id && row.goneAt !== null,
      ) ||
      isDeleted(world, keyOf(fields['title'] ?? fields['name']) ?? ''),
  );
}
