/** `up`: the whole program on this machine with nothing connected, for who wants to begin with an empty plant. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../config.ts';
import { startLocalStack } from '../stack/local-stack.ts';
import { createShutdown } from '../stack/shutdown.ts';
import { openStateFolder } from '../stack/state-folder.ts';

interface Options {
  json?: boolean;
  fresh?: boolean;
}

export function addUpCommand(up: Command): void {
  up.option('--json', 'prints one JSON line when it serves, and nothing else on standard output')
    .option('--fresh', 'forgets what earlier runs left')
    .action(async (options: Options) => {
      const say = (line: string): void => {
        (options.json === true ? process.stderr : process.stdout).write(`${line}\n`);
      };
      const shutdown = createShutdown({ say });
      try {
        const state = await openStateFolder({
          path: join(readSettings().stateDir, 'up'),
          ...(options.fresh === true ? { fresh: true } : {}),
        });
        shutdown.add('state folder', () => state.release());
        const stack = await startLocalStack({ state, shutdown, say, systems: [] });
        const { apiUrl: url, apiKey, temporalAddress } = stack;
        if (options.json === true) {
          process.stdout.write(`${JSON.stringify({ url, apiKey, docs: `${url}/docs`, temporalAddress })}\n`);
        } else {
          say(`API at ${url}, documentation at ${url}/docs`);
          say(`API key (administrator): ${apiKey}`);
          say('Ctrl-C stops everything; the next start goes on from here, --fresh forgets.');
        }
        const stopped = new Promise<void>((resolve) => {
          shutdown.signal.addEventListener('abort', () => resolve());
        });
        await Promise.race([stopped, stack.broken]);
      } catch (error) {
        if (shutdown.signal.aborted) return;
        await shutdown.stopAll();
        throw error;
      }
    });
}
