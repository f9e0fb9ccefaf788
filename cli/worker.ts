/** The worker: polls Temporal and runs workflows and activities until it is told to stop. Any number may run. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker, DefaultLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createMaintenanceActivities } from '../activities/maintenance/index.ts';
import { createNoticeActivities } from '../activities/notifications/index.ts';
import { createSyncActivities } from '../activities/sync/index.ts';
import { SYNC_TASK_QUEUE } from '../workflows/sync/messages.ts';
import { createLog, temporalLog } from './log.ts';
import { createNoticeDeps } from './notice-deps.ts';
import { startNotifier } from './notifier.ts';
import { maintenanceDeps } from './planner.ts';
import type { Program, WiringOptions } from './wiring.ts';

export interface WorkerOptions {
  program: Program;
  temporal: WiringOptions['temporal'];
  /** A bundle made before, so that tests do not bundle again. */
  bundlePath?: string;
  /** Receives what goes wrong with notices; nobody when absent. */
  log?: Logger;
  /** Activities at once in this process; each may hold two database connections. */
  activitiesMax?: number;
}

export interface RunningWorker {
  /** Settles when the worker has stopped; rejects when it failed. */
  stopped: Promise<void>;
  stop(): Promise<void>;
}

/** Once a process, before anything of the SDK's runtime. `metrics` is `host:port` to serve counters and timings at `/metrics`. */
export function installRuntime({ log, metrics }: { log: Logger; metrics: string | undefined }): void {
  Runtime.install({
    ...(metrics === undefined
      ? {}
      : { telemetryOptions: { metrics: { prometheus: { bindAddress: metrics } } } }),
    logger: temporalLog(log),
    // The program stops its parts itself, in order.
    shutdownSignals: [],
  });
}

export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const connection = await NativeConnection.connect({
    address: options.temporal.address,
    ...(options.temporal.apiKey === undefined ? {} : { apiKey: options.temporal.apiKey }),
    ...(options.temporal.tls === undefined ? {} : { tls: options.temporal.tls }),
  });
  const notices = createNoticeDeps(options.program, options.program.publicUrl);
  const worker = await Worker.create({
    connection,
    namespace: options.temporal.namespace,
    taskQueue: SYNC_TASK_QUEUE,
    workflowBundle: options.bundlePath === undefined ? await bundle() : { codePath: options.bundlePath },
    activities: {
      ...createSyncActivities(options.program.sync),
      ...createMaintenanceActivities(maintenanceDeps(options.program)),
      ...createNoticeActivities(notices.deps),
    },
    maxConcurrentActivityTaskExecutions: options.activitiesMax ?? 8,
    shutdownGraceTime: '10 seconds',
  });
  const notifier = startNotifier({
    deps: notices.deps,
    databaseUrl: options.program.databaseUrl,
    log: options.log ?? createLog('silent'),
  });
  const stopped = worker.run().finally(async () => {
    await notifier.stop();
    notices.close();
    await connection.close();
  });
  stopped.catch(() => undefined);
  return {
    stopped,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}

function bundle(): ReturnType<typeof bundleWorkflowCode> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
}
