/**
 * The whole program in one process, as `worker` and `api` run it: a database of its own, a Temporal namespace of its own
 * on the server of the run (the task queue has one name everywhere), sandboxes, and connections to them.
 */
import { createLog } from '../../cli/log.ts';
import { connectionDeps } from '../../cli/connection-deps.ts';
import type { ConnectionDeps } from '../../plant/connections/connections.ts';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type WorkflowHandle } from '@temporalio/client';
import { addConnection, type ConnectionToAdd } from '../../cli/add-connection.ts';
import { startConnection } from '../../cli/connection-service.ts';
import { defaultTenant } from '../../cli/open.ts';
import { sandboxKind } from '../../cli/sandboxes.ts';
import { readSettings } from '../../cli/config.ts';
import { startApi } from '../../cli/serve-api.ts';
import { addSearchAttributes } from '../../cli/stack/search-attributes.ts';
import { openProgram, type Program } from '../../cli/wiring.ts';
import { startWorker } from '../../cli/worker.ts';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { repositories, type Tx } from '../../store/index.ts';
import {
  connectionWorkflowId,
  progressQuery,
  syncNowUpdate,
  type Progress,
  type SyncNow,
} from '../../workflows/sync/messages.ts';
import { ask as askTestRun } from '../support/ask.ts';
import { TEST_RING } from '../support/plant.ts';

export interface Plant {
  connection: ConnectionRow;
  sandbox: RunningSandbox;
}

type Run = Awaited<ReturnType<typeof repositories.runs.list>>[number];

export interface Stack {
  program: Program;
  apiUrl: string;
  tenantId: string;
  temporal: { address: string; namespace: string };
  databaseUrl: string;
  /** Starts a sandbox and adds the connection; its workflow is started by `start`. */
  connect(system: string, seed: string, options?: ConnectOptions): Promise<Plant>;
  start(...plants: Plant[]): Promise<void>;
  inTenant<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  handle(plant: Plant): WorkflowHandle;
  progress(plant: Plant): Promise<Progress>;
  /** Asks for a run and gives its id. */
  syncNow(plant: Plant, mode: SyncNow['mode']): Promise<string>;
  /** For operations that people and programs do. */
  deps: ConnectionDeps;
  runs(plant: Plant): Promise<Run[]>;
  /** The run, once it has ended. */
  ended(plant: Plant, runId: string): Promise<Run>;
  close(): Promise<void>;
}

export interface ConnectOptions extends Partial<Pick<ConnectionToAdd, 'name' | 'pollSeconds'>> {
  config?: JsonObject;
}

export interface StackOptions {
  /** Gives database, server and bundle: those of the test run, or of `openTestServices` for programs that are no test. */
  ask?: typeof askTestRun;
  /** False for tests that start workers of their own. */
  worker?: boolean;
}

export async function createStack({ ask = askTestRun, worker = true }: StackOptions = {}): Promise<Stack> {
  const database = await ask('database');
  const temporal = await ownNamespace((await ask('temporal')).address);
  const program = await openProgram({
    databaseUrl: database.url,
    ring: TEST_RING,
    allowedHosts: ['127.0.0.1'],
    temporal,
  });
  const tenant = await defaultTenant(program);
  const api = await startApi(program, {
    host: '127.0.0.1',
    port: 0,
    settings: readSettings({}).apiSettings,
    namespace: temporal.namespace,
    log: createLog('silent'),
  });
  const running = worker
    ? await startWorker({ program, temporal, bundlePath: (await ask('workflow-bundle')).codePath })
    : null;
  const plants: Plant[] = [];
  const handle = ({ connection }: Plant): WorkflowHandle =>
    program.temporal.workflow.getHandle(connectionWorkflowId(connection.id));
  const runs = ({ connection }: Plant): Promise<Run[]> =>
    program.store.inTenant(tenant.id, (tx) => repositories.runs.list(tx, connection.id, 1_000));

  return {
    program,
    apiUrl: api.listeningOrigin,
    tenantId: tenant.id,
    temporal,
    databaseUrl: database.url,
    async connect(system, seed, { config, ...rest } = {}) {
      const kind = sandboxKind(system);
      const sandbox = await kind.start({ seed });
      const given = kind.connection(sandbox, seed);
      const connection = await addConnection(program, {
        tenantId: tenant.id,
        system,
        name: system,
        // Once an hour: what a test sees was asked for by the test.
        pollSeconds: 3_600,
        requestsPerSecond: 5_000,
        ...rest,
        config: { ...given.config, ...config },
        secret: given.secret,
      });
      const plant = { connection, sandbox };
      plants.push(plant);
      return plant;
    },
    async start(...some) {
      for (const { connection } of some) await startConnection(program, connection);
    },
    inTenant: (work) => program.store.inTenant(tenant.id, work),
    handle,
    deps: connectionDeps(program, tenant.id),
    progress: (plant) => handle(plant).query(progressQuery),
    async syncNow(plant, mode) {
      return (await handle(plant).executeUpdate(syncNowUpdate, { args: [{ mode }] })).runId;
    },
    runs,
    ended: (plant, runId) =>
      until('the run ends', async () =>
        (await runs(plant)).find(({ id, state }) => id === runId && state !== 'running'),
      ),
    async close() {
      // Nothing may come in for workflows that have ended.
      await api.close();
      // A workflow left behind would hold the worker's shutdown up with its next pass.
      for (const plant of plants)
        await handle(plant)
          .terminate('the test is over')
          .catch(() => undefined);
      await running?.stop();
      await program.close();
      for (const { sandbox } of plants) await sandbox.close();
      await ask('drop-database', database.name);
    },
  };
}

const UNTIL_MS = 50_000;

/** Asks until the answer is something, within the time limit of a test. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = UNTIL_MS,
  everyMs = 20,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Not within ${String(withinMs / 1000)} s: ${what}.`);
    await pause(everyMs);
  }
}

/** A new namespace on the server of the run; it is usable once the server's caches know it. */
async function ownNamespace(address: string): Promise<{ address: string; namespace: string }> {
  const namespace = `stack-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await until('the namespace takes search attributes', () =>
      addSearchAttributes(connection, namespace).then(
        () => true,
        () => false,
      ),
    );
    await until('the namespace knows them', () =>
      connection.workflowService.countWorkflowExecutions({ namespace, query: "ChatterFixTenant = 'x'" }).then(
        () => true,
        () => false,
      ),
    );
  } finally {
    await connection.close();
  }
  return { address, namespace };
}
