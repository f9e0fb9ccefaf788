// Makes a bare checkout ready: checks the machine's Node, and runs `npm ci` when node_modules is not what
// package-lock.json asks for. Plain JavaScript without imports from node_modules, for any Node from 20 on.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(fileURLToPath(import.meta.url), '../..');

const BIN = join(ROOT, 'node_modules/.bin');
const NODE_MIN = 20;

/** The Node of this project, which runs TypeScript as it is. */
export const NODE = join(BIN, 'node');

/** Our environment with the project's own programs found first. */
export const ENVIRONMENT = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` };

/**
 * Runs a program and gives its exit code; with `capture`, its output too instead of showing it. Ctrl-C reaches it by
 * itself, because it shares our terminal.
 */
export function run(command, args, { capture = false, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: ENVIRONMENT,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) =>
      resolve({ code: 127, output: `${command} could not be started: ${error.message}\n` }),
    );
    child.once('close', (code) => resolve({ code: code ?? 128, output }));
  });
}

/** Returns when the packages are there; ends the process with a clear sentence when that cannot be. */
export async function install() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_MIN) {
    console.error(
      `Node ${process.versions.node} is too old: install Node ${NODE_MIN} or newer (https://nodejs.org).`,
    );
    process.exit(1);
  }
  if (process.platform === 'win32') {
    console.error(
      'Windows is not supported directly: run this inside WSL (https://learn.microsoft.com/windows/wsl/install).',
    );
    process.exit(1);
  }
  const reason = missing();
  if (reason === null) return;
  console.log(`${reason}: running npm ci, about half a minute.`);
  const started = performance.now();
  // Level `error`: on an older Node npm warns of packages that only our own Node will run.
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (output !== '') console.error(output);
  const still = code === 0 ? missing() : null;
  if (code !== 0 || still !== null) {
    console.error(
      still === null ? 'npm ci failed; the lines above say why.' : `npm ci ended, but: ${still}.`,
    );
    process.exit(1);
  }
  console.log(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

/**
 * Why node_modules is not what the lock file asks for, or null. npm keeps its own record of what it put there
 * (node_modules/.package-lock.json), written last, so an interrupted install is seen as well.
 */
function missing() {
  const record = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return 'Nothing is installed yet';
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    // Packages for other platforms are optional and not there.
    if (found === undefined && entry.optional) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) {
      return `${path} is not the version of package-lock.json`;
    }
  }
  if (!existsSync(NODE))
    return 'The package `node` did not run its install script (npm was told --ignore-scripts?)';
  return null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await install();
