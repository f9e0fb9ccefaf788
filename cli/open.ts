/** Opens the program for one command, with the settings of the environment; local defaults come from a running `demo`. */
import { Failure } from '../domain/kernel/failure.ts';
import { openStore, type Store } from '../store/database.ts';
import { assertMigrated } from '../store/migrate.ts';
import { ensureTenant, type Tenant } from '../store/access/tenants.ts';
import { newId } from '../domain/id.ts';
import { readSettings, type Settings } from './config.ts';
import { findLocalRun } from './local-run.ts';
import type { SyncDeps } from '../activities/sync/context.ts';
import type { MappingBook } from './mapping-book.ts';
import type { Program } from './wiring.ts';

export interface Opened {
  program: Program;
  settings: Settings;
  databaseUrl: string;
  tenant: Tenant;
}

/** Settings of the environment, and where they are silent those of the local run. */
async function givenSettings(): Promise<
  Settings & { databaseUrl: string; temporalAddress: string | undefined }
> {
  const settings = readSettings();
  // Complete settings leave nothing to be found.
  const isComplete = settings.databaseUrl !== undefined && settings.temporal.address !== undefined;
  const run = isComplete ? null : await findLocalRun(settings.stateDir);
  const databaseUrl = settings.databaseUrl ?? run?.databaseUrl;
  const temporalAddress = settings.temporal.address ?? run?.temporalAddress;
  if (databaseUrl === undefined) throw notSet('DATABASE_URL and TEMPORAL_ADDRESS are');
  const local =
    run === null ? [] : readSettings({ CHATTERFIX_ENCRYPTION_KEYS: run.encryptionKey }).encryptionKeys;
  const encryptionKeys = settings.encryptionKeys.length > 0 ? settings.encryptionKeys : local;
  const allowedHosts = [...settings.allowedHosts, ...(run?.allowedHosts ?? [])];
  return { ...settings, databaseUrl, temporalAddress, encryptionKeys, allowedHosts };
}

function notSet(variables: string): Failure {
  return new Failure(
    'invalid_config',
    `${variables} not set and nothing runs here; set them, or start \`npm run demo\` or \`chatterfix-sync up\` first.`,
  );
}

/** The same, complete: for what reaches Temporal. */
export async function effectiveSettings(): Promise<
  Settings & { databaseUrl: string; temporalAddress: string }
> {
  const settings = await givenSettings();
  const { temporalAddress } = settings;
  if (temporalAddress === undefined) throw notSet('TEMPORAL_ADDRESS is');
  return { ...settings, temporalAddress };
}

/** For what only looks into the store: neither mappings nor Temporal are opened. */
export async function withStore<T>(
  work: (opened: { store: Store; tenant: Tenant }) => Promise<T>,
): Promise<T> {
  const { databaseUrl } = await givenSettings();
  await assertMigrated(databaseUrl);
  const store = openStore({ url: databaseUrl, poolMax: COMMAND_POOL });
  try {
    return await work({ store, tenant: await tenantOf(store) });
  } finally {
    await store.close();
  }
}

/** The store with the mappings, for what asks how a system shows a record; Temporal is not opened. */
export async function withMappings<T>(
  work: (opened: { sync: SyncDeps; book: MappingBook; tenant: Tenant }) => Promise<T>,
): Promise<T> {
  const { allowedHosts, encryptionKeys } = await givenSettings();
  return withStore(async ({ store, tenant }) => {
    const [{ createSyncDeps, keyRingOf }, { openMappingBook }] = await Promise.all([
      import('./sync-deps.ts'),
      import('./mapping-book.ts'),
    ]);
    const book = await openMappingBook({ compile: 'later' });
    const sync = await createSyncDeps({
      store,
      ring: keyRingOf(encryptionKeys),
      network: { allowed: allowedHosts },
      book,
      now: Date.now,
      // Nothing is changed, so nobody has to be woken.
      pokeOthers: async () => undefined,
    });
    return work({ sync, book, tenant });
  });
}

/** Connections to PostgreSQL of a command; what serves many at once says more. */
const COMMAND_POOL = 4;

/** The whole program for one command; services serve many at once and say so. */
export async function withProgram<T>(
  work: (opened: Opened) => Promise<T>,
  service?: { poolMax: number },
): Promise<T> {
  const settings = await effectiveSettings();
  const [{ openProgram }, { keyRingOf }] = await Promise.all([
    import('./wiring.ts'),
    import('./sync-deps.ts'),
  ]);
  await assertMigrated(settings.databaseUrl);
  const program = await openProgram({
    databaseUrl: settings.databaseUrl,
    ring: keyRingOf(settings.encryptionKeys),
    allowedHosts: settings.allowedHosts,
    publicUrl: settings.publicUrl,
    temporal: {
      address: settings.temporalAddress,
      namespace: settings.temporal.namespace,
      ...(settings.temporal.apiKey === undefined ? {} : { apiKey: settings.temporal.apiKey }),
      ...(settings.temporal.tls ? { tls: true } : {}),
    },
    poolMax: service?.poolMax ?? COMMAND_POOL,
    compile: service === undefined ? 'later' : 'now',
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
export function defaultTenant(program: Pick<Program, 'store'>): Promise<Tenant> {
  return tenantOf(program.store);
}

function tenantOf(store: Store): Promise<Tenant> {
  return ensureTenant(store.db, { id: newId(Date.now()), slug: 'default', name: 'Default plant' });
}
