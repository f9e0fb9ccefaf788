/**
 * Brings a database to the current schema: an explicit list of migrations, each applied once in its own transaction,
 * under one advisory lock so that two starting programs do not both migrate.
 */
import pg from 'pg';
import { Failure } from '../domain/kernel/failure.ts';
import { databaseFailure } from './database.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { rowLevelSecurity } from './migrations/0002-row-level-security.ts';
import { attachments } from './migrations/0003-attachments.ts';
import { api } from './migrations/0004-api.ts';
import { mappingOverrides } from './migrations/0006-mapping-overrides.ts';
import { runsAskedFor } from './migrations/0005-runs-asked-for.ts';
import { maintenance } from './migrations/0007-maintenance.ts';
import { assets } from './migrations/0008-assets.ts';
import { discoveredSchemas } from './migrations/0009-discovered-schemas.ts';
import { ownerReads } from './migrations/0010-owner-reads.ts';
import { leasesAndCounts } from './migrations/0011-leases-and-counts.ts';
import { listedFields } from './migrations/0012-listed-fields.ts';
import { retiredLinks } from './migrations/0013-retired-links.ts';
import { updateIntents } from './migrations/0014-update-intents.ts';
import { sharedBases } from './migrations/0015-shared-bases.ts';
import { systemIdentity } from './migrations/0016-system-identity.ts';
import { absentEntities } from './migrations/0017-absent-entities.ts';
import { occurrenceLedger } from './migrations/0018-occurrence-ledger.ts';
import { pages } from './migrations/0019-pages.ts';
import { stoppedCreates } from './migrations/0020-stopped-creates.ts';
import { notices } from './migrations/0021-notices.ts';
import { signals } from './migrations/0022-signals.ts';

/** In the order in which they are applied. What is released never changes (store/migrations.test.ts). */
export const MIGRATIONS: readonly { name: string; sql: string }[] = [
  { name: '0001-foundation', sql: foundation },
  { name: '0002-row-level-security', sql: rowLevelSecurity },
  { name: '0003-attachments', sql: attachments },
  { name: '0004-api', sql: api },
  { name: '0005-runs-asked-for', sql: runsAskedFor },
  { name: '0006-mapping-overrides', sql: mappingOverrides },
  { name: '0007-maintenance', sql: maintenance },
  { name: '0008-assets', sql: assets },
  { name: '0009-discovered-schemas', sql: discoveredSchemas },
  { name: '0010-owner-reads', sql: ownerReads },
  { name: '0011-leases-and-counts', sql: leasesAndCounts },
  { name: '0012-listed-fields', sql: listedFields },
  { name: '0013-retired-links', sql: retiredLinks },
  { name: '0014-update-intents', sql: updateIntents },
  { name: '0015-shared-bases', sql: sharedBases },
  { name: '0016-system-identity', sql: systemIdentity },
  { name: '0017-absent-entities', sql: absentEntities },
  { name: '0018-occurrence-ledger', sql: occurrenceLedger },
  { name: '0019-pages', sql: pages },
  { name: '0020-stopped-creates', sql: stoppedCreates },
  { name: '0021-notices', sql: notices },
  { name: '0022-signals', sql: signals },
];

const LOCK = 7_403_209_411;

/** Applies what is missing and returns the names applied. `adminUrl` owns the database and may create roles; it need be no superuser. */
export async function migrate(options: { adminUrl: string }): Promise<string[]> {
  const client = new pg.Client({ connectionString: options.adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())',
    );
    const done = new Set(
      (await client.query<{ name: string }>('select name from schema_migration')).rows.map((row) => row.name),
    );
    const applied: string[] = [];
    for (const migration of MIGRATIONS.filter(({ name }) => !done.has(name))) {
      await client.query('begin');
      await client.query(migration.sql);
      await client.query('insert into schema_migration (name) values ($1)', [migration.name]);
      await client.query('commit');
      applied.push(migration.name);
    }
    await client.query('select let_owner_read()');
    return applied;
  } catch (error) {
    throw databaseFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Fails with one clear sentence when a migration is missing. */
export async function assertMigrated(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const rows = await client.query<{ name: string }>('select name from schema_migration');
    const done = new Set(rows.rows.map((row) => row.name));
    const missing = MIGRATIONS.filter(({ name }) => !done.has(name)).map(({ name }) => name);
    if (missing.length > 0) {
      throw new Failure(
        'invalid_config',
        `The database lacks the migration ${missing.join(', ')}; run \`chatterfix-sync migrate\` and start again.`,
      );
    }
  } catch (error) {
    throw databaseFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
