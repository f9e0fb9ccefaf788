/**
 * The same database without waiting in between: the control port's operations are synchronous by contract, as those of a
 * sandbox that lives in memory. A worker thread talks to the server while this one stands still.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Row } from './engine.ts';

export interface SyncEngine {
  query(text: string, values?: readonly unknown[]): Row[];
  close(): Promise<void>;
}

const WAIT_MAX_MS = 60_000;

export async function openSyncEngine(url: string): Promise<SyncEngine> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./sync-worker.ts', import.meta.url), {
    workerData: { url, port: port2, flag },
    transferList: [port2],
  });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return {
    query(text, values) {
      Atomics.store(flag, 0, 0);
      port1.postMessage({ text, ...(values === undefined ? {} : { values: [...values] }) });
      // Woken up by the call for the answer before: the flag alone says that there is one.
      while (Atomics.load(flag, 0) === 0) {
        if (Atomics.wait(flag, 0, 0, WAIT_MAX_MS) === 'timed-out') {
          throw new Error(`No answer to: ${text.slice(0, 100)}`);
        }
      }
      const answer = receiveMessageOnPort(port1)?.message as { rows?: Row[]; error?: string } | undefined;
      if (answer?.rows === undefined) throw new Error(answer?.error ?? `No answer to: ${text.slice(0, 100)}`);
      return answer.rows;
    },
    async close() {
      port1.close();
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage('close');
      await exited;
    },
  };
}
