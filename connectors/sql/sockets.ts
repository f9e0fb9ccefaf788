/** Sockets of database drivers: names resolve only to addresses that may be reached, and all can be cut at once. */
import { Socket } from 'node:net';
import { assertHost, guardedLookup } from '../kit/network.ts';
import type { NetworkPolicy } from '../kit/network.ts';

export interface Sockets {
  /** Not connected yet: the driver calls `connect(port, host)`. */
  create(): Socket;
  /** Already on its way. */
  connect(port: number, host: string): Socket;
  /** Ends whatever is under way; later calls connect anew. */
  cut(): void;
}

export function createSockets(host: string, port: number, network: NetworkPolicy): Sockets {
  assertHost(host.toLowerCase(), String(port), network);
  const lookup = guardedLookup(network);
  const open = new Set<Socket>();
  const make = (): Socket => {
    const socket = new Socket();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const connect = socket.connect.bind(socket);
    return Object.assign(socket, {
      connect: (toPort: number, toHost: string) => connect({ port: toPort, host: toHost, lookup }),
    });
  };
  return {
    create: make,
    connect(toPort, toHost) {
      const socket = make();
      (socket.connect as (port: number, host: string) => void)(toPort, toHost);
      return socket;
    },
    cut() {
      for (const socket of [...open]) socket.destroy();
    },
  };
}
