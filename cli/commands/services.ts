/** Commands of the operator: migrate, worker, api, keys. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Command } from 'commander';
import { createApi } from '../../api/http/server.ts';
import { coalescePokes } from '../../api/operations/coalesce-pokes.ts';
import { connectorFor } from '../../connectors/registry.ts';
import type { FastifyInstance } from 'fastify';
import { migrate } from '../../store/migrate.ts';
import { findWebhookTarget } from '../../store/connections.ts';
import { rotateSecrets } from '../../store/secrets.ts';
import { listTenants } from '../../store/tenants.ts';
import { connectionWorkflowId, pokeSignal } from '../../workflows/sync/messages.ts';
import { sql } from 'kysely';
import { readSettings } from '../config.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { effectiveSettings, withProgram } from '../open.ts';
import { createShutdown } from '../stack/shutdown.ts';
import type { Program } from '../wiring.ts';
import { quietTemporal, startWorker } from '../worker.ts';

export function addServiceCommands(program: Command): void {
  program
    .command('migrate')
    .description('brings the database of DATABASE_URL to the current schema')
    .action(async () => {
      const { databaseUrl } = readSettings();
      if (databaseUrl === undefined)
        throw new Failure('invalid_config', 'DATABASE_URL is not set; name the database to migrate.');
      const applied = await migrate({ adminUrl: databaseUrl });
      process.stdout.write(
        applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`,
      );
    });

  program
    .command('worker')
    .description('runs workflows and activities until it is stopped')
    .action(async () => {
      quietTemporal();
      await withProgram(async ({ program: opened, settings }) => {
        const shutdown = createShutdown({ say: (line) => process.stderr.write(`${line}\n`) });
        const { temporalAddress } = await effectiveSettings();
        const worker = await startWorker({
          program: opened,
          temporal: {
            address: temporalAddress,
            namespace: settings.temporal.namespace,
            ...(settings.temporal.apiKey === undefined ? {} : { apiKey: settings.temporal.apiKey }),
            ...(settings.temporal.tls ? { tls: true } : {}),
          },
        });
        shutdown.add('worker', () => worker.stop());
        process.stdout.write('worker ready\n');
        await worker.stopped;
      });
    });

  program
    .command('api')
    .description('serves webhooks, health and readiness')
    .option('--port <port>', 'overrides CHATTERFIX_API_PORT; 0 takes a free one')
    .action(async (options: { port?: string }) => {
      await withProgram(async ({ program: opened, settings }) => {
        const shutdown = createShutdown({ say: (line) => process.stderr.write(`${line}\n`) });
        const port = options.port === undefined ? (settings.api.port ?? 8080) : Number(options.port);
        const app = await startApi(opened, { host: settings.api.host, port });
        const closed = new Promise<void>((resolve) => {
          shutdown.add('api', async () => {
            await app.close();
            resolve();
          });
        });
        process.stdout.write(`api ready at ${app.listeningOrigin}\n`);
        await closed;
      });
    });

  const keys = program.command('keys').description('keys that seal connection secrets');
  keys
    .command('rotate')
    .description('seals every secret anew under the first key of CHATTERFIX_ENCRYPTION_KEYS')
    .action(async () => {
      await withProgram(async ({ program: opened }) => {
        let rotated = 0;
        for (const tenant of await listTenants(opened.store.db)) {
          rotated += await opened.store.inTenant(tenant.id, (tx) => rotateSecrets(tx, opened.ring));
        }
        process.stdout.write(`${String(rotated)} secrets sealed anew under key ${opened.ring.active}.\n`);
      });
    });
}

/** Deliveries of one connection within this time become one poke: long enough for a burst, short enough for the 2 s promise. */
const POKE_WINDOW_MS = 200;

/** The API on a listening socket. */
export async function startApi(
  program: Program,
  listen: { host: string; port: number },
): Promise<FastifyInstance> {
  const onBug = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  const app = createApi({
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
        schedule: (callback) => setTimeout(callback, POKE_WINDOW_MS).unref(),
        onError: onBug,
      }),
    },
    health: {
      checks: {
        database: () => sql`select 1`.execute(program.store.db),
        temporal: () => program.temporal.workflowService.getSystemInfo({}),
      },
    },
    onBug,
  });
  await app.listen(listen);
  return app;
}
