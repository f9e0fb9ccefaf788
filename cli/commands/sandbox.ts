/** `sandbox <system>`: one vendor sandbox alone, for our connectors and for the vendor's own clients. */
import type { Command } from 'commander';
import { Failure } from '../../domain/kernel/failure.ts';
import { sandboxes, sandboxKind } from '../sandboxes.ts';
import { createShutdown } from '../stack/shutdown.ts';

interface Options {
  port?: string;
  controlPort?: string;
  seed: string;
  random?: string;
  state?: string;
  json?: boolean;
}

export function addSandboxCommand(sandboxCommand: Command): void {
  sandboxCommand
    .argument('<system>', `one of ${Object.keys(sandboxes).join(', ')}`)
    .option('--port <port>', 'port of the vendor API; a free one when absent')
    .option('--control-port <port>', 'port of the control API; a free one when absent')
    .option('--seed <seed>', 'excavators, site:<letters A to E>, empty, or orders:N', 'excavators')
    .option('--random <n>', 'seed of all randomness')
    .option('--state <file>', 'keeps the state in this file over restarts')
    .option('--json', 'prints one JSON line when it serves, and nothing else')
    .action(async (system: string, options: Options) => {
      const shutdown = createShutdown({ say: (line) => process.stderr.write(`${line}\n`) });
      const kind = sandboxKind(system);
      const wanted = {
        seed: options.seed,
        ...number('port', options.port),
        ...number('controlPort', options.controlPort),
        ...number('random', options.random),
        ...(options.state === undefined ? {} : { stateFile: options.state }),
      };
      const sandbox = await kind.start(wanted).catch((cause: unknown) => {
        // A seed that there is not, a port that is taken, a file that is not ours: its own words say which.
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new Failure('invalid_request', `The sandbox does not start: ${message}`, { cause });
      });
      shutdown.add('sandbox', () => sandbox.close());
      const { url, controlUrl, credentials } = sandbox;
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ system, url, controlUrl, credentials })}\n`);
      } else {
        process.stdout.write(`${system} sandbox at ${url}\ncontrol at ${controlUrl}\n`);
        for (const [name, value] of Object.entries(credentials)) process.stdout.write(`${name}: ${value}\n`);
        process.stdout.write('Ctrl-C ends it.\n');
      }
    });
}

function number(name: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  if (!/^\d{1,9}$/.test(text))
    throw new Failure('invalid_request', `--${name} must be a whole number, not "${text}".`);
  return { [name]: Number(text) };
}
