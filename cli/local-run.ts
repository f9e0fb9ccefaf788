/** What a local run (`up`, `demo`) tells of itself in its folder, so that other commands find it without settings. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../domain/kernel/failure.ts';
import { isFolderInUse } from './stack/state-folder.ts';

/** Each keeps what it has in a folder of its own below the state folder, so that no system of one's own meets the demo's. */
export const LOCAL_RUNS = ['up', 'demo'] as const;
export type LocalRun = (typeof LOCAL_RUNS)[number];

/** Mode 600: it holds the key that seals credentials. */
export const RUN_FILE = 'run.json';
const runFile = z.object({
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  encryptionKey: z.string(),
  apiUrl: z.string().optional(),
  /** Private addresses that the local run's connections may reach: its own sandboxes. */
  allowedHosts: z.array(z.string()).default([]),
});
export type RunFile = z.input<typeof runFile>;

/** The one that runs now, or null. Two at once are a question only the person can answer. */
export async function findLocalRun(stateDir: string): Promise<z.output<typeof runFile> | null> {
  const running: LocalRun[] = [];
  for (const name of LOCAL_RUNS) if (await isFolderInUse(join(stateDir, name))) running.push(name);
  const [only, other] = running;
  if (only === undefined) return null;
  if (other !== undefined) {
    throw new Failure(
      'invalid_config',
      `\`${only}\` and \`${other}\` both run here; stop one, or start one of them with a CHATTERFIX_STATE_DIR of its own and give it to the command too.`,
    );
  }
  return readRunFile(join(stateDir, only, RUN_FILE));
}

/** Null while the run is still starting. */
async function readRunFile(file: string): Promise<z.output<typeof runFile> | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return null;
  }
  const parsed = runFile.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
