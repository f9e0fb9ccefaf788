/** `demo`: from nothing to a live two-way sync of real maintenance data on this machine. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../config.ts';
import { startConnection } from '../connection-service.ts';
import { proveAgreement } from '../demo/agreement.ts';
import { watchUntilQuiet } from '../demo/progress.ts';
import { showRoundTrip } from '../demo/round-trip.ts';
import { connectSites, hearChanges, SITES } from '../demo/sites.ts';
import { formatSummary, summarise, type Summary } from '../demo/summary.ts';
import { defaultTenant } from '../open.ts';
import { startLocalStack, type LocalStack } from '../stack/local-stack.ts';
import { createShutdown, type Shutdown } from '../stack/shutdown.ts';
import { openStateFolder } from '../stack/state-folder.ts';

interface Options {
  once?: boolean;
  json?: boolean;
  fresh?: boolean;
}

export function addDemoCommand(demo: Command): void {
  demo
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
      path: join(readSettings().stateDir, 'demo'),
      ...(options.fresh === true ? { fresh: true } : {}),
    });
    shutdown.add('state folder', () => state.release());
    const stack = await startLocalStack({ state, shutdown, say, systems: SITES });
    await Promise.race([tour(stack, options, shutdown, say, started), stack.broken]);
  } catch (error) {
    if (shutdown.signal.aborted) return;
    await shutdown.stopAll();
    throw error;
  }
}

/** Connects, syncs, shows a change going round, proves that all agree, sums up; then stays until it is stopped. */
async function tour(
  stack: LocalStack,
  options: Options,
  shutdown: Shutdown,
  say: (line: string) => void,
  started: number,
): Promise<void> {
  const { program } = stack;
  const { signal } = shutdown;
  const quietly = (): void => undefined;
  const sites = await connectSites(stack);
  const connections = sites.map(({ connection }) => connection);

  say('First sync (every system is read, then written what the others have):');
  for (const connection of connections) await startConnection(program, connection);
  await watchUntilQuiet({ program, connections, say, signal });
  const inStepSeconds = secondsSince(started);
  say(`In step after ${String(inStepSeconds)} s.`);

  for (const site of sites) await hearChanges(stack, site);
  const { id: tenantId } = await defaultTenant(program);
  const roundTrip = await showRoundTrip({ program, tenantId, sites, say, signal });
  await watchUntilQuiet({ program, connections, say: quietly, signal });

  say('Reading every system again from the first record to the last, and comparing every value.');
  const agreement = await proveAgreement({ program, sites, say, signal });
  const summary: Summary = {
    seconds: secondsSince(started),
    inStepSeconds,
    ...(await summarise(program, connections, agreement.rows)),
    roundTrip,
    agreement,
  };
  for (const line of formatSummary(summary)) say(line);
  if (options.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (!agreement.agreed) process.exitCode = 1;
  if (options.once === true) {
    await shutdown.stopAll();
    return;
  }
  for (const line of whereToLook(stack)) say(line);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10;
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
