/** Loopback ports: one that nobody listens on, or whether somebody does. */
import { connect, createServer } from 'node:net';
import { Failure } from '../../domain/kernel/failure.ts';

/** A free port of 127.0.0.1. Another program may take it before the caller does; starters try again with a new one. */
export async function freePort(): Promise<number> {
  return listen(0);
}

/** The configured port when it is free, a clear refusal when it is not. */
export async function requirePort(port: number, setting: string): Promise<number> {
  try {
    return await listen(port);
  } catch (cause) {
    throw new Failure(
      'invalid_config',
      `Port ${port} on 127.0.0.1 is in use; stop the program that holds it or set ${setting} to another port.`,
      { cause },
    );
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  return listen(port).then(
    () => true,
    () => false,
  );
}

/** Resolves when something accepts connections on this port of 127.0.0.1, rejects when nothing does. */
export function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
