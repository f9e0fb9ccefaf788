/** HTTP servers of this machine, for sandboxes and for tests: how they listen, how long they wait, how they end. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An idle connection stays open for as long as the client wants it: a server that closes first meets the client's next request
 * with a closed socket. `stopListening` closes what is left.
 */
export function createPatientServer(handler: RequestListener, options: ServerOptions = {}): Server {
  return createServer({ ...options, keepAliveTimeout: 0 }, handler);
}

/** The address it listens at; port 0 takes a free one. */
export async function listen(server: Server, port = 0, host = '127.0.0.1'): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** Ends every connection and waits until all are gone. */
export async function stopListening(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

export interface LocalServer {
  url: string;
  close(): Promise<void>;
}

/** A server for one test. */
export async function serveLocally(handler: RequestListener): Promise<LocalServer> {
  const server = createPatientServer(handler);
  const url = await listen(server);
  return { url, close: () => stopListening(server) };
}
