/** Failures as gRPC statuses: one table from kind to code, and the `google.rpc` details that clients act on. */
import { Metadata, status as CODE, type StatusObject } from '@grpc/grpc-js';
import type { FailureKind } from '../../domain/kernel/failure.ts';
import type { Schema } from './schema.ts';

export const CODES: Readonly<Record<FailureKind, CODE>> = {
  unauthorized: CODE.UNAUTHENTICATED,
  forbidden: CODE.PERMISSION_DENIED,
  not_found: CODE.NOT_FOUND,
  rejected: CODE.INVALID_ARGUMENT,
  conflict: CODE.FAILED_PRECONDITION,
  rate_limited: CODE.RESOURCE_EXHAUSTED,
  unavailable: CODE.UNAVAILABLE,
  unexpected_response: CODE.UNKNOWN,
  mapping_failed: CODE.FAILED_PRECONDITION,
  invalid_config: CODE.FAILED_PRECONDITION,
  invalid_request: CODE.INVALID_ARGUMENT,
  cancelled: CODE.ABORTED,
  bug: CODE.INTERNAL,
};

export const ERROR_DOMAIN = 'chatterfix-sync';
const PRECONDITION_FAILED = 412;

/** What is known of a failed operation. */
export interface FailedOperation {
  kind: FailureKind;
  /** Of the HTTP API. */
  status: number;
  detail: string;
  requestId?: string;
  errors?: readonly { field: string; message: string }[];
  retryAfterS?: number;
  /** The operation's path, where it names a resource that is not there. */
  resource?: string;
}

export function toStatus(schema: Schema, failed: FailedOperation): StatusObject {
  // Somebody else changed the resource: read it again and repeat the whole.
  const code = failed.status === PRECONDITION_FAILED ? CODE.ABORTED : CODES[failed.kind];
  const metadata = new Metadata();
  const type = schema.message('google.rpc.Status');
  const encoded = type.encode({ code, message: failed.detail, details: detailsOf(schema, failed) }).finish();
  metadata.set('grpc-status-details-bin', Buffer.from(encoded));
  return { code, details: failed.detail, metadata };
}

function detailsOf(schema: Schema, failed: FailedOperation): object[] {
  const { kind, requestId, errors = [], retryAfterS, resource } = failed;
  const packed = (name: string, value: object): object => ({
    type_url: `type.googleapis.com/google.rpc.${name}`,
    value: schema.message(`google.rpc.${name}`).encode(value).finish(),
  });
  const info = { reason: kind.toUpperCase(), domain: ERROR_DOMAIN };
  const violations = errors.map(({ field, message }) => ({ field, description: message }));
  return [
    packed('ErrorInfo', info),
    ...(violations.length === 0 ? [] : [packed('BadRequest', { field_violations: violations })]),
    ...(retryAfterS === undefined ? [] : [packed('RetryInfo', { retry_delay: { seconds: retryAfterS } })]),
    ...(kind === 'not_found' && resource !== undefined
      ? [packed('ResourceInfo', { resource_name: resource, description: failed.detail })]
      : []),
    ...(requestId === undefined ? [] : [packed('RequestInfo', { request_id: requestId })]),
  ];
}
