/** A migrated, empty database for one test file. */
import { ask } from './ask.ts';

export interface TestDatabase {
  /** A login that owns the database (sees everything, row-level security does not bind it). */
  readonly adminUrl: string;
  /** For `openStore`, which works under the application's role whatever the login is. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Takes about 50 ms; the first of a run starts PostgreSQL (about 2 s). Name the file `*.db.test.ts`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { name, url } = await ask('database');
  return {
    adminUrl: url,
    url,
    async drop() {
      await ask('drop-database', name);
    },
  };
}
