/** How a connection to a sandbox with a server behind it is configured. */
import type { JsonObject } from '../../domain/json.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';

export function serverConnection({ url, credentials }: RunningSandbox): {
  config: JsonObject;
  secret: JsonObject;
} {
  const { protocol, hostname, port } = new URL(url);
  return {
    config: {
      dialect: protocol.replace(':', ''),
      host: hostname,
      port: Number(port),
      database: credentials['database'] ?? '',
      tls: 'off',
    },
    secret: { user: credentials['user'] ?? '', password: credentials['password'] ?? '' },
  };
}

export function nobodyListens(config: JsonObject): { config: JsonObject; names: string } {
  return { config: { ...config, port: 1 }, names: '127.0.0.1:1' };
}
