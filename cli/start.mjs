#!/usr/bin/env node
// The program `chatterfix-sync`, from a bare checkout on: installs what is missing, then hands over to cli/main.ts under
// the project's own Node. Plain JavaScript, because the machine's Node may not know TypeScript.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, NODE, ROOT } from '../tools/install.mjs';

await install();
// The channel (`ipc`) carries no messages: its end tells the child that this process is gone, even when it was killed.
const child = spawn(NODE, [join(ROOT, 'cli/main.ts'), ...process.argv.slice(2)], {
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
