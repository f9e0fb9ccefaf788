/** A migrated, empty database for one test file. */
import { ask } from './ask.ts';

export interface TestDatabase {
  /** Looks and prepares across tenants: row-level security does not bind it. No superuser, and nothing the product has. */
  readonly adminUrl: string;
  /** The login that migrated: owns the tables, may make databases and roles, and is bound by row-level security. */
  readonly ownerUrl: string;
  /** The program's login, for `openStore`: owns nothing and may only take the application's role. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Takes about 50 ms; the first of a run starts PostgreSQL (about 2 s). Name the file `*.db.test.ts`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { name, ...urls } = await ask('database');
  return {
    ...urls,
    async drop() {
      await ask('drop-database', name);
    },
  };
}
