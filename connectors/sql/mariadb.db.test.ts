/** The conformance suite on MariaDB, where a server is installed. */
import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { describeConnector } from '../kit/conformance.ts';
import { emptyDatabases } from './empty-database.fixture.ts';
import type { EmptyDatabases } from './empty-database.fixture.ts';
import { FIXTURES } from './fixtures.fixture.ts';
import { sql } from './index.ts';
import { mariadbProgram, startMariadb } from './mariadb.fixture.ts';
import type { MariadbServer } from './mariadb.fixture.ts';
import { startSqlSandbox } from './sandbox/index.ts';
import { nobodyListens, serverConnection } from './server-connection.fixture.ts';

const program = mariadbProgram();

if (program === null) {
  describe('MariaDB', () => {
    it.skip('no mariadbd on this machine: install the Debian package mariadb-server to run this suite', () =>
      undefined);
  });
} else {
  let server: MariadbServer;
  let databases: EmptyDatabases;
  beforeAll(async () => {
    server = await startMariadb(program);
    databases = emptyDatabases(server.adminUrl);
  });
  afterAll(() => server.stop());

  describeConnector({
    variant: 'MariaDB',
    connector: sql,
    async start() {
      const sandbox = await startSqlSandbox({ seed: 'empty', server: await databases.create() });
      return { sandbox, ...serverConnection(sandbox) };
    },
    wrongSecret: { user: 'root', password: 'wrong-password' },
    sessions: false,
    faults: 'connection',
    unreachable: nobodyListens,
    misconfigured: (config) => ({ ...config, host: 'not an address' }),
    fixtures: FIXTURES,
  });

  // After the suite's own, which closes what uses them.
  afterEach(() => databases.dropAll());
}
