/** Commands around connections and their runs. */
import { readFile } from 'node:fs/promises';
import { text as streamText } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectors } from '../../connectors/registry.ts';
import { repositories } from '../../store/index.ts';
import {
  MADE_PAUSED,
  overviewConnections,
  pauseConnection,
  resumeConnection,
  retryConnection,
  type ConnectionOverview,
} from '../../plant/connections/connections.ts';
import { startRun } from '../../plant/runs/runs.ts';
import { addConnection } from '../add-connection.ts';
import {
  connectionByName,
  issueWebhookUrl,
  startConnection,
  subscribeWebhook,
  testConnection,
} from '../connection-service.ts';
import { askProgress } from '../connection-service.ts';
import { withProgram } from '../open.ts';
import { connectionDeps, json, look, none, personDeps, shown, type OutputOptions } from '../person.ts';

const connectionFile = z.strictObject({
  system: z.string(),
  name: z.string().min(1),
  config: z.record(z.string(), z.json()),
  secret: z.record(z.string(), z.json()),
  pollSeconds: z.int().min(1).max(86_400).optional(),
  requestsPerSecond: z.number().positive().optional(),
  deletePolicy: z.enum(['ignore', 'archive', 'delete']).optional(),
  state: z.enum(['active', 'paused']).optional(),
  stateReason: z.string().trim().min(1).max(1_000).optional(),
});

export function addConnectionCommands(program: Command): void {
  const connections = program.command('connections').description('systems that are kept in step');

  connections
    .command('add')
    .argument(
      '<file>',
      'JSON file {system, name, config, secret, pollSeconds?, requestsPerSecond?, deletePolicy?, state?, stateReason?}; - reads standard input',
    )
    .description(
      `connects a system (${Object.keys(connectors).join(', ')}) after trying the credentials, and starts to sync; with "state": "paused" it is only stored`,
    )
    .action(async (file: string) => {
      const input = await readConnectionFile(file);
      await withProgram(async ({ program: opened, tenant }) => {
        const { state, stateReason, ...rest } = input;
        const connection = await addConnection(opened, {
          ...withoutUndefined(rest),
          tenantId: tenant.id,
          ...(state === 'paused' ? { paused: stateReason ?? MADE_PAUSED } : {}),
        });
        const { id, name } = connection;
        if (connection.state === 'paused') {
          process.stdout.write(`${name} is stored (${id}) and paused; resume it to start.\n`);
          return;
        }
        await startConnection(opened, connection);
        process.stdout.write(`${name} is connected (${id}); the first sync begins.\n`);
      });
    });

  connections
    .command('list')
    .description('all connections: state, last run and why it failed, records that wait to be written')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, overviewConnections, (rows) => [
        ...none(rows, 'There is no connection yet.'),
        ...rows.map((row) => overviewLine(row)),
      ]),
    );

  connections
    .command('test')
    .argument('<connection>')
    .description('tries address and credentials')
    .action((name: string) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { account, version } = await testConnection(
          opened,
          await connectionByName(opened, tenant.id, name),
          personDeps(opened, tenant.id).actor,
        );
        process.stdout.write(`Logged in as ${account}${version === null ? '' : `, version ${version}`}.\n`);
      }),
    );

  connections
    .command('pause')
    .argument('<connection>')
    .option('--reason <text>', 'shown wherever the connection is', 'paused by an operator')
    .description('stops its passes; what is under way stops at the next page')
    .action((name: string, { reason }: { reason: string }) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { id } = await connectionByName(opened, tenant.id, name);
        await pauseConnection(connectionDeps(opened, tenant.id), id, reason);
        process.stdout.write(`${name} is paused.\n`);
      }),
    );

  connections
    .command('resume')
    .argument('<connection>')
    .description('goes on where it stopped')
    .action((name: string) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { id } = await connectionByName(opened, tenant.id, name);
        await resumeConnection(connectionDeps(opened, tenant.id), id);
        process.stdout.write(`${name} goes on.\n`);
      }),
    );

  connections
    .command('retry')
    .argument('<connection>')
    .description('lifts whatever it waits for, such as a time that the system named, and tries now')
    .action((name: string) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { id } = await connectionByName(opened, tenant.id, name);
        await retryConnection(connectionDeps(opened, tenant.id), id);
        process.stdout.write(`${name} tries now.\n`);
      }),
    );

  connections
    .command('webhook')
    .argument('<connection>')
    .argument('<api-url>', 'address under which the vendor reaches our API, e.g. https://sync.plant.example')
    .description('subscribes at the vendor, or prints the URL to enter there by hand')
    .action((name: string, apiUrl: string) =>
      withProgram(async ({ program: opened, tenant }) => {
        const connection = await connectionByName(opened, tenant.id, name);
        if (opened.sync.connector(connection.system).manifest.webhooks) {
          const subscriptions = await subscribeWebhook(opened, connection, apiUrl);
          process.stdout.write(`${String(subscriptions.length)} events subscribed.\n`);
        } else {
          const { url } = await issueWebhookUrl(opened, connection, apiUrl);
          process.stdout.write(`Let ${connection.system} post to ${url}; the address is shown this once.\n`);
        }
      }),
    );

  program
    .command('sync')
    .argument('<connection>')
    .option('--full', 'reads everything again instead of what changed')
    .option('--sweep', 'compares all keys to find deletions')
    .description('starts a run now and prints its id')
    .action((name: string, options: { full?: boolean; sweep?: boolean }) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { id } = await connectionByName(opened, tenant.id, name);
        const mode = options.sweep === true ? 'sweep' : options.full === true ? 'full' : 'poll';
        const run = await startRun(connectionDeps(opened, tenant.id), id, mode);
        process.stdout.write(`${run.id}\n`);
      }),
    );

  program
    .command('progress')
    .argument('<connection>')
    .description('what the connection is doing now, as JSON')
    .action((name: string) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { id } = await connectionByName(opened, tenant.id, name);
        const progress = await askProgress(opened, id, name);
        process.stdout.write(`${JSON.stringify(progress, null, 2)}\n`);
      }),
    );

  program
    .command('runs')
    .argument('<connection>')
    .option('--limit <n>', 'how many', '10')
    .description('the latest runs with their counters, one JSON line each')
    .action((name: string, { limit }: { limit: string }) =>
      withProgram(async ({ program: opened, tenant }) => {
        const { id } = await connectionByName(opened, tenant.id, name);
        const n = Number(limit);
        if (!Number.isInteger(n) || n < 1 || n > 1_000)
          throw new Failure('invalid_request', '--limit must be from 1 to 1000.');
        const rows = await opened.store.inTenant(tenant.id, (tx) => repositories.runs.list(tx, id, n));
        for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
      }),
    );
}

