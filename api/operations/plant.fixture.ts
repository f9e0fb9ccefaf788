/** What the tests of these operations share: a plant of sandboxes and the dependencies of a person in it. */
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import type { SyncDeps } from '../../activities/sync/context.ts';
import type { JsonObject } from '../../domain/json.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../test/support/plant.ts';
import type { PersonDeps } from './person.ts';

export interface TestPlant extends Plant {
  person: PersonDeps;
  /** The vendor's record with this value in that field. */
  find(connection: PlantConnection, object: string, field: string, value: unknown): JsonObject;
}

export async function openTestPlant(crashPoint?: SyncDeps['crashPoint']): Promise<TestPlant> {
  const database = await createTestDatabase();
  const plant = await createPlant({ url: database.url, ...(crashPoint === undefined ? {} : { crashPoint }) });
  return {
    ...plant,
    person: {
      store: plant.store,
      tenantId: plant.tenantId,
      actor: 'test:maria',
      now: plant.deps.now,
      newId: plant.deps.newId,
      steps: createManualSteps(plant.deps),
    },
    find(connection, object, field, value) {
      const found = (connection.sandbox.control.list(object) as JsonObject[]).find(
        (row) => row[field] === value,
      );
      if (found === undefined)
        throw new Error(`The sandbox has no ${object} with ${field} ${String(value)}.`);
      return found;
    },
    async close() {
      await plant.close();
      await database.drop();
    },
  };
}
