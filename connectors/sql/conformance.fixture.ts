/** SQL for the conformance suite on SQLite: no server, no wire, the same tables. The servers' tests are beside it. */
import { tmpdir } from 'node:os';
import type { ConformanceOptions } from '../kit/conformance-options.ts';
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
    // Where sandboxes keep their files.
    network: { allowed: [`file:${tmpdir()}/`] },
    unreachable: null,
    misconfigured: (config) => ({ ...config, file: '' }),
    fixtures: FIXTURES,
  },
];
