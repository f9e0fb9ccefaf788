/** A client of the gRPC API that shares nothing with the server but the .proto files. */
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type protobuf from 'protobufjs';
import { loadSchema, messageOf } from './schema.ts';

const schema = loadSchema();
const DEADLINE_MS = 30_000;

export interface CallOptions {
  key?: string;
  /** Given up when it fires. */
  signal?: AbortSignal;
}

export interface TestClient {
  unary(rpc: string, request: object, options?: CallOptions): Promise<Record<string, unknown>>;
  /** Sends the batches and gives the acknowledgements. */
  ingest(rpc: string, batches: readonly object[], options?: CallOptions): Promise<Record<string, unknown>[]>;
  /** Messages as they come; ends the call when the loop is left. */
  watch(rpc: string, request: object, options?: CallOptions): AsyncGenerator<Record<string, unknown>>;
  close(): void;
}

export function openTestClient(port: number, key: string): TestClient {
  const client = new Client(`127.0.0.1:${String(port)}`, credentials.createInsecure());
  const prepare = (rpc: string, { key: other = key }: CallOptions) => {
    const at = rpc.lastIndexOf('.');
    const service = schema.service(rpc.slice(0, at));
    const name = rpc.slice(at + 1);
    const encode = (type: protobuf.Type) => (value: object) =>
      Buffer.from(type.encode(type.fromObject(value)).finish());
    const response = messageOf(service, name, 'response');
    const metadata = new Metadata();
    if (other !== '') metadata.set('authorization', `Bearer ${other}`);
    return {
      path: `/${rpc.slice(0, at)}/${name}`,
      write: encode(messageOf(service, name, 'request')),
      read: (bytes: Buffer) => response.toObject(response.decode(bytes), { enums: String, longs: Number }),
      metadata,
      deadline: Date.now() + DEADLINE_MS,
    };
  };
  return {
    unary(rpc, request, options = {}) {
      const { path, write, read, metadata, deadline } = prepare(rpc, options);
      return new Promise((resolve, reject) => {
        const call = client.makeUnaryRequest(
          path,
          write,
          read,
          request,
          metadata,
          { deadline },
          (error, answer) => {
            if (error === null) resolve(answer ?? {});
            else reject(error);
          },
        );
        options.signal?.addEventListener('abort', () => call.cancel());
      });
    },
    ingest(rpc, batches, options = {}) {
      const { path, write, read, metadata, deadline } = prepare(rpc, options);
      return new Promise((resolve, reject) => {
        const acknowledged: Record<string, unknown>[] = [];
        const stream = client.makeBidiStreamRequest(path, write, read, metadata, { deadline });
        stream.on('data', (one: Record<string, unknown>) => acknowledged.push(one));
        stream.on('error', reject);
        stream.on('end', () => resolve(acknowledged));
        for (const batch of batches) stream.write(batch);
        stream.end();
      });
    },
    async *watch(rpc, request, options = {}) {
      const { path, write, read, metadata, deadline } = prepare(rpc, options);
      const call = client.makeServerStreamRequest(path, write, read, request, metadata, { deadline });
      // After the loop is left the call ends with an error that nobody waits for.
      call.on('error', () => undefined);
      try {
        for await (const message of call as AsyncIterable<Record<string, unknown>>) yield message;
      } finally {
        call.cancel();
      }
    },
    close: () => client.close(),
  };
}

/** Details of a refused call, by the name of their message. */
export function detailsOf(error: unknown): Record<string, Record<string, unknown>> {
  const [bytes] = (error as ServiceError).metadata.get('grpc-status-details-bin');
  const { details = [] } = schema.message('google.rpc.Status').decode(bytes as Buffer) as unknown as {
    details?: { type_url: string; value: Buffer }[];
  };
  return Object.fromEntries(
    details.map(({ type_url: url, value }) => {
      const type = schema.message(url.slice(url.indexOf('/') + 1));
      return [type.name, type.toObject(type.decode(value), { longs: Number })];
    }),
  );
}
