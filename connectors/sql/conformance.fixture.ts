/** SQL for the conformance suite on SQLite: no server, no wire, the same tables. The servers' tests are beside it. */
import type { ConformanceOptions } from '../kit/conformance-options.ts';
import { FILES_ENTRY } from './database.ts';
import { FIXTURES } from './fixtures.fixture.ts';
import { sql } from './index.ts';
import { startSqlSandbox } from './sandbox/index.ts';

export const conformance: readonly ConformanceOptions[] = [
  {
    variant: 'SQLite',
    connector: sql,
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
  },
];
