/** What the store's tests share: a store on a database of their own with two tenants, and rows to work with. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createTestDatabase } from '../test/support/database.ts';
import { insertConnection } from './connections/connections.ts';
import { openStore, type Store } from './database.ts';
import { ensureTenant } from './access/tenants.ts';

export interface TestStore {
  url: string;
  /** Owns the tables. */
  ownerUrl: string;
  store: Store;
  /** Sees and prepares every tenant's rows. */
  admin: pg.Pool;
  tenantA: string;
  tenantB: string;
  close(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const store = openStore({ url: database.url });
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 4 });
  const [tenantA, tenantB] = [randomUUID(), randomUUID()];
  await ensureTenant(store.db, { id: tenantA, slug: 'a', name: 'Plant A' });
  await ensureTenant(store.db, { id: tenantB, slug: 'b', name: 'Plant B' });
  return {
    url: database.url,
    ownerUrl: database.ownerUrl,
    store,
    admin,
    tenantA,
    tenantB,
    async close() {
      await store.close();
      await admin.end();
      await database.drop();
    },
  };
}

/** A connection with a name of its own; returns its id. */
export async function addConnection({ store }: TestStore, tenantId: string): Promise<string> {
  const id = randomUUID();
  await store.inTenant(tenantId, (tx) =>
    insertConnection(tx, { id, tenantId, system: 'maximo', name: `connection ${id}`, config: {} }),
  );
  return id;
}
