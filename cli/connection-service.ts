/** What one does with connections: add, test, start, subscribe. Shared by the commands and the demo. */
import { randomBytes } from 'node:crypto';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { completeSettings } from '../activities/sync/complete-settings.ts';
import { hashWebhookToken } from '../plant/connections/receive-webhook.ts';
import { connectorFor } from '../connectors/registry.ts';
import type { WebhookSubscription } from '../connectors/kit/contract.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { syncSettings } from '../domain/sync-settings.ts';
import type { ConnectionRow } from '../store/connections/connections.ts';
import { repositories } from '../store/index.ts';
import {
  CONNECTION_WORKFLOW,
  connectionWorkflowId,
  progressQuery,
  SYNC_TASK_QUEUE,
  type ConnectionInput,
  type Progress,
} from '../workflows/sync/messages.ts';
import { connectorConfig } from './sync-deps.ts';
import type { Program } from './wiring.ts';

const TEST_TIMEOUT_MS = 20_000;

/** Asks the system who we are there, with the stored credentials, and keeps the settings that it tells of itself. */
export async function testConnection(
  program: Pick<Program, 'sync'>,
  connection: ConnectionRow,
  actor: string,
): Promise<{ account: string; version: string | null }> {
  const { account, version } = await completeSettings(program.sync, connection, actor, null);
  return { account, version };
}

/** Starts the connection's workflow, or finds it running. */
export async function startConnection(program: Program, connection: ConnectionRow): Promise<void> {
  const input: ConnectionInput = { tenantId: connection.tenantId, connectionId: connection.id };
  try {
    await program.temporal.workflow.start(CONNECTION_WORKFLOW, {
      workflowId: connectionWorkflowId(connection.id),
      taskQueue: SYNC_TASK_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      // Tenants share workers fairly, however many connections each has.
      priority: { priorityKey: 3, fairnessKey: connection.tenantId },
      typedSearchAttributes: new TypedSearchAttributes([
        {
          key: defineSearchAttributeKey('ChatterFixTenant', SearchAttributeType.KEYWORD),
          value: connection.tenantId,
        },
        {
          key: defineSearchAttributeKey('ChatterFixConnection', SearchAttributeType.KEYWORD),
          value: connection.id,
        },
      ]),
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'unavailable',
      `${connection.name} is stored, but Temporal did not start it (${message}); put that right, then \`chatterfix-sync connections resume ${connection.name}\`.`,
      { cause },
    );
  }
}

/** What the connection is doing now. Its workflow answers only while a worker runs. */
export async function askProgress(program: Program, connectionId: string, name: string): Promise<Progress> {
  try {
    return await program.temporal.workflow.getHandle(connectionWorkflowId(connectionId)).query(progressQuery);
  } catch (cause) {
    throw new Failure(
      'unavailable',
      `${name} does not answer; start a worker with \`chatterfix-sync worker\`.`,
      { cause },
    );
  }
}

/** Registers our webhook at the vendor under a new token; subscriptions of an earlier token are removed afterwards. */
export async function subscribeWebhook(
  program: Program,
  connection: ConnectionRow,
  apiUrl: string,
): Promise<WebhookSubscription[]> {
  const session = await program.sync.openSession(connection, AbortSignal.timeout(TEST_TIMEOUT_MS));
  try {
    if (session.webhooks === undefined) {
      throw new Failure(
        'invalid_request',
        `${connection.system} has no webhooks; it is read every ${String(connection.pollSeconds)} s.`,
      );
    }
    const endpoint = await issueWebhookUrl(program, connection, apiUrl);
    const old = await program.store.inTenant(connection.tenantId, (tx) =>
      repositories.connections.webhookIds(tx, connection.id),
    );
    const subscriptions = await session.webhooks.subscribe(endpoint.url);
    await program.store.inTenant(connection.tenantId, (tx) =>
      repositories.connections.setWebhook(
        tx,
        connection.id,
        endpoint.tokenHash,
        subscriptions.map(({ id }) => id),
      ),
    );
    await session.webhooks.unsubscribe(old);
    return subscriptions;
  } finally {
    await session.close();
  }
}

/** A URL with a new unguessable token, for systems whose administrator enters it by hand. */
export async function issueWebhookUrl(
  program: Program,
  connection: ConnectionRow,
  apiUrl: string,
): Promise<{ url: string; tokenHash: Buffer }> {
  const token = randomBytes(24).toString('base64url');
  const tokenHash = hashWebhookToken(token);
  await program.store.inTenant(connection.tenantId, async (tx) => {
    const ids = await repositories.connections.webhookIds(tx, connection.id);
    await repositories.connections.setWebhook(tx, connection.id, tokenHash, ids);
  });
  return { url: `${apiUrl}/webhooks/${connection.id}/${token}`, tokenHash };
}

/** Tries address and credentials of a connection that is not stored yet; gives what the system tells of itself. */
export async function probe(
  program: Pick<Program, 'network'>,
  row: Pick<ConnectionRow, 'system' | 'config' | 'requestsPerSecond'>,
  secret: Json,
): Promise<{ settings?: JsonObject }> {
  const connector = connectorFor(row.system);
  const session = connector.connect(connectorConfig(row), secret, {
    now: Date.now,
    signal: AbortSignal.timeout(TEST_TIMEOUT_MS),
    // One call of a person; the shared budget starts with the stored connection.
    throttle: { acquire: async () => undefined, pause: async () => undefined },
    tokens: { get: async () => null, set: async () => undefined, exclusive: (work) => work() },
    network: program.network,
  });
  try {
    return await session.probe();
  } finally {
    await session.close();
  }
}

export function checkConfig(system: string, config: JsonObject): JsonObject {
  const { sync, pageSize, ...own } = config;
  const connector = connectorFor(system);
  const parsed = connector.config.safeParse(own);
  if (!parsed.success) throw invalid(`The settings of a ${system} connection`, parsed.error.issues);
  const scope = syncSettings.safeParse(sync ?? {});
  if (!scope.success) throw invalid('The setting "sync"', scope.error.issues);
  if (pageSize !== undefined && !(Number.isInteger(pageSize) && Number(pageSize) > 0)) {
    throw new Failure('invalid_request', 'The setting "pageSize" must be a whole number above 0.');
  }
  return {
    ...(parsed.data as JsonObject),
    ...(sync === undefined ? {} : { sync }),
    ...(pageSize === undefined ? {} : { pageSize }),
  };
}

export function checkSecret(system: string, secret: JsonObject): JsonObject {
  const parsed = connectorFor(system).secret.safeParse(secret);
  if (parsed.success) return parsed.data as JsonObject;
  // Only paths: a message could quote what was typed.
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'its fields').join(', ');
  throw new Failure(
    'invalid_request',
    `The credentials of a ${system} connection are not complete: look at ${paths}.`,
  );
}

function invalid(what: string, issues: readonly { path: PropertyKey[]; message: string }[]): Failure {
  const told = issues
    .map(
      ({ path, message }) =>
        `${path.map(String).join('.') || '(root)'}: ${/received undefined/.test(message) ? 'is required' : message}`,
    )
    .join('; ');
  return new Failure('invalid_request', `${what} cannot be used: ${told}.`);
}
