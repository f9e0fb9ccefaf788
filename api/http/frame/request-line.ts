/** What the log says of one answered request: never the address as it was sent, which may carry a secret, but its route. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface RequestLine {
  /** As in the header `x-request-id` and in problem documents. */
  requestId: string;
  method: string;
  /** The route's pattern, such as `/api/v1/assets/:id`; null where there is none at the address. */
  route: string | null;
  status: number;
  /** Milliseconds from the first byte to the last, to a tenth. */
  ms: number;
  /** Who asked, and of which plant; absent when nobody logged in. */
  actor?: string;
  tenantId?: string;
}

export function requestLine(request: FastifyRequest, reply: FastifyReply): RequestLine {
  const { principal } = request;
  return {
    requestId: request.id,
    method: request.method,
    route: request.is404 ? null : (request.routeOptions.url ?? null),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ...(principal === undefined ? {} : { actor: principal.actor, tenantId: principal.tenantId }),
  };
}