async function readConnectionFile(file: string): Promise<z.infer<typeof connectionFile>> {
  let text: string;
  try {
    // Not /dev/stdin: it cannot be opened when standard input is a socket.
    text = file === '-' ? await streamText(process.stdin) : await readFile(file, 'utf8');
  } catch {
    throw new Failure('invalid_request', `The file ${file} cannot be read.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the text, secrets included.
    throw new Failure('invalid_request', `The file ${file} is not JSON.`);
  }
  const parsed = connectionFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || '(root)'}: ${issue.message}`,
  );
  throw new Failure(
    'invalid_request',
    `The file ${file} does not describe a connection: ${paths.join('; ')}.`,
  );
}

/** `maximo  maximo  paused: The plant moves  last run failed: ...  3 to write  0192...`. */
function overviewLine({
  id,
  name,
  system,
  state,
  stateReason,
  lastRun,
  queuedPushes,
  absent,
}: ConnectionOverview): string {
  const failure = lastRun?.failure?.['message'];
  const run = [
    lastRun === null ? 'no run yet' : `last run ${lastRun.state}`,
    ...((lastRun?.finishedAt ?? null) === null ? [] : [new Date(lastRun?.finishedAt ?? '').toISOString()]),
  ].join(' ');
  return [
    name,
    system,
    stateReason === null ? state : `${state}: ${shown(stateReason)}`,
    failure === undefined ? run : `${run}: ${shown(failure)}`,
    `${String(queuedPushes)} to write`,
    ...Object.entries(absent).map(([entity, { message }]) => `without ${entity}: ${shown(message)}`),
    id,
  ].join('  ');
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
