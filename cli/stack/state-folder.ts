/**
 * The folder of a local run (`.chatterfix/up/`, `.chatterfix/demo/`): databases, generated secrets, and the claim that only one run uses it.
 * It never deletes a folder that it did not make.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../domain/kernel/failure.ts';

export interface StateFolder {
  readonly path: string;
  /** Folder for one part, e.g. `part('postgres')`; its owner makes it. */
  part(name: string): string;
  /** A secret made on first use and kept, readable by the owner only: `bytes` random bytes. */
  secret(name: string, bytes: number): Promise<Buffer>;
  /** Gives up the claim; the content stays. */
  release(): Promise<void>;
}

const MARK = 'state-of-chatterfix-sync';

/** Opens the folder for this process alone; `fresh` removes what earlier runs left. */
export async function openStateFolder(options: { path: string; fresh?: boolean }): Promise<StateFolder> {
  const { path } = options;
  // Others may walk through (PostgreSQL under its own account) but not list; secrets have their own mode.
  await mkdir(path, { recursive: true, mode: 0o711 });
  const content = await readdir(path);
  if (content.length > 0 && !content.includes(MARK)) {
    throw new Failure(
      'invalid_config',
      `The folder ${path} holds something else; set CHATTERFIX_STATE_DIR to a new or empty folder.`,
    );
  }
  const claim = await claimFolder(path);
  if (options.fresh === true) {
    for (const name of content) await rm(join(path, name), { recursive: true, force: true });
  }
  await writeFile(join(path, MARK), 'Made by chatterfix-sync. May be deleted while it does not run.\n');
  return {
    path,
    part: (name) => join(path, name),
    secret: (name, bytes) => secret(join(path, name), bytes),
    release: () => new Promise((resolve) => claim.close(() => resolve())),
  };
}

async function secret(file: string, bytes: number): Promise<Buffer> {
  try {
    await writeFile(file, randomBytes(bytes).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}

/**
 * A listening socket is the claim: unlike a file with a process number it ends with the process, and a number that the
 * system gave to another program cannot be mistaken for ours.
 */
async function claimFolder(path: string): Promise<Server> {
  const socket = claimOf(path);
  try {
    return await listen(socket);
  } catch (cause) {
    if (await answers(socket)) {
      throw new Failure(
        'invalid_config',
        `Another chatterfix-sync uses ${path}; stop it, or set CHATTERFIX_STATE_DIR to another folder.`,
        { cause },
      );
    }
    await rm(socket, { force: true });
    return listen(socket);
  }
}

/** Whether a run holds the folder now. */
export function isFolderInUse(path: string): Promise<boolean> {
  return answers(claimOf(path));
}

function claimOf(path: string): string {
  // Socket paths may not be longer than about 100 characters, so it lives in the temporary folder under a digest.
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return join(tmpdir(), `chatterfix-${digest}.sock`);
}

function listen(socket: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((caller) => caller.destroy());
    server.once('error', reject);
    server.listen(socket, () => resolve(server.unref()));
  });
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const caller = connect(socket);
    caller.once('connect', () => {
      caller.destroy();
      resolve(true);
    });
    caller.once('error', () => resolve(false));
  });
}
