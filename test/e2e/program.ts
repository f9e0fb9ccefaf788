/** The program as its own process: started the way an operator starts it, with settings from the environment alone. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TEST_RING } from '../support/plant.ts';
import type { Stack } from '../workflows/stack.ts';

export const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const NODE_FLAGS = new URL('../../cli/node-flags.json', import.meta.url);
const READY_MS = 60_000;

export type Environment = Record<string, string>;

/** The settings under which a process works on the same plant as the stack. */
export function settingsOf(stack: Stack): Environment {
  const keys = [...TEST_RING.keys].map(([id, key]) => `${id}:${key.toString('base64')}`);
  return {
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    CHATTERFIX_ENCRYPTION_KEYS: keys.join(','),
    CHATTERFIX_ALLOWED_HOSTS: '127.0.0.1',
    CHATTERFIX_STATE_DIR: '/nonexistent/chatterfix-sync',
  };
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command to its end. */
export async function runProgram(args: readonly string[], env: Environment, input = ''): Promise<Ended> {
  const child = start(args, env);
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: stdout(), stderr: stderr() };
}

export interface WorkerProcess {
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end and gives its exit code. */
  stop(): Promise<number | null>;
  /** What it wrote on standard error so far. */
  stderr(): string;
}

export async function startWorkerProcess(stack: Stack, more: Environment = {}): Promise<WorkerProcess> {
  const child = start(['worker'], { ...settingsOf(stack), ...more });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The worker is not ready: ${stderr()}`)), READY_MS);
    child.stdout?.on('data', () => {
      if (!stdout().includes('worker ready\n')) return;
      clearTimeout(timer);
      resolve();
    });
    void closed.then((code) => {
      clearTimeout(timer);
      reject(new Error(`The worker ended with ${String(code)}: ${stderr()}`));
    });
  });
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return closed;
  };
  return {
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    stderr,
  };
}

function start(args: readonly string[], env: Environment): ChildProcess {
  const { worker } = JSON.parse(readFileSync(NODE_FLAGS, 'utf8')) as { worker: string[] };
  const flags = args[0] === 'worker' ? worker : [];
  return spawn(process.execPath, [...flags, MAIN, ...args], { env, stdio: 'pipe' });
}

function textOf(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (part: string) => (text += part));
  return () => text;
}
