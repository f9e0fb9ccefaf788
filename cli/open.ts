/** Opens the program for one command, with the settings of the environment; local defaults come from a running `demo`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../domain/kernel/failure.ts';
import { assertMigrated } from '../store/migrate.ts';
import { ensureTenant, type Tenant } from '../store/access/tenants.ts';
import { newId } from '../domain/id.ts';
import { readSettings, type Settings } from './config.ts';
import { keyRingOf, openProgram, type Program } from './wiring.ts';

/** What a local run writes into its state folder, so that other commands find it without settings. Mode 600. */
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

export interface Opened {
  program: Program;
  settings: Settings;
  databaseUrl: string;
  tenant: Tenant;
}

/** Settings of the environment, and where they are silent those of the local run. */
export async function effectiveSettings(): Promise<
  Settings & { databaseUrl: string; temporalAddress: string }
> {
  const settings = readSettings();
  const run = await readRunFile(settings.stateDir);
  const databaseUrl = settings.databaseUrl ?? run?.databaseUrl;
  const temporalAddress = settings.temporal.address ?? run?.temporalAddress;
  if (databaseUrl === undefined || temporalAddress === undefined) {
    throw new Failure(
      'invalid_config',
      'DATABASE_URL and TEMPORAL_ADDRESS are not set and nothing runs here; set them, or start `npm run demo` first.',
    );
  }
  const local =
    run === null ? [] : readSettings({ CHATTERFIX_ENCRYPTION_KEYS: run.encryptionKey }).encryptionKeys;
  const encryptionKeys = settings.encryptionKeys.length > 0 ? settings.encryptionKeys : local;
  const allowedHosts = [...settings.allowedHosts, ...(run?.allowedHosts ?? [])];
  return { ...settings, databaseUrl, temporalAddress, encryptionKeys, allowedHosts };
}

/** Connections to PostgreSQL of a command; what serves many at once says more. */
const COMMAND_POOL = 4;

export async function withProgram<T>(
  work: (opened: Opened) => Promise<T>,
  poolMax = COMMAND_POOL,
): Promise<T> {
  const settings = await effectiveSettings();
  await assertMigrated(settings.databaseUrl);
  const program = await openProgram({
    databaseUrl: settings.databaseUrl,
    ring: keyRingOf(settings.encryptionKeys),
    allowedHosts: settings.allowedHosts,
    temporal: {
      address: settings.temporalAddress,
      namespace: settings.temporal.namespace,
      ...(settings.temporal.apiKey === undefined ? {} : { apiKey: settings.temporal.apiKey }),
      ...(settings.temporal.tls ? { tls: true } : {}),
    },
    poolMax,
  });
  try {
    return await work({
      program,
      settings,
      databaseUrl: settings.databaseUrl,
      tenant: await defaultTenant(program),
    });
  } finally {
    await program.close();
  }
}

/** One plant unless more are made: commands work on the tenant `default`. */
export function defaultTenant(program: Program): Promise<Tenant> {
  return ensureTenant(program.store.db, { id: newId(Date.now()), slug: 'default', name: 'Default plant' });
}

async function readRunFile(stateDir: string): Promise<RunFile | null> {
  let text: string;
  try {
    text = await readFile(join(stateDir, RUN_FILE), 'utf8');
  } catch {
    return null;
  }
  const parsed = runFile.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
