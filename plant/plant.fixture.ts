/** What the tests of these operations share: a plant of sandboxes and the dependencies of a person in it. */
import { createManualSteps } from '../activities/sync/manual-steps.ts';
import type { SyncDeps } from '../activities/sync/context.ts';
import { createTestDatabase } from '../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../test/support/plant.ts';
import type { PersonDeps } from './person.ts';

/** A record as the sandbox shows it; the fields looked at here are scalars. */
export type VendorRow = Record<string, string | number | null | undefined>;

export interface TestPlant extends Plant {
  person: PersonDeps;
  rows(connection: PlantConnection, object: string): VendorRow[];
  /** The vendor's record with this value in that field. */
  find(connection: PlantConnection, object: string, field: string, value: unknown): VendorRow;
  /** Enters a record there as a person would, and returns its id. */
  enter(connection: PlantConnection, object: string, fields: Record<string, unknown>): string;
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
    rows,
    find(connection, object, field, value) {
      const found = rows(connection, object).find((row) => row[field] === value);
      if (found === undefined)
        throw new Error(`The sandbox has no ${object} with ${field} ${String(value)}.`);
      return found;
    },
    enter(connection, object, fields) {
      return String((connection.sandbox.control.insert(object, fields) as VendorRow)['id']);
    },
    async close() {
      await plant.close();
      await database.drop();
    },
  };
}

function rows(connection: PlantConnection, object: string): VendorRow[] {
  return connection.sandbox.control.list(object) as VendorRow[];
}
