// npm run check: what can be said about a change in under two minutes, without PostgreSQL or Temporal. All steps run, two
// at a time, whatever fails; the output of a step is shown when it failed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT, run } from './install.mjs';

const module = (path, ...args) => [NODE, [join('node_modules', path), ...args]];
const STEPS = [
  ['eslint', ...module('eslint/bin/eslint.js', '.')],
  ['unit tests', NODE, ['tools/test.mjs', 'unit', '--silent']],
  ['lock file', NODE, ['tools/lock-file.ts']],
  ['types', ...module('typescript/bin/tsc', '-p', '.')],
  ['import boundaries', ...module('dependency-cruiser/bin/dependency-cruiser.mjs', '.')],
  ['mappings', NODE, ['mappings/engine/check-files.ts'], 'mappings/engine/check-files.ts'],
  ['messages', NODE, ['tools/proto.mjs', 'check']],
  ['format', ...module('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '--cache', '.')],
].filter(([, , , needs]) => needs === undefined || existsSync(join(ROOT, needs)));

const started = performance.now();
const waiting = [...STEPS];
const failed = [];

async function worker() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const [name, command, args] = step;
    const begun = performance.now();
    const { code, output } = await run(command, args, { capture: true });
    const time = `${((performance.now() - begun) / 1000).toFixed(1)} s`.padStart(7);
    console.log(
      `${code === 0 ? 'ok    ' : 'FAILED'} ${time}  ${name}${code === 0 ? lastLine(name, output) : ''}`,
    );
    if (code !== 0) {
      failed.push(name);
      console.log(output.replace(/^/gm, '  ').trimEnd());
    }
  }
}

function lastLine(name, output) {
  return name === 'unit tests' ? `: ${output.trimEnd().split('\n').at(-1)}` : '';
}

await Promise.all([worker(), worker()]);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  failed.length === 0
    ? `All ${STEPS.length} steps passed in ${seconds} s.`
    : `Failed: ${failed.join(', ')} (${seconds} s).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
