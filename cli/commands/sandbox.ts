/** `sandbox <system>`: one sandbox alone, of a vendor or of a receiver of notices, for us and for the vendor's own clients. */
import type { Command } from 'commander';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { noticeSandboxes } from '../notice-sandboxes.ts';
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
    .argument('<system>', `one of ${[...Object.keys(sandboxes), ...Object.keys(noticeSandboxes)].join(', ')}`)
    .option('--port <port>', 'port of the vendor API; a free one when absent')
    .option('--control-port <port>', 'port of the control API; a free one when absent')
    .option('--seed <seed>', 'excavators, site:<letters A to E>, empty, or orders:N', 'excavators')
    .option('--random <n>', 'seed of all randomness')
    .option('--state <file>', 'keeps the state in this file over restarts')
    .option('--json', 'prints one JSON line when it serves, and nothing else')
    .action(async (system: string, options: Options) => {
      const shutdown = createShutdown({ say: (line) => process.stderr.write(`${line}\n`) });
      const sandbox = await start(system, options).catch((cause: unknown) => {
        if (cause instanceof Failure) throw cause;
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

/** A receiver of notices begins empty: it has no seed and keeps nothing. */
async function start(system: string, options: Options): Promise<Omit<RunningSandbox, 'control'>> {
  const ports = { ...number('port', options.port), ...number('controlPort', options.controlPort) };
  const receiver = Object.hasOwn(noticeSandboxes, system) ? noticeSandboxes[system] : undefined;
  if (receiver !== undefined) return receiver(ports);
  return sandboxKind(system).start({
    ...ports,
    seed: options.seed,
    ...number('random', options.random),
    ...(options.state === undefined ? {} : { stateFile: options.state }),
  });
}

function number(name: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  if (!/^\d{1,9}$/.test(text))
    throw new Failure('invalid_request', `--${name} must be a whole number, not "${text}".`);
  return { [name]: Number(text) };
}
