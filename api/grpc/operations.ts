/** What the gRPC server is given: the operations of the HTTP API, with the checks that stand before each of them. */
import { z } from 'zod';
import { FAILURE_KINDS, type FailureKind } from '../../domain/kernel/failure.ts';
import type { Fields } from './message-json.ts';
import type { OperationRequest } from './request.ts';
import type { FailedOperation } from './status.ts';

export interface Carried {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  /** JSON. */
  body: string;
}

/** Of an operation that goes on: its events as they come, or the JSON of its refusal. */
export interface CarriedStream extends Carried {
  events: AsyncIterable<Fields> | null;
}

/** Who calls is judged by the headers and the address; the signal ends the operation and what it asked of the database. */
export type CarryOut = (
  request: OperationRequest & { address: string; signal: AbortSignal },
) => Promise<Carried>;

/** As `CarryOut`; no more is read than is taken. */
export type CarryStream = (...args: Parameters<CarryOut>) => Promise<CarriedStream>;

export interface Operations {
  carryOut: CarryOut;
  carryStream: CarryStream;
}

const problem = z.object({
  title: z.enum(Object.keys(FAILURE_KINDS) as [FailureKind, ...FailureKind[]]),
  status: z.number(),
  detail: z.string(),
  request_id: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export type Outcome = { done: true; fields: Fields } | { done: false; failed: FailedOperation };

export function readOutcome({ status, headers, body }: Carried, path: string): Outcome {
  if (status < 300) return { done: true, fields: JSON.parse(body) as Fields };
  const { title: kind, request_id: requestId, errors, ...rest } = problem.parse(JSON.parse(body));
  const retryAfterS = Number(headers['retry-after'] ?? Number.NaN);
  return {
    done: false,
    failed: {
      kind,
      ...rest,
      ...(requestId === undefined ? {} : { requestId }),
      ...(errors === undefined ? {} : { errors }),
      ...(Number.isFinite(retryAfterS) ? { retryAfterS } : {}),
      ...(kind === 'not_found' ? { resource: path } : {}),
    },
  };
}
