/** The conformance suite on PostgreSQL, over a wire that breaks when it is told to. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { createTestDatabase } from '../../test/support/database.ts';
import type { TestDatabase } from '../../test/support/database.ts';
import { describeConnector } from '../kit/conformance.ts';
import { emptyDatabases } from './empty-database.fixture.ts';
import type { EmptyDatabases } from './empty-database.fixture.ts';
import { FIXTURES } from './fixtures.fixture.ts';
import { sql } from './index.ts';
import { startSqlSandbox } from './sandbox/index.ts';
import { nobodyListens, serverConnection } from './server-connection.fixture.ts';

let database: TestDatabase;
let databases: EmptyDatabases;
beforeAll(async () => {
  database = await createTestDatabase();
  databases = emptyDatabases(database.adminUrl);
});
afterAll(() => database.drop());

describeConnector({
  variant: 'PostgreSQL',
  connector: sql,
  async start() {
    const sandbox = await startSqlSandbox({ seed: 'empty', server: await databases.create() });
    return { sandbox, ...serverConnection(sandbox) };
  },
  wrongSecret: { user: 'chatterfix', password: 'wrong-password' },
  sessions: false,
  faults: 'connection',
  unreachable: nobodyListens,
  misconfigured: (config) => ({ ...config, host: 'not an address' }),
  fixtures: FIXTURES,
});

// After the suite's own, which closes what uses them.
afterEach(() => databases.dropAll());
