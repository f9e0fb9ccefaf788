/** The messages and services of `api/proto`, read from the files themselves: nothing generated can lag behind them. */
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { Failure } from '../../domain/kernel/failure.ts';

const PROTO_FOLDER = join(import.meta.dirname, '..', 'proto');
const FILES = [
  'cmms/v1/alerts.proto',
  'cmms/v1/assets.proto',
  'cmms/v1/changes.proto',
  'cmms/v1/connections.proto',
  'cmms/v1/exceptions.proto',
  'cmms/v1/maintenance.proto',
  'cmms/v1/mappings.proto',
  'cmms/v1/meters.proto',
  'cmms/v1/records.proto',
  'cmms/v1/runs.proto',
  'cmms/v1/sync.proto',
  'cmms/v1/work_orders.proto',
  'google/rpc/status.proto',
  'google/rpc/error_details.proto',
  'grpc/health/v1/health.proto',
] as const;

export interface Schema {
  /** By full name, such as `cmms.v1.WorkOrder`. */
  message(name: string): protobuf.Type;
  service(name: string): protobuf.Service;
}

export function loadSchema(): Schema {
  const root = new protobuf.Root();
  const bundled = root.resolvePath.bind(root);
  // The well-known types come with the library, by these names.
  root.resolvePath = (origin, target) =>
    target.startsWith('google/protobuf/') ? bundled(origin, target) : join(PROTO_FOLDER, target);
  root.loadSync([...FILES], { keepCase: true });
  root.resolveAll();
  return {
    message: (name) => root.lookupType(name),
    service: (name) => root.lookupService(name),
  };
}

/** The message that a call of this name takes or gives. */
export function messageOf(
  service: protobuf.Service,
  method: string,
  side: 'request' | 'response',
): protobuf.Type {
  const found = service.methods[method];
  found?.resolve();
  const type = side === 'request' ? found?.resolvedRequestType : found?.resolvedResponseType;
  if (type === null || type === undefined) {
    throw new Failure('bug', `${service.name} has no ${method} with a ${side}.`);
  }
  return type;
}
