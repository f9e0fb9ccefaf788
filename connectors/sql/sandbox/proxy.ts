/**
 * A wire between client and database server that can break: it counts what clients send and carries out fault rules on
 * it. What is matched is the text of the packet, in which both protocols carry their SQL readably.
 */
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import { createFaults } from '../../kit/sandbox/faults.ts';
import type { Faults } from '../../kit/sandbox/faults.ts';

export interface Proxy {
  port: number;
  faults: Faults;
  close(): Promise<void>;
}

const UNDERSTOOD = new Set(['timeout', 'reset_before', 'drop_after_commit']);

export async function startProxy(
  target: { host: string; port: number },
  world: SandboxWorld,
  listen: { host: string; port: number; random: number },
): Promise<Proxy> {
  const faults = createFaults(listen.random);
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(target);
    // The answer of the server to what is under way is not handed on; the client is cut off instead.
    let dropping = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      world.stats.request('SQL');
      const rule = faults.decide({ method: 'SQL', path: text, query: '' });
      if (rule !== null) world.stats.fault(rule.effect);
      if (rule?.effect === 'timeout') return;
      if (rule?.effect === 'reset_before') {
        client.resetAndDestroy();
        return;
      }
      dropping = rule?.effect === 'drop_after_commit';
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (dropping) client.resetAndDestroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    faults: {
      ...faults,
      set(plan) {
        const strange = plan.rules.find(({ effect }) => !UNDERSTOOD.has(effect));
        if (strange !== undefined) {
          throw new TypeError(
            `The fault "${strange.effect}" has no meaning for a database; use one of ${[...UNDERSTOOD].join(', ')}.`,
          );
        }
        faults.set(plan);
      },
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
