#!/usr/bin/env node
// The program `chatterfix-sync`, from a bare checkout on: installs what is missing, then hands over to cli/main.ts under
// the project's own Node. Plain JavaScript, because the machine's Node may not know TypeScript.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { install, NODE, ROOT } from '../tools/install.mjs';

await install();
// The channel (`ipc`) carries no messages: its end tells the child that this process is gone, even when it was killed.
const args = process.argv.slice(2);
// A page of a sync is garbage once it is applied: with these bounds a worker's memory stays flat (docs/performance.md).
const flags = JSON.parse(await readFile(join(ROOT, 'cli/node-flags.json'), 'utf8'))[args[0]] ?? [];
const child = spawn(NODE, [...flags, join(ROOT, 'cli/main.ts'), ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
// The child stops what it started; this process only waits for its exit code.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`${NODE} could not be started: ${error.message}`);
  process.exitCode = 127;
});
child.once('exit', (code, signal) => {
  process.exitCode = signal === null ? code : 128 + (signal === 'SIGKILL' ? 9 : 1);
});
