/** Commands of the operator: migrate, worker, api. */
import { Option, type Command } from 'commander';
import { listTenants } from '../../store/access/tenants.ts';
import { adoptFeed } from '../../store/hub/feed-life.ts';
import { migrate } from '../../store/migrate.ts';
import type { Store } from '../../store/index.ts';
import { API_PORT, readSettings } from '../config.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { effectiveSettings, withProgram } from '../open.ts';
import { json, print, type OutputOptions } from '../person.ts';
import { createShutdown } from '../stack/shutdown.ts';
import { startApi } from '../serve-api.ts';
import { startGrpc } from '../serve-grpc.ts';
import { createLog } from '../log.ts';
import { wakePlanners } from '../wiring.ts';
import { installRuntime, startWorker } from '../worker.ts';

/** Connections to PostgreSQL of a worker or an API; docs/operations.md tells operators. */
const SERVICE = { poolMax: 10 };

export function addMigrateCommand(command: Command): void {
  command.addOption(json()).action(async (options: OutputOptions) => {
    const { databaseUrl } = readSettings();
    if (databaseUrl === undefined)
      throw new Failure('invalid_config', 'DATABASE_URL is not set; name the database to migrate.');
    const applied = await migrate({ adminUrl: databaseUrl });
    print(options, { applied }, () => [
      applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`,
    ]);
  });
}

export function addWorkerCommand(command: Command): void {
  command.addOption(readyJson()).action(async (options: OutputOptions) => {
    const { logLevel = 'info', workerMetrics } = readSettings();
    const log = createLog(logLevel);
    installRuntime({ log, metrics: workerMetrics });
    await withProgram(async ({ program: opened, settings }) => {
      await adoptFeeds(opened.store);
      const shutdown = createShutdown({ say: (line) => process.stderr.write(`${line}\n`) });
      const { temporalAddress } = await effectiveSettings();
      const worker = await startWorker({
        program: opened,
        log,
        temporal: {
          address: temporalAddress,
          namespace: settings.temporal.namespace,
          ...(settings.temporal.apiKey === undefined ? {} : { apiKey: settings.temporal.apiKey }),
          ...(settings.temporal.tls ? { tls: true } : {}),
        },
      });
      shutdown.add('worker', () => worker.stop());
      await wakePlanners(opened);
      tellReady(options, { ready: 'worker' }, 'worker ready');
      await worker.stopped;
    }, SERVICE);
  });
}

export function addApiCommand(command: Command): void {
  command
    .option('--port <port>', 'overrides CHATTERFIX_API_PORT; 0 takes a free one')
    .addOption(readyJson())
    .action(async (options: OutputOptions & { port?: string }) => {
      await withProgram(async ({ program: opened, settings }) => {
        await adoptFeeds(opened.store);
        const shutdown = createShutdown({ say: (line) => process.stderr.write(`${line}\n`) });
        const port = options.port === undefined ? (settings.api.port ?? API_PORT) : Number(options.port);
        const log = createLog(settings.logLevel ?? 'info');
        const app = await startApi(opened, {
          host: settings.api.host,
          port,
          settings: settings.apiSettings,
          namespace: settings.temporal.namespace,
          log,
        });
        const closed = new Promise<void>((resolve) => {
          shutdown.add('api', async () => {
            await app.close();
            resolve();
          });
        });
        if (settings.grpc !== undefined) {
          const grpc = await startGrpc(app, {
            host: settings.api.host,
            ...settings.grpc,
            onBug: (err) => log.error({ err }, 'failed inside'),
          });
          // Stopped before the API, whose operations its calls end in.
          shutdown.add('gRPC', () => grpc.stop());
          const address = `${settings.api.host}:${String(grpc.port)}`;
          tellReady(options, { ready: 'grpc', address }, `gRPC ready at ${address}`);
        }
        tellReady(options, { ready: 'api', url: app.listeningOrigin }, `api ready at ${app.listeningOrigin}`);
        await closed;
      }, SERVICE);
    });
}

const readyJson = (): Option => new Option('--json', 'prints one JSON line when it serves');

function tellReady({ json: asJson }: OutputOptions, ready: Record<string, string>, text: string): void {
  process.stdout.write(`${asJson === true ? JSON.stringify(ready) : text}\n`);
}

/** A restored database may hold a feed that another server numbered. */
async function adoptFeeds(store: Store): Promise<void> {
  for (const { id, slug } of await listTenants(store.db)) {
    if (await store.inTenant(id, (tx) => adoptFeed(tx, id)))
      process.stderr.write(`The change feed of ${slug} was numbered by another server and goes on here.\n`);
  }
}
