/** `demo`: from nothing to a live two-way sync of real maintenance data on this machine. */
import type { Command } from 'commander';
import type { JsonObject } from '../../domain/json.ts';
import { repositories } from '../../store/index.ts';
import type { ConnectionRow } from '../../store/connections.ts';
import { saveSecret } from '../../store/secrets.ts';
import { readSettings } from '../config.ts';
import { addConnection, issueWebhookUrl, startConnection, subscribeWebhook } from '../connection-service.ts';
import { watchUntilQuiet } from '../demo/progress.ts';
import { showRoundTrip, type Side } from '../demo/round-trip.ts';
import { startLocalStack, type LocalSandbox, type LocalStack } from '../stack/local-stack.ts';
import { formatSummary, summarise, type Summary } from '../demo/summary.ts';
import { defaultTenant } from '../open.ts';
import { sandboxKind } from '../sandboxes.ts';
import { createShutdown, type Shutdown } from '../stack/shutdown.ts';
import { openStateFolder } from '../stack/state-folder.ts';

const SEED = 'excavators';
const SYSTEMS = [
  { system: 'maximo', seed: SEED },
  { system: 'upkeep', seed: SEED },
] as const;

interface Options {
  once?: boolean;
  json?: boolean;
  fresh?: boolean;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Maximo and UpKeep kept one, live, with real data, on embedded servers')
    .option('--once', 'ends after the round trip, with a summary')
    .option('--json', 'prints the summary as JSON on standard output; everything else goes to standard error')
    .option('--fresh', 'forgets what earlier runs left')
    .action(runDemo);
}

async function runDemo(options: Options): Promise<void> {
  const started = performance.now();
  const say = (line: string): void => {
    (options.json === true ? process.stderr : process.stdout).write(`${line}\n`);
  };
  const shutdown = createShutdown({ say });
  try {
    const state = await openStateFolder({
      path: readSettings().stateDir,
      ...(options.fresh === true ? { fresh: true } : {}),
    });
    shutdown.add('state folder', () => state.release());
    const stack = await startLocalStack({ state, shutdown, say, systems: SYSTEMS });
    await Promise.race([tour(stack, options, shutdown, say, started), stack.broken]);
  } catch (error) {
    if (shutdown.signal.aborted) return;
    await shutdown.stopAll();
    throw error;
  }
}

/** Connects, syncs, shows a change going round, sums up; then stays until it is stopped. */
async function tour(
  stack: LocalStack,
  options: Options,
  shutdown: Shutdown,
  say: (line: string) => void,
  started: number,
): Promise<void> {
  const sides = await connectSystems(stack);
  const connections = sides.map(({ connection }) => connection);

  say('First sync (read from each system, then written to the other):');
  for (const connection of connections) await startConnection(stack.program, connection);
  await watchUntilQuiet({ program: stack.program, connections, say, signal: shutdown.signal });
  say(`In step after ${((performance.now() - started) / 1000).toFixed(1)} s.`);

  const [maximo, upkeep] = sides;
  if (maximo === undefined || upkeep === undefined) throw new Error('The demo has two systems.');
  const { id: tenantId } = await defaultTenant(stack.program);
  const roundTrip = await showRoundTrip({
    program: stack.program,
    tenantId,
    maximo,
    upkeep,
    say,
    signal: shutdown.signal,
  });
  await watchUntilQuiet({
    program: stack.program,
    connections,
    say: () => undefined,
    signal: shutdown.signal,
  });

  const summary: Summary = {
    seconds: Math.round((performance.now() - started) / 100) / 10,
    ...(await summarise(stack.program, connections)),
    roundTrip,
  };
  for (const line of formatSummary(summary)) say(line);
  if (options.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (options.once === true) {
    await shutdown.stopAll();
    return;
  }
  for (const line of whereToLook(stack)) say(line);
  await new Promise<void>((resolve) => {
    shutdown.signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** Adds the connections on the first start; later starts only tell them where the sandboxes are now. */
async function connectSystems(stack: LocalStack): Promise<Side[]> {
  const { program } = stack;
  const tenant = await defaultTenant(program);
  const existing = await program.store.inTenant(tenant.id, (tx) => repositories.listConnections(tx));
  const sides: Side[] = [];
  for (const sandbox of stack.sandboxes) {
    const { config, secret } = sandboxKind(sandbox.system).connection(sandbox, SEED);
    const known = existing.find(({ name }) => name === sandbox.system);
    const connection =
      known === undefined
        ? await addConnection(program, {
            tenantId: tenant.id,
            system: sandbox.system,
            name: sandbox.system,
            config: { ...config, pageSize: 500 },
            secret,
            pollSeconds: 30,
            requestsPerSecond: 1_000,
          })
        : await moveConnection(stack, known, config, secret);
    await hearChanges(stack, connection, sandbox);
    sides.push({ connection, sandbox });
  }
  return sides;
}

async function moveConnection(
  stack: LocalStack,
  connection: ConnectionRow,
  config: JsonObject,
  secret: JsonObject,
): Promise<ConnectionRow> {
  const { program } = stack;
  return program.store.inTenant(connection.tenant_id, async (tx) => {
    await repositories.setConnectionConfig(tx, connection.id, { ...connection.config, ...config });
    const ref = { tenantId: connection.tenant_id, connectionId: connection.id };
    await saveSecret(tx, program.ring, { ...ref, purpose: 'credentials' }, secret);
    return repositories.loadConnection(tx, connection.id);
  });
}

/** UpKeep has webhooks to subscribe to; Maximo's administrator points a publish channel at us (contract 5.4). */
async function hearChanges(
  stack: LocalStack,
  connection: ConnectionRow,
  sandbox: LocalSandbox,
): Promise<void> {
  if (stack.program.sync.connector(connection.system).manifest.webhooks) {
    await subscribeWebhook(stack.program, connection, stack.apiUrl);
    return;
  }
  const { url } = await issueWebhookUrl(stack.program, connection, stack.apiUrl);
  await fetch(`${sandbox.controlUrl}/dials/publishChannel`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value: { endpoint: url } }),
    signal: AbortSignal.timeout(10_000),
  });
}

function whereToLook(stack: LocalStack): string[] {
  return [
    '',
    'It stays up and in step. In another terminal:',
    '  npm run -s cli -- connections list',
    '  npm run -s cli -- conflicts list',
    '  npm run -s cli -- quarantine list',
    '  npm run -s cli -- explain A-000001',
    `  curl ${stack.apiUrl}/ready`,
    `  ${stack.apiUrl}/docs (API key of an administrator: ${stack.apiKey})`,
    ...stack.sandboxes.map(
      ({ system, url, controlUrl }) => `  ${system}: ${url} (as a person there: ${controlUrl}/records)`,
    ),
    'Ctrl-C stops everything; the next `npm run demo` goes on from here, --fresh forgets.',
  ];
}
