/** What the API's operations ask of vendors and of Temporal, for one program. Every call has a bound. */
import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { z } from 'zod';
import { lookFirst } from '../activities/sync/first-look.ts';
import type { ConnectionActions, SystemView } from '../plant/connections/connections.ts';
import type { EntityCapability } from '../connectors/kit/contract.ts';
import { connectorFor, connectors } from '../connectors/registry.ts';
import type { JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { deleteSecret, saveSecret } from '../store/connections/secrets.ts';
import {
  cancelRunSignal,
  connectionWorkflowId,
  lookSignal,
  retrySignal,
  syncNowUpdate,
} from '../workflows/sync/messages.ts';
import { assertAddresses } from './connection-addresses.ts';
import { checkConfig, checkSecret, startConnection, testConnection } from './connection-service.ts';
import type { Program } from './wiring.ts';

/** Temporal answers within milliseconds; a person who waits longer is told instead. */
const TEMPORAL_TIMEOUT_MS = 10_000;

export function createConnectionActions(program: Program): ConnectionActions {
  const handle = (id: string) => program.temporal.workflow.getHandle(connectionWorkflowId(id));
  const bounded = <T>(work: () => Promise<T>): Promise<T> =>
    program.temporal.withDeadline(Date.now() + TEMPORAL_TIMEOUT_MS, work).catch((error: unknown) => {
      throw asFailure(error);
    });

  const actions: ConnectionActions = {
    systems: () => Object.values(connectors).map(({ manifest }) => systemView(manifest.system)),
    check: (system, config, secret) => ({
      config: actions.checkConfig(system, config),
      secret: checkSecret(system, secret),
    }),
    checkConfig(system, config) {
      // Before anything else: what is incomplete is stored all the same, what may not be reached never is.
      assertAddresses(config, program.network);
      const checked = checkConfig(system, config);
      // A document given as text has its addresses only now.
      assertAddresses(checked, program.network);
      return checked;
    },
    checkSecret,
    fromBasics(system, basics) {
      const { config, secret } = connectorFor(system).fromBasics(basics);
      return { config, secret };
    },
    async seal(tx, tenantId, connectionId, secret) {
      await saveSecret(tx, program.ring, { tenantId, connectionId, purpose: 'credentials' }, secret);
      await deleteSecret(tx, { tenantId, connectionId, purpose: 'token' });
    },
    probe: (connection, actor) => testConnection(program, connection, actor),
    start: (connection) => bounded(() => startConnection(program, connection)),
    look: (connection) => quietly(bounded(() => handle(connection.id).signal(lookSignal))),
    retry: (connection) => bounded(() => handle(connection.id).signal(retrySignal)),
    end: (connection) =>
      quietly(
        bounded(() =>
          handle(connection.id)
            .terminate('The connection was deleted.')
            .then(() => undefined),
        ),
      ),
    firstLook: (request) => lookFirst(program.sync, request),
    async syncNow(connection, mode) {
      const { runId } = await bounded(() =>
        handle(connection.id).executeUpdate(syncNowUpdate, { args: [{ mode }] }),
      );
      return runId;
    },
    cancelRun: (connection, runId) => bounded(() => handle(connection.id).signal(cancelRunSignal, { runId })),
  };
  return actions;
}

/** A workflow that does not run has nothing to stop. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Failure && error.kind === 'not_found')) throw error;
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof WorkflowNotFoundError) {
    return new Failure('not_found', 'The connection does not run; resume it.');
  }
  const late =
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    (error instanceof Error && /DEADLINE_EXCEEDED|UNAVAILABLE|deadline/i.test(error.message));
  return late
    ? new Failure(
        'unavailable',
        'Nobody works on this connection now: start a worker, and look whether Temporal runs.',
      )
    : error;
}

function systemView(system: string): SystemView {
  const { manifest, config, secret } = connectorFor(system);
  return {
    system,
    title: manifest.title,
    source: manifest.source,
    auth_modes: manifest.authModes,
    webhooks: manifest.webhooks,
    limits: {
      page_size: manifest.limits.pageSize,
      page_size_max: manifest.limits.pageSizeMax,
      write_batch: manifest.limits.writeBatch,
      parallel: manifest.limits.parallel,
      requests_per_second: manifest.limits.requestsPerSecond,
      overlap_seconds: manifest.limits.overlapMs / 1_000,
    },
    capabilities: Object.fromEntries(
      Object.entries(manifest.capabilities).map(([entity, capability]) => [entity, shown(capability)]),
    ),
    config_schema: jsonSchema(config),
    secret_schema: jsonSchema(secret),
  };
}

function shown(capability: EntityCapability): SystemView['capabilities'][string] {
  const { read, pull, create, update, remove, comments, attachments, findCreated, note } = capability;
  return {
    read,
    pull,
    create,
    update,
    remove,
    comments,
    attachments: attachments ?? 'none',
    find_created: findCreated,
    note: note ?? null,
  };
}

function jsonSchema(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
}
