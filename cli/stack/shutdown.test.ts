import { EventEmitter, once } from 'node:events';
import { expect, it } from '@jest/globals';
import { createShutdown } from './shutdown.ts';

/** A stand-in for the process object: it receives signals and notes the exit. */
function createHost() {
  const host = new EventEmitter();
  return Object.assign(host, {
    exit: ((code?: number) => void host.emit('exited', code)) as NodeJS.Process['exit'],
  }) as unknown as NodeJS.Process & EventEmitter;
}

it('stops what was started last first, also when something fails, and exits with the number of the signal', async () => {
  const host = createHost();
  const said: string[] = [];
  const stopped: string[] = [];
  const shutdown = createShutdown({ say: (line) => said.push(line), host });
  shutdown.add('database', async () => void stopped.push('database'));
  shutdown.add('server', async () => {
    throw new Error('stuck');
  });
  shutdown.add('worker', async () => void stopped.push('worker'));
  const exit = once(host, 'exited');
  host.emit('SIGINT');
  // npm and start.mjs pass the same Ctrl-C on.
  host.emit('SIGINT');
  expect(await exit).toEqual([130]);
  expect(stopped).toEqual(['worker', 'database']);
  expect(said).toContain('server did not stop cleanly: stuck');
  expect(shutdown.signal.aborted).toBe(true);
});

it('stops once, and listens no more afterwards', async () => {
  const host = createHost();
  let stops = 0;
  const shutdown = createShutdown({ say: () => undefined, host });
  shutdown.add('database', async () => void (stops += 1));
  await Promise.all([shutdown.stopAll(), shutdown.stopAll()]);
  expect(stops).toBe(1);
  expect(host.listenerCount('SIGINT')).toBe(0);
});
