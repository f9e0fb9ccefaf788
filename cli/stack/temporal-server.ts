/**
 * The Temporal of a run: the cluster `TEMPORAL_ADDRESS` names, or a dev server of our own whose state is a file. Adds the
 * search attributes our workflows set. Where the dev server's program comes from is `temporal-program.ts`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Settings } from '../config.ts';
import { answers, freePort, requirePort } from './ports.ts';
import { startChild, untilReady, type Child } from './processes.ts';
import { addSearchAttributes } from './search-attributes.ts';
import { findTemporalProgram } from './temporal-program.ts';

export interface TemporalOptions {
  settings: Pick<Settings, 'temporal' | 'cacheDir'>;
  /** Folder of the dev server's state. */
  folder: string;
  /** One line for people about what is used and how far a build is. */
  say: (line: string) => void;
}

export interface RunningTemporal {
  readonly address: string;
  readonly namespace: string;
  stop(): Promise<void>;
}

/**
 * A dev server reads its queues 20 times a second and its timers once a second: a workflow with one activity takes 150 ms
 * and any timer up to 1 s too long. With these it takes 13 ms; they cost CPU only while there is work. Measured on server 1.29.1.
 */
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxTimeShift="10ms"',
  'matching.enableFairness=true',
];

const START_TIMEOUT_MS = 60_000;

export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { temporal } = options.settings;
  if (temporal.address !== undefined) {
    options.say(
      `Temporal: the cluster of TEMPORAL_ADDRESS, ${temporal.address}, namespace ${temporal.namespace}.`,
    );
    const connection = await connect(temporal.address, temporal);
    try {
      await addSearchAttributes(connection, temporal.namespace);
    } finally {
      await connection.close();
    }
    return { address: temporal.address, namespace: temporal.namespace, stop: async () => undefined };
  }

  const program = await findTemporalProgram({ cacheDir: options.settings.cacheDir, say: options.say });
  const started = performance.now();
  await mkdir(options.folder, { recursive: true });
  const { child, address, connection } = await startServer(options, program.path);
  try {
    await addSearchAttributes(connection, temporal.namespace);
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    await connection.close();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  options.say(`Temporal: dev server ${program.version} (${program.origin}), ${address} (${seconds} s).`);
  return { address, namespace: temporal.namespace, stop: () => child.stop() };
}

async function startServer(
  options: TemporalOptions,
  program: string,
): Promise<{ child: Child; address: string; connection: Connection }> {
  const { temporal } = options.settings;
  const attempts = temporal.port === undefined ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const port =
      temporal.port === undefined
        ? await freePort()
        : await requirePort(temporal.port, 'CHATTERFIX_TEMPORAL_PORT');
    const address = `127.0.0.1:${port}`;
    const child = startChild({
      name: 'The Temporal dev server',
      command: program,
      args: [
        ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
        ...['--namespace', temporal.namespace, '--log-level', 'error'],
        ...['--db-filename', join(options.folder, 'temporal.db')],
        ...DYNAMIC_CONFIG.flatMap((setting) => ['--dynamic-config-value', setting]),
      ],
      cwd: options.folder,
      stopSignal: 'TERM',
    });
    try {
      // A refused connection makes gRPC wait a second before its next try, so the port is asked first.
      await untilReady(child, () => answers(port), START_TIMEOUT_MS);
      const connection = await connect(address, { tls: false });
      const { namespace } = temporal;
      // The server makes its namespace after it has opened the port.
      await untilReady(
        child,
        () => connection.workflowService.describeNamespace({ namespace }),
        START_TIMEOUT_MS,
      );
      return { child, address, connection };
    } catch (error) {
      await child.stop();
      if (attempt >= attempts || !child.tail().includes('address already in use')) throw error;
    }
  }
}

async function connect(address: string, options: { tls: boolean; apiKey?: string }): Promise<Connection> {
  try {
    return await Connection.connect({
      address,
      connectTimeout: 10_000,
      tls: options.tls,
      ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    });
  } catch (cause) {
    throw new Failure(
      'unavailable',
      `Temporal does not answer at ${address}; check TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY.`,
      { cause },
    );
  }
}
