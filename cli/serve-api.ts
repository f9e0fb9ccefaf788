/** The HTTP API of a program, listening: what its operations need is built here. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { createManualSteps } from '../activities/sync/manual-steps.ts';
import { createSchemaActions } from '../activities/sync/schema/schema-actions.ts';
import type { ApiDeps } from '../api/http/deps.ts';
import { API_BASE } from '../api/http/frame/register.ts';
import type { RequestLine } from '../api/http/frame/request-line.ts';
import { createTokenVerifier } from '../api/http/jwt.ts';
import { createApi } from '../api/http/server.ts';
import { coalescePokes } from '../plant/connections/coalesce-pokes.ts';
import { createCallCounts, type CallCounts } from '../plant/keys/call-counts.ts';
import { addCallCounts, forgetCallCounts } from '../store/access/call-counts.ts';
import { connectorFor } from '../connectors/registry.ts';
import { findWebhookTarget } from '../store/connections/connections.ts';
import { listTenants } from '../store/access/tenants.ts';
import { connectionWorkflowId, pokeSignal, SYNC_TASK_QUEUE } from '../workflows/sync/messages.ts';
import type { Settings } from './config.ts';
import { createConnectionActions } from './connection-actions.ts';
import { createNoticeAnswers } from './notice-answers.ts';
import { createMappingActions } from './mapping-actions.ts';
import { pokeAll, type Program } from './wiring.ts';

/** Deliveries of one connection within this time become one poke: long enough for a burst, short enough for the 2 s promise. */
const POKE_WINDOW_MS = 200;

type DescribeTaskQueue = Parameters<Program['temporal']['workflowService']['describeTaskQueue']>[0];
/** `TASK_QUEUE_TYPE_ACTIVITY` of temporal.api.enums.v1; no package that we depend on exports the enum itself. */
const ACTIVITY_QUEUE = 2 as unknown as NonNullable<DescribeTaskQueue['taskQueueType']>;

export interface ServeOptions {
  host: string;
  port: number;
  settings: Settings['apiSettings'];
  namespace: string;
  log: Logger;
}

export async function startApi(program: Program, options: ServeOptions): Promise<FastifyInstance> {
  const app = await createApi(apiDeps(program, options));
  await app.listen({ host: options.host, port: options.port });
  return app;
}

function apiDeps(program: Program, { settings, namespace, log }: ServeOptions): ApiDeps {
  const onBug = (err: unknown, requestId?: string): void => {
    log.error(requestId === undefined ? { err } : { requestId, err }, 'failed inside');
  };
  const schedule = (callback: () => void): void => void setTimeout(callback, POKE_WINDOW_MS).unref();
  const wakeTenant = coalescePokes({
    send: (tenantId) => pokeAll(program, tenantId),
    schedule,
    onError: onBug,
  });
  const { jwt } = settings;
  return {
    store: program.store,
    counts: sharedCallCounts(program.store, () => program.sync.now()),
    now: () => program.sync.now(),
    newId: () => program.sync.newId(),
    steps: createManualSteps(program.sync),
    actions: createConnectionActions(program),
    mappings: createMappingActions(program.book),
    schemas: createSchemaActions(program.sync),
    webhook: {
      findTarget: (connectionId, tokenHash) => findWebhookTarget(program.store.db, connectionId, tokenHash),
      entitiesOf: (system, body) => connectorFor(system).entitiesOf?.(body) ?? [],
      poke: coalescePokes({
        async send(connectionId, entities) {
          try {
            await program.temporal.workflow
              .getHandle(connectionWorkflowId(connectionId))
              .signal(pokeSignal, { source: 'hint', entities });
          } catch (error) {
            // A connection that does not run reads everything when it starts.
            if (!(error instanceof WorkflowNotFoundError)) throw error;
          }
        },
        schedule,
        onError: onBug,
      }),
    },
    notices: createNoticeAnswers(program),
    health: {
      checks: {
        database: () => sql`select 1`.execute(program.store.db),
        temporal: () => program.temporal.workflowService.getSystemInfo({}),
        workers: () => assertWorkers(program, namespace),
      },
    },
    ...(jwt === undefined
      ? {}
      : {
          verifyToken: createTokenVerifier(jwt, async (slugOrId) => {
            const tenants = await listTenants(program.store.db);
            return tenants.find(({ id, slug }) => id === slugOrId || slug === slugOrId)?.id ?? null;
          }),
        }),
    wake: (tenantId) => wakeTenant(tenantId, []),
    // Whoever asks for health or metrics does so every few seconds.
    onAnswer: (line) => log[isProbe(line) ? 'debug' : 'info'](line, 'request'),
    onBug,
    settings: {
      corsOrigins: settings.corsOrigins,
      requestsPerMinute: settings.requestsPerMinute,
      trustedProxies: settings.trustedProxies,
      version: settings.version,
    },
  };
}

function isProbe({ route, status }: RequestLine): boolean {
  return status < 400 && route !== null && !route.startsWith(API_BASE);
}

export function sharedCallCounts(store: Program['store'], now: () => number): CallCounts {
  return createCallCounts({
    exchange: (added, windowS) => addCallCounts(store.db, added, windowS),
    forget: (olderThanS) => forgetCallCounts(store.db, olderThanS),
    now,
    after: (ms, work) => void setTimeout(work, ms).unref(),
  });
}

/** Somebody polls the task queue; without that nothing moves. */
async function assertWorkers(program: Program, namespace: string): Promise<void> {
  const queue = await program.temporal.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: SYNC_TASK_QUEUE },
    taskQueueType: ACTIVITY_QUEUE,
  });
  if (queue.pollers.length === 0) throw new Error('No worker polls.');
}
