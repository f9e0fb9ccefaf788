import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startChild, untilReady } from './processes.ts';

/** A program that says its process number and when it is asked to end. */
const PROGRAM = `
process.on('SIGTERM', () => { console.log('ending'); process.exit(3); });
setInterval(() => undefined, 1e6);
console.log('pid ' + process.pid);
`;

describe('startChild', () => {
  it('stops the program with its signal and waits for its end', async () => {
    const lines: string[] = [];
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const child = startChild({
      name: 'test program',
      command: process.execPath,
      args: ['-e', PROGRAM],
      stopSignal: 'TERM',
      onLine: (line) => {
        lines.push(line);
        started();
      },
    });
    await running;
    await child.stop();
    expect(lines.at(-1)).toBe('ending');
    expect(await child.exited).toBe(3);
    expect(isAlive(pidIn(lines[0]))).toBe(false);
  });

  it('ends the program when the parent is killed without a chance to clean up', async () => {
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '--eval',
        `import { startChild } from ${JSON.stringify(join(import.meta.dirname, 'processes.ts'))};
         startChild({ name: 'p', command: process.execPath, args: ['-e', ${JSON.stringify(PROGRAM)}], stopSignal: 'TERM', onLine: (line) => console.log(line) });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
    const pid = pidIn(line);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await gone(pid);
  });
});

describe('untilReady', () => {
  it('fails with the last lines of a program that ends while starting', async () => {
    const child = startChild({
      name: 'The broken server',
      command: process.execPath,
      args: ['-e', 'console.error("no such port"); process.exit(9)'],
      stopSignal: 'TERM',
    });
    await expect(untilReady(child, () => Promise.reject(new Error('not yet')), 30_000)).rejects.toThrow(
      'The broken server ended while starting (exit code 9): no such port',
    );
  });

  it('fails when the program does not exist', async () => {
    const child = startChild({ name: 'Nothing', command: '/nowhere/at/all', args: [], stopSignal: 'TERM' });
    await expect(untilReady(child, () => Promise.reject(new Error('not yet')), 30_000)).rejects.toThrow(
      'Nothing ended while starting (exit code 127)',
    );
  });
});

function pidIn(line: string | undefined): number {
  return Number(/pid (\d+)/.exec(line ?? '')?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves when the process is no more; Jest's own limit is the bound. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}
