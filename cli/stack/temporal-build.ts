/** Builds the Temporal dev server from its Go module: 20-40 s of downloads and over 2 minutes of compiling on 2 cores, once. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '../../domain/kernel/failure.ts';
import { startChild } from './processes.ts';

const run = promisify(execFile);

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
const TELL_EVERY_MS = 5_000;

export async function buildTemporal(options: {
  moduleDir: string;
  /** The program is written here. */
  file: string;
  say: (line: string) => void;
}): Promise<void> {
  try {
    await run('go', ['version'], { timeout: 20_000 });
  } catch (cause) {
    throw new Failure('invalid_config', 'Go is not installed, so the dev server cannot be built.', { cause });
  }
  const started = performance.now();
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  options.say('Temporal: building the dev server from source, once; this takes about 3 minutes.');

  // Listing the packages downloads exactly the modules the program needs, and tells how many packages will be compiled.
  let modules = 0;
  let packages = 0;
  let compiled = 0;
  await goStep(
    options.moduleDir,
    ['list', '-deps', PACKAGE],
    (line) => {
      if (line.startsWith('go: downloading')) modules += 1;
      else packages += 1;
    },
    () => options.say(`Temporal: downloading, ${modules} modules so far (${elapsed()}).`),
  );
  await goStep(
    options.moduleDir,
    // -s -w leaves out symbols and debug data: 213 instead of 250 MB.
    ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', options.file, PACKAGE],
    () => (compiled += 1),
    () => options.say(`Temporal: compiling, ${compiled} of about ${packages} packages (${elapsed()}).`),
  );
  options.say(`Temporal: built in ${elapsed()}.`);
}

async function goStep(
  moduleDir: string,
  args: readonly string[],
  onLine: (line: string) => void,
  tell: () => void,
): Promise<void> {
  const child = startChild({ name: 'go', command: 'go', args, cwd: moduleDir, stopSignal: 'TERM', onLine });
  const timer = setInterval(tell, TELL_EVERY_MS);
  try {
    const code = await child.exited;
    if (code !== 0) throw new Failure('unavailable', `go ${args[0] ?? ''} failed: ${child.tail()}`);
  } finally {
    clearInterval(timer);
  }
}
