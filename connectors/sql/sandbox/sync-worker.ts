/** Carries out one statement after another for a thread that waits for each. */
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { openEngine } from './engine.ts';

const { url, port, flag } = workerData as { url: string; port: MessagePort; flag: Int32Array };
const engine = await openEngine(url);

port.on('message', ({ text, values }: { text: string; values?: unknown[] }) => {
  engine
    .query(text, values)
    .then(
      (rows) => ({ rows }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    )
    .then((answer) => {
      port.postMessage(answer);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    }, Boolean);
});
parentPort?.once('message', () => {
  engine
    .close()
    .finally(() => process.exit(0))
    .catch(Boolean);
});
parentPort?.postMessage('ready');
