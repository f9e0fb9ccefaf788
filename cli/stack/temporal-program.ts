/**
 * Finds the program `temporal`, which no npm package carries: on the PATH, built once from `tools/temporal/go.mod` into
 * the user's cache folder, or downloaded from where Temporal's own installer gets it. Says which it took.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../../domain/kernel/failure.ts';
import { buildTemporal } from './temporal-build.ts';
import { downloadTemporal } from './temporal-download.ts';

const run = promisify(execFile);

export interface TemporalProgram {
  path: string;
  /** Of the command line tool, e.g. `1.5.1`. */
  version: string;
  origin: 'on the PATH' | 'built from source' | 'downloaded';
}

export interface FindOptions {
  cacheDir: string;
  say: (line: string) => void;
  /** Folder of the Go module that pins the version. */
  moduleDir?: string;
  /** Where archives are downloaded from. */
  downloadUrl?: string;
  /** False leaves the PATH aside; true when absent. */
  lookOnPath?: boolean;
}

const MODULE_DIR = join(import.meta.dirname, '../../tools/temporal');
const DOWNLOAD_URL = 'https://temporal.download/cli/archive';

/** A builder touches its lock every 2 s; one not touched for this long belongs to a process that is gone. */
const LOCK_STALE_MS = 15_000;
const LOCK_TOUCH_MS = 2_000;

export async function findTemporalProgram(options: FindOptions): Promise<TemporalProgram> {
  const onPath = options.lookOnPath === false ? null : await versionOf('temporal');
  if (onPath !== null) return { path: 'temporal', version: onPath, origin: 'on the PATH' };

  const moduleDir = options.moduleDir ?? MODULE_DIR;
  const pinned = await pinnedVersion(moduleDir);
  const folder = join(options.cacheDir, `temporal-${pinned.version}-${pinned.hash}`);
  const candidates = [
    { origin: 'built from source', path: join(folder, 'built', 'temporal') },
    { origin: 'downloaded', path: join(folder, 'downloaded', 'temporal') },
  ] as const;
  const cached = async () => {
    for (const { origin, path } of candidates) {
      if (await exists(path)) return { path, version: pinned.version, origin };
    }
    return null;
  };

  const found = await cached();
  if (found !== null) return found;
  await mkdir(folder, { recursive: true });
  return withLock(join(folder, 'lock'), options.say, async () => {
    const foundMeanwhile = await cached();
    if (foundMeanwhile !== null) return foundMeanwhile;
    const problems: string[] = [];
    const [built, downloaded] = candidates;
    try {
      await into(built.path, (file) => buildTemporal({ moduleDir, file, say: options.say }));
      return { path: built.path, version: pinned.version, origin: built.origin };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    try {
      const url = options.downloadUrl ?? DOWNLOAD_URL;
      await into(downloaded.path, (file) =>
        downloadTemporal({ url, version: pinned.version, file, say: options.say }),
      );
      return { path: downloaded.path, version: pinned.version, origin: downloaded.origin };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    throw new Failure(
      'invalid_config',
      [
        'No Temporal server is to be had. Do one of these: set TEMPORAL_ADDRESS to a running one; put the program `temporal` on the PATH (https://docs.temporal.io/cli#install); install Go 1.25 or newer (https://go.dev/dl).',
        ...problems.map((problem) => `Tried: ${problem}`),
      ].join('\n'),
    );
  });
}

/** Makes the file beside its place, proves that it runs, then moves it: nobody ever starts half a program. */
async function into(path: string, make: (file: string) => Promise<void>): Promise<void> {
  const making = `${path}.${randomBytes(4).toString('hex')}`;
  await mkdir(join(path, '..'), { recursive: true });
  try {
    await make(making);
    if ((await versionOf(making)) === null)
      throw new Failure('unavailable', `The program made for ${path} does not run on this machine.`);
    await rename(making, path);
  } finally {
    await rm(making, { force: true });
  }
}

async function pinnedVersion(moduleDir: string): Promise<{ version: string; hash: string }> {
  const text = await readFile(join(moduleDir, 'go.mod'), 'utf8');
  const version = /github\.com\/temporalio\/cli v(\S+)/.exec(text)?.[1];
  if (version === undefined)
    throw new Failure('bug', `${moduleDir}/go.mod does not name github.com/temporalio/cli.`);
  return { version, hash: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}

/** `temporal --version` prints `temporal version 1.5.1 (Server 1.29.1, ...)`; a build from source prints 0.0.0-DEV. */
async function versionOf(program: string): Promise<string | null> {
  try {
    const { stdout } = await run(program, ['--version'], { timeout: 20_000 });
    return /version (\S+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

async function withLock<T>(file: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  let told = false;
  while (!(await take(file))) {
    if (!told) say('Temporal: another process is making the dev server; waiting for it.');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const touch = setInterval(
    () => void utimes(file, new Date(), new Date()).catch(() => undefined),
    LOCK_TOUCH_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const age =
    Date.now() -
    (await stat(file).then(
      (found) => found.mtimeMs,
      () => Date.now(),
    ));
  if (age > LOCK_STALE_MS) await rm(file, { force: true });
  return false;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
