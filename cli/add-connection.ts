/** Adding a connection at the command line and in the demo: tried first, then stored by the same operation as over HTTP. */
import { storeConnection, type ConnectionDetails } from '../plant/connections/connections.ts';
import type { JsonObject } from '../domain/json.ts';
import { checkConfig, checkSecret, probe } from './connection-service.ts';
import { connectionDeps } from './connection-deps.ts';
import type { Program } from './wiring.ts';

export interface ConnectionToAdd {
  tenantId: string;
  system: string;
  name: string;
  config: JsonObject;
  secret: JsonObject;
  pollSeconds?: number;
  requestsPerSecond?: number;
  deletePolicy?: ConnectionDetails['deletePolicy'];
  /** The reason when it is made paused: then the system is not asked either. */
  paused?: string;
}

/** Checks settings and credentials against the system, then stores both; nothing is stored when a check fails. Starts nothing. */
export async function addConnection(program: Program, input: ConnectionToAdd): Promise<ConnectionDetails> {
  const { tenantId, system, name, requestsPerSecond = null, paused = null } = input;
  const config = checkConfig(system, input.config);
  const secret = checkSecret(system, input.secret);
  const told = paused === null ? await probe(program, { system, config, requestsPerSecond }, secret) : {};
  return storeConnection(connectionDeps(program, tenantId), {
    system,
    name,
    basics: null,
    config: { ...config, ...told.settings },
    secret,
    pollSeconds: input.pollSeconds ?? null,
    requestsPerSecond,
    deletePolicy: input.deletePolicy ?? null,
    paused,
  });
}
