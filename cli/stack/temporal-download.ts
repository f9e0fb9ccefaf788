/** Downloads the Temporal dev server as Temporal's own installer does (https://docs.temporal.io/cli#install). */
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spawn } from 'node:child_process';
import { Failure } from '../../domain/kernel/failure.ts';

const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const HEADERS_TIMEOUT_MS = 15_000;
const ARCHIVE_TIMEOUT_MS = 10 * 60_000;

export async function downloadTemporal(options: {
  /** `https://temporal.download/cli/archive`; the version follows. */
  url: string;
  version: string;
  /** The program is written here. */
  file: string;
  say: (line: string) => void;
}): Promise<void> {
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined || !['linux', 'darwin'].includes(process.platform)) {
    throw new Failure(
      'invalid_config',
      `Temporal offers no archive for ${process.platform} ${process.arch}.`,
    );
  }
  const source = `${options.url}/v${options.version}?platform=${process.platform}&arch=${architecture}`;
  options.say(`Temporal: downloading ${source}`);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), HEADERS_TIMEOUT_MS);
  const unpacked = join(dirname(options.file), `${basename(options.file)}.unpacked`);
  try {
    const response = await fetch(source, { signal: stop.signal });
    clearTimeout(timer);
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    await mkdir(unpacked);
    const tar = spawn('tar', ['-xzf', '-', '-C', unpacked, 'temporal'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      tar.once('error', reject);
      tar.once('exit', (code) => resolve(code));
    });
    await pipeline(Readable.fromWeb(response.body), tar.stdin, {
      signal: AbortSignal.timeout(ARCHIVE_TIMEOUT_MS),
    });
    if ((await ended) !== 0) throw new Error('the archive holds no program');
    await rename(join(unpacked, 'temporal'), options.file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('unavailable', `Downloading ${source} failed (${reason}).`, { cause });
  } finally {
    clearTimeout(timer);
    await rm(unpacked, { recursive: true, force: true });
  }
}
