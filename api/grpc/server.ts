/** The gRPC server: limits, keepalive, transport security, health, and an end that lets calls under way finish. */
import { readFile } from 'node:fs/promises';
import {
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import type { Operations } from './operations.ts';
import { loadSchema, messageOf, type Schema } from './schema.ts';
import { bindServices } from './service.ts';

const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
/** On one connection; a client that asks for more at once waits on its own side. */
const CALLS_AT_ONCE = 250;
const METADATA_BYTES_MAX = 16 * 1024;
const KEEPALIVE_MS = 60_000;
const KEEPALIVE_ANSWER_MS = 20_000;
const DRAIN_MS = 10_000;

/** Files in PEM; with `clientCa` a client must show a certificate of that authority. */
export interface TlsFiles {
  certificate: string;
  key: string;
  clientCa?: string;
}

export interface GrpcOptions {
  operations: Operations;
  onBug: (error: unknown) => void;
  tls?: TlsFiles;
}

export interface GrpcServer {
  /** Gives the port, which is a free one for 0. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no more calls and waits for those under way, up to ten seconds. */
  stop(): Promise<void>;
}

export async function createGrpcServer({ operations, onBug, tls }: GrpcOptions): Promise<GrpcServer> {
  const schema = loadSchema();
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_concurrent_streams': CALLS_AT_ONCE,
    'grpc.max_metadata_size': METADATA_BYTES_MAX,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_ANSWER_MS,
  });
  const services = bindServices({ schema, operations, onBug });
  for (const { definition, implementation } of services) server.addService(definition, implementation);
  let serving = true;
  const known = new Set(services.flatMap(({ definition }) => namesOf(definition)));
  const health = healthService(schema, (name) => (known.has(name) || name === '' ? serving : null));
  server.addService(health.definition, { Check: health.check });
  const credentials = await credentialsOf(tls);
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        const address = host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
        server.bindAsync(address, credentials, (error, bound) => {
          if (error === null) resolve(bound);
          else reject(error);
        });
      }),
    stop: () => {
      serving = false;
      return drain(server);
    },
  };
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function credentialsOf(tls: TlsFiles | undefined): Promise<ServerCredentials> {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { cert_chain: await readFile(tls.certificate), private_key: await readFile(tls.key) };
  const clientCa = tls.clientCa === undefined ? null : await readFile(tls.clientCa);
  return ServerCredentials.createSsl(clientCa, [pair], clientCa !== null);
}

function namesOf(definition: ServiceDefinition): string[] {
  return Object.values(definition).map(({ path }) => path.split('/')[1] ?? '');
}

/** grpc.health.v1; `serving` gives null for a service that does not exist. */
function healthService(schema: Schema, serving: (service: string) => boolean | null) {
  const service = schema.service('grpc.health.v1.Health');
  const request = messageOf(service, 'Check', 'request');
  const response = messageOf(service, 'Check', 'response');
  const definition: ServiceDefinition = {
    Check: {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      requestSerialize: (value: object) => Buffer.from(request.encode(value).finish()),
      requestDeserialize: (bytes: Buffer) => request.decode(bytes),
      responseSerialize: (value: object) => Buffer.from(response.encode(value).finish()),
      responseDeserialize: (bytes: Buffer) => response.decode(bytes),
    },
  };
  const check: handleUnaryCall<{ service?: string }, object> = (call, callback) => {
    const is = serving(call.request.service ?? '');
    if (is === null) callback({ code: status.NOT_FOUND, details: 'There is no such service.' });
    else callback(null, { status: is ? 1 : 2 });
  };
  return { definition, check };
}
