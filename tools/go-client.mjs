// The Go client's checks as part of `npm test`: go vet, staticcheck, go test with the race detector. Each of the first two
// counts as one test. Without Go this fails and says what to install, because nothing would be proven.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './install.mjs';

const CLIENT = 'go-client';
const TOOLS = 'tools/go';
const BIN = join(ROOT, 'node_modules/.cache/go');
/** `errors.AsType` came with it. */
const MINOR_MIN = 26;

export async function testGoClient() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const problem = await whyNot();
  if (problem !== null) {
    console.log(`go-client: ${problem}`);
    return { ...counts, failed: 1 };
  }
  for (const [name, check] of [
    ['go vet', vet],
    ['staticcheck', staticcheck],
  ]) {
    const { code, output } = await check();
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} go-client: ${name}`);
    if (code === 0) counts.passed += 1;
    else {
      counts.failed += 1;
      console.log(output.trimEnd());
    }
  }
  return testPackages(counts);
}

async function whyNot() {
  const { code, output } = await run('go', ['env', 'GOVERSION'], { capture: true });
  const how = `install Go 1.${MINOR_MIN} or newer (https://go.dev/dl) and put its bin folder on the PATH.`;
  if (code !== 0) return `Go is not there; ${how}`;
  const [, minor = '0'] = /^go1\.(\d+)/.exec(output.trim()) ?? [];
  return Number(minor) >= MINOR_MIN ? null : `${output.trim()} is too old; ${how}`;
}

function vet() {
  return run('go', ['-C', CLIENT, 'vet', './...'], { capture: true });
}

async function staticcheck() {
  const built = await buildTool('honnef.co/go/tools/cmd/staticcheck');
  if (built.code !== 0) return built;
  return run(join(BIN, 'staticcheck'), ['./...'], { capture: true, cwd: join(ROOT, CLIENT) });
}

/** Builds a program of tools/go/go.mod, whose versions are no business of the client's module. */
export async function buildTool(...packages) {
  mkdirSync(BIN, { recursive: true });
  return run('go', ['-C', TOOLS, 'build', '-o', `${BIN}/`, ...packages], { capture: true });
}

/** Go turns cgo off by itself where no C compiler is, and the race detector needs it. */
async function raceDetector() {
  const { output } = await run('go', ['env', 'CGO_ENABLED'], { capture: true });
  if (output.trim() === '1') return ['-race'];
  console.log('go-client: without the race detector, because no C compiler was found (apt-get install gcc).');
  return [];
}

async function testPackages(counts) {
  const args = ['-C', CLIENT, 'test', '-json', '-timeout', '10m', ...(await raceDetector()), './...'];
  const { code, output } = await run('go', args, { capture: true });
  const events = output.split('\n').flatMap((line) => parse(line) ?? []);
  const failed = counts.failed;
  for (const { Action: action, Test: test } of events) {
    if (test === undefined) continue;
    if (action === 'pass') counts.passed += 1;
    if (action === 'fail') counts.failed += 1;
    if (action === 'skip') counts.skipped += 1;
  }
  if (code !== 0) {
    for (const { Output: text } of events) if (text !== undefined) process.stdout.write(text);
    for (const line of output.split('\n')) if (parse(line) === null && line.trim() !== '') console.log(line);
    // A package that does not compile has no failed test of its own.
    if (counts.failed === failed) counts.failed += 1;
  }
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} go-client: go test`);
  return counts;
}

function parse(line) {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

if (process.argv[1] === join(ROOT, 'tools/go-client.mjs')) {
  const { passed, failed, skipped } = await testGoClient();
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}
