/** The gRPC API of a program, listening beside its HTTP API: each call goes through the same checks and the same operation. */
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { createGrpcServer, type GrpcServer, type TlsFiles } from '../api/grpc/server.ts';
import type { CarryOut, Operations } from '../api/grpc/operations.ts';
import { readEvents } from '../api/grpc/read-events.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { API_BASE } from '../api/http/frame/register.ts';

export interface ServeGrpcOptions {
  host: string;
  port: number;
  tls?: TlsFiles;
  onBug: (error: unknown) => void;
}

export interface RunningGrpc {
  port: number;
  stop: GrpcServer['stop'];
}

export async function startGrpc(app: FastifyInstance, options: ServeGrpcOptions): Promise<RunningGrpc> {
  const { host, port, tls, onBug } = options;
  const server = await createGrpcServer({
    operations: throughApi(app),
    onBug,
    ...(tls === undefined ? {} : { tls }),
  });
  return { port: await server.listen(host, port), stop: () => server.stop() };
}

/** Without a socket between: a request of the gRPC API is one of the HTTP API that was never text on a wire. */
export function throughApi(app: FastifyInstance): Operations {
  return {
    carryOut: async (asked) => {
      const { statusCode, headers, body } = await app.inject(requestOf(asked));
      return { status: statusCode, headers: headers as Record<string, string | undefined>, body };
    },
    carryStream: async (asked) => {
      const answer = await app.inject({ ...requestOf(asked), payloadAsStream: true });
      const status = answer.statusCode;
      const headers = answer.headers as Record<string, string | undefined>;
      const content = answer.stream();
      if (status >= 300) return { status, headers, body: await text(content), events: null };
      return { status, headers, body: '', events: unbroken(readEvents(content)) };
    },
  };
}

function requestOf({ method, path, headers, body, address, signal }: Parameters<CarryOut>[0]) {
  return {
    method,
    url: API_BASE + path,
    headers,
    remoteAddress: address,
    signal,
    ...(body === undefined ? {} : { payload: body }),
  };
}

/** What broke a stream was reported where it happened; its reader only goes on. */
async function* unbroken<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* events;
  } catch (error) {
    throw new Failure('unavailable', 'The stream broke; watch again from the last cursor.', { cause: error });
  }
}
