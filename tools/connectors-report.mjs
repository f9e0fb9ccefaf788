// npm run connectors:report: the conformance suite over all connectors, written to docs/connectors.md.
import { join } from 'node:path';
import { ENVIRONMENT, NODE, ROOT, run } from './install.mjs';

ENVIRONMENT.CHATTERFIX_CONNECTORS_REPORT = join(ROOT, 'docs/connectors.md');
const { code } = await run(NODE, [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  'connectors/conformance.test.ts',
]);
process.exitCode = code;
