/** Commands around connections. What reaches a system or Temporal is loaded by the command that does. */
import { readFile } from 'node:fs/promises';
import { text as streamText } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  firstLook,
  MADE_PAUSED,
  overviewConnections,
  pauseConnection,
  resumeConnection,
  retryConnection,
  type ConnectionOverview,
  type EntityLook,
} from '../../plant/connections/connections.ts';
import { connectionCalled, json, lookInStore, none, operate, shown, type OutputOptions } from '../person.ts';

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

export function addConnectionCommands(connections: Command): void {
  addAdding(connections);
  addLooking(connections);
  addFirstLook(connections);
  addSwitches(connections);
  addWebhook(connections);
}

function addAdding(connections: Command): void {
  connections
    .command('add')
    .argument(
      '<file>',
      'JSON file {system, name, config, secret, pollSeconds?, requestsPerSecond?, deletePolicy?, state?, stateReason?}; - reads standard input',
    )
    .addOption(json())
    .description(
      'connects a system after trying the credentials, and starts to sync; with "state": "paused" it is only stored',
    )
    .action(async (file: string, options: OutputOptions) => {
      const { state, stateReason, ...rest } = await readConnectionFile(file);
      await operate(
        options,
        async ({ tenantId }, program) => {
          const [{ addConnection }, { startConnection }] = await Promise.all([
            import('../add-connection.ts'),
            import('../connection-service.ts'),
          ]);
          const made = await addConnection(program, {
            ...withoutUndefined(rest),
            tenantId,
            ...(state === 'paused' ? { paused: stateReason ?? MADE_PAUSED } : {}),
          });
          if (made.state === 'active') await startConnection(program, made);
          return { id: made.id, name: made.name, system: made.system, state: made.state };
        },
        (made) => [
          made.state === 'paused'
            ? `${made.name} is stored (${made.id}) and paused; resume it to start.`
            : `${made.name} is connected (${made.id}); the first sync begins.`,
        ],
      );
    });
}

function addLooking(connections: Command): void {
  connections
    .command('list')
    .description('all connections: state, last run and why it failed, records that wait to be written')
    .addOption(json())
    .action((options: OutputOptions) =>
      lookInStore(options, overviewConnections, (rows) => [
        ...none(rows, 'There is no connection yet.'),
        ...rows.map((row) => overviewLine(row)),
      ]),
    );
  connections
    .command('test')
    .argument('<connection>')
    .addOption(json())
    .description('tries address and credentials')
    .action((name: string, options: OutputOptions) =>
      operate(
        options,
        async (deps, program) => {
          const { testConnection } = await import('../connection-service.ts');
          return testConnection(program, await connectionCalled(deps, name), deps.actor);
        },
        ({ account, version }) => [
          `Logged in as ${account}${version === null ? '' : `, version ${version}`}.`,
        ],
      ),
    );
}

function addFirstLook(connections: Command): void {
  connections
    .command('first-look')
    .argument('<connection>', 'usually one that is paused')
    .option('--records <n>', 'most records of one entity that are read', '100000')
    .addOption(json())
    .description('reads the system and counts what the first sync would do on both sides; writes nothing')
    .action((name: string, options: OutputOptions & { records: string }) => {
      if (!/^[1-9]\d{0,6}$/.test(options.records))
        throw new Failure('invalid_request', '--records must be a whole number from 1 to 9999999.');
      const bounds = { recordsMax: Number(options.records), signal: new AbortController().signal };
      return operate(
        options,
        async (deps) => firstLook(deps, (await connectionCalled(deps, name)).id, bounds),
        ({ entities }) => [
          ...entities.filter(hasSomething).map(lookLine),
          `Nothing was written. \`connections resume ${name}\` begins.`,
        ],
      );
    });
}

function hasSomething({ entity: _entity, complete, ...look }: EntityLook): boolean {
  const { hub, system, ...rest } = look;
  return !complete || [...Object.values(rest), ...Object.values(hub), ...Object.values(system)].some(Boolean);
}

function lookLine(look: EntityLook): string {
  if (look.absent !== null) return `${look.entity}: not there. ${look.absent}`;
  const parts = [
    `${String(look.read)} read${look.complete ? '' : ' (not all)'}`,
    `here ${String(look.hub.creates)} new, ${String(look.hub.updates)} changed`,
    `there ${String(look.system.creates)} new, ${String(look.system.updates)} changed`,
    `${String(look.matched)} matched`,
    ...(look.linked === 0 ? [] : [`${String(look.linked)} known already`]),
    ...(look.reviews === 0 ? [] : [`${String(look.reviews)} matches for a person to decide`]),
    ...(look.conflicts === 0 ? [] : [`${String(look.conflicts)} conflicts`]),
    ...(look.unmapped === 0 ? [] : [`${String(look.unmapped)} cannot be mapped`]),
  ];
  return `${look.entity}: ${parts.join('; ')}`;
}

function addSwitches(connections: Command): void {
  connections
    .command('pause')
    .argument('<connection>')
    .option('--reason <text>', 'shown wherever the connection is', 'paused by an operator')
    .addOption(json())
    .description('stops its passes; what is under way stops at the next page')
    .action((name: string, options: OutputOptions & { reason: string }) =>
      operate(
        options,
        async (deps) =>
          stateOf(await pauseConnection(deps, (await connectionCalled(deps, name)).id, options.reason)),
        () => [`${name} is paused.`],
      ),
    );
  connections
    .command('resume')
    .argument('<connection>')
    .addOption(json())
    .description('goes on where it stopped')
    .action((name: string, options: OutputOptions) =>
      operate(
        options,
        async (deps) => stateOf(await resumeConnection(deps, (await connectionCalled(deps, name)).id)),
        () => [`${name} goes on.`],
      ),
    );
  connections
    .command('retry')
    .argument('<connection>')
    .addOption(json())
    .description('lifts whatever it waits for, such as a time that the system named, and tries now')
    .action((name: string, options: OutputOptions) =>
      operate(
        options,
        async (deps) => stateOf(await retryConnection(deps, (await connectionCalled(deps, name)).id)),
        () => [`${name} tries now.`],
      ),
    );
}

function addWebhook(connections: Command): void {
  connections
    .command('webhook')
    .argument('<connection>')
    .argument('<api-url>', 'address under which the vendor reaches our API, e.g. https://sync.plant.example')
    .addOption(json())
    .description('subscribes at the vendor, or prints the URL to enter there by hand')
    .action((name: string, apiUrl: string, options: OutputOptions) =>
      operate(
        options,
        async (deps, program) => {
          const { issueWebhookUrl, subscribeWebhook } = await import('../connection-service.ts');
          const connection = await connectionCalled(deps, name);
          const { system } = connection;
          if (program.sync.connector(system).manifest.webhooks)
            return {
              system,
              events: (await subscribeWebhook(program, connection, apiUrl)).length,
              url: null,
            };
          return { system, events: 0, url: (await issueWebhookUrl(program, connection, apiUrl)).url };
        },
        ({ system, events, url }) => [
          url === null
            ? `${String(events)} events subscribed.`
            : `Let ${system} post to ${url}; the address is shown this once.`,
        ],
      ),
    );
}

function stateOf({
  id,
  name,
  state,
  stateReason,
}: Pick<ConnectionOverview, 'id' | 'name' | 'state' | 'stateReason'>) {
  return { id, name, state, stateReason };
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
