/** The conformance suite on SQLite: no server, no wire, the same tables. */
import { describeConnector } from '../kit/conformance.ts';
import { FILES_ENTRY } from './database.ts';
import { FIXTURES } from './fixtures.fixture.ts';
import { sql } from './index.ts';
import { startSqlSandbox } from './sandbox/index.ts';

describeConnector({
  connector: { ...sql, manifest: { ...sql.manifest, title: 'SQLite' } },
  async start() {
    const sandbox = await startSqlSandbox({ seed: 'empty' });
    return { sandbox, config: { dialect: 'sqlite', file: sandbox.credentials['file'] ?? '' }, secret: {} };
  },
  wrongSecret: null,
  sessions: false,
  faults: 'none',
  network: { allowed: [FILES_ENTRY] },
  unreachable: null,
  misconfigured: (config) => ({ ...config, file: '' }),
  fixtures: FIXTURES,
});
