/** The connection to Temporal: made, and refused in one sentence when the server or the namespace is not there. */
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { Failure } from '../domain/kernel/failure.ts';

/** `NOT_FOUND` of gRPC. */
const GRPC_NOT_FOUND = 5;

export interface TemporalServer {
  address: string;
  namespace: string;
  apiKey?: string;
  tls?: boolean;
}

export async function openTemporal(server: TemporalServer): Promise<Client> {
  return new Client({ connection: await connectTemporal(server), namespace: server.namespace });
}

async function connectTemporal(temporal: TemporalServer): Promise<Connection> {
  const connection = await connectServer(temporal);
  const { namespace } = temporal;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (cause) {
    // Whoever may not describe it may still work in it; only a namespace that is not there is found out here.
    if (!isGrpcServiceError(cause) || (cause.code as number) !== GRPC_NOT_FOUND) return connection;
    await connection.close();
    throw new Failure(
      'invalid_config',
      `Temporal at ${temporal.address} has no namespace ${namespace}; correct TEMPORAL_NAMESPACE, or create it with \`temporal operator namespace create ${namespace}\`.`,
      { cause },
    );
  }
  return connection;
}

async function connectServer(temporal: TemporalServer): Promise<Connection> {
  try {
    return await Connection.connect({
      address: temporal.address,
      ...(temporal.apiKey === undefined ? {} : { apiKey: temporal.apiKey }),
      ...(temporal.tls === undefined ? {} : { tls: temporal.tls }),
      connectTimeout: '10 seconds',
    });
  } catch (cause) {
    throw new Failure(
      'unavailable',
      `Temporal does not answer at ${temporal.address}; check TEMPORAL_ADDRESS.`,
      { cause },
    );
  }
}
