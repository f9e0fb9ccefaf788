/** The gRPC API of a program, listening beside its HTTP API: each call goes through the same checks and the same operation. */
import type { FastifyInstance } from 'fastify';
import { createGrpcServer, type GrpcServer, type TlsFiles } from '../api/grpc/server.ts';
import type { CarryOut } from '../api/grpc/operations.ts';
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
    carryOut: throughApi(app),
    onBug,
    ...(tls === undefined ? {} : { tls }),
  });
  return { port: await server.listen(host, port), stop: () => server.stop() };
}

/** Without a socket between: a request of the gRPC API is one of the HTTP API that was never text on a wire. */
export function throughApi(app: FastifyInstance): CarryOut {
  return async ({ method, path, headers, body, address, signal }) => {
    const answer = await app.inject({
      method,
      url: API_BASE + path,
      headers,
      remoteAddress: address,
      signal,
      ...(body === undefined ? {} : { payload: body }),
    });
    const { statusCode, body: text } = answer;
    return { status: statusCode, headers: answer.headers as Record<string, string | undefined>, body: text };
  };
}
