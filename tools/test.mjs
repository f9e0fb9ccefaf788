// npm test: every test of the project, and one line of numbers at the end.
//   node tools/test.mjs          everything: Jest, and the Go client's tests (tools/go-client.mjs)
//   node tools/test.mjs unit     what needs neither PostgreSQL nor Temporal
//   node tools/test.mjs fuzz     hostile requests against every route of the HTTP API (test/fuzz), others each time
//     --seed 7                   the same requests again, shortened to what breaks
//     --runs 5000                as many requests a route (300)
//   node tools/test.mjs cases    every file of test/cases, against connectors, engine and whole passes
//   node tools/test.mjs faults   the convergence laws under injected faults (test/faults), 200 seeds
//     --seed 7                   one seed again (or 7,9,12), shortened and told in full when it breaks a law
//     --seeds 10000              as many seeds
// Further arguments go to Jest: node tools/test.mjs all -t 'merge'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testGoClient } from './go-client.mjs';
import { ENVIRONMENT, NODE, run } from './install.mjs';

const LANES = {
  all: { pattern: [], needsTemporal: true, go: true },
  unit: {
    // The suite over all connectors needs Node alone as well, but minutes of it.
    pattern: [
      '/node_modules/',
      '/.chatterfix/',
      '\\.(db|e2e)\\.test\\.ts$',
      '/test/faults/',
      '/connectors/conformance\\.test\\.ts$',
    ].map((pattern) => `--testPathIgnorePatterns=${pattern}`),
    needsTemporal: false,
    go: false,
  },
  faults: { pattern: ['--testPathPatterns=/test/faults/'], needsTemporal: true, go: false },
  fuzz: { pattern: ['--testPathPatterns=/test/fuzz/'], needsTemporal: false, go: false },
  cases: { pattern: ['--testPathPatterns=/test/cases/'], needsTemporal: false, go: false },
};

const [laneName = 'all', ...given] = process.argv.slice(2);
const jestArguments =
  laneName === 'faults' ? takeSeeds(given) : laneName === 'fuzz' ? takeRuns(given) : given;
const lane = LANES[laneName];
if (lane === undefined) {
  console.error(`There is no lane ${laneName}; use one of: ${Object.keys(LANES).join(', ')}.`);
  process.exit(2);
}

// Found or built before the tests start: it takes minutes once, and no test's time limit should have to allow for that.
// When it cannot be had, the tests that need it fail with the same sentence.
if (lane.needsTemporal) await run(NODE, ['tools/prepare-temporal.ts']);

const jest = await runJest();
const go = lane.go ? await testGoClient() : { passed: 0, failed: 0, skipped: 0 };

const total = {
  passed: jest.passed + go.passed,
  failed: jest.failed + go.failed,
  skipped: jest.skipped + go.skipped,
};
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Hands `--seed` and `--seeds` to the fault lane; the rest is for Jest. */
function takeSeeds(given) {
  const rest = [...given];
  for (const [option, variable] of [
    ['--seed', 'CHATTERFIX_FAULT_SEED'],
    ['--seeds', 'CHATTERFIX_FAULT_SEEDS'],
  ]) {
    const at = rest.indexOf(option);
    if (at === -1) continue;
    const [, value = ''] = rest.splice(at, 2);
    if (!/^\d+(,\d+)*$/.test(value)) {
      console.error(`${option} takes a number, for example ${option} 7.`);
      process.exit(2);
    }
    ENVIRONMENT[variable] = value;
    rest.push('--testPathPatterns=/test/faults/laws');
  }
  ENVIRONMENT.CHATTERFIX_FAULT_SEEDS ??= '200';
  return rest;
}

/** Hands `--seed` and `--runs` to the fuzz lane. A seed of its own is told, so that a failure can be had again. */
function takeRuns(given) {
  const rest = [...given];
  const chosen = { seed: String(Date.now() % 1_000_000), runs: '300' };
  for (const name of ['seed', 'runs']) {
    const at = rest.indexOf(`--${name}`);
    if (at === -1) continue;
    const [, value = ''] = rest.splice(at, 2);
    if (!/^\d+$/.test(value)) {
      console.error(`--${name} takes a number, for example --${name} 7.`);
      process.exit(2);
    }
    chosen[name] = value;
  }
  console.log(`fuzz: --seed ${chosen.seed} --runs ${chosen.runs}`);
  ENVIRONMENT.CHATTERFIX_FUZZ_SEED = chosen.seed;
  ENVIRONMENT.CHATTERFIX_FUZZ_RUNS = chosen.runs;
  return rest;
}

async function runJest() {
  const folder = mkdtempSync(join(tmpdir(), 'chatterfix-results-'));
  const resultFile = join(folder, 'jest.json');
  try {
    const { code } = await run(NODE, [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--json',
      // A test that failed may leave a native connection open; its result is in the file, and the run has to end.
      '--forceExit',
      // Jest's own choice leaves one core idle, and tests wait for servers more than they compute. A process that loads this
      // many modules grows; one that is too large is replaced between two files.
      '--maxWorkers=2',
      '--workerIdleMemoryLimit=2GB',
      `--outputFile=${resultFile}`,
      // First: the lane's patterns are lists, which would swallow the names of files behind them.
      ...jestArguments,
      ...lane.pattern,
    ]);
    if (!existsSync(resultFile)) return { passed: 0, failed: 1, skipped: 0 };
    const result = JSON.parse(readFileSync(resultFile, 'utf8'));
    // A file that does not load has no failed test of its own, yet nothing in it was proven; a failing teardown shows in the code only.
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
