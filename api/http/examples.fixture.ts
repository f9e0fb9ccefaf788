/** Empties the test's tenant and makes the records that the routes' examples speak of. */
import pg from 'pg';
import type { TestApi } from './api.fixture.ts';
import { EXAMPLE } from './frame/example-ids.ts';
import { seedAssets } from './routes/assets/examples.fixture.ts';
import { seedConnections } from './routes/connections/examples.fixture.ts';
import { seedExceptions } from './routes/conflicts/examples.fixture.ts';
import { seedMaintenance } from './routes/maintenance/examples.fixture.ts';
import { seedSchemas } from './routes/schemas/examples.fixture.ts';

/** Kept over a reset: the tenant itself and the key the test calls with. */
const KEPT = new Set(['tenant', 'schema_migration', 'api_key']);

export async function seedExamples(api: TestApi): Promise<void> {
  const client = new pg.Client({ connectionString: api.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    const tables = rows.map(({ name }) => name).filter((name) => !KEPT.has(name));
    await client.query(`truncate ${tables.map((name) => `"${name}"`).join(', ')} restart identity cascade`);
    await client.query(`delete from api_key where id = $1`, [EXAMPLE.key]);
    await client.query(
      `insert into api_key (id, tenant_id, name, prefix, hash, role, created_by) values ($1, $2, 'example', 'cfx_exampl', '\\x00', 'viewer', 'test')`,
      [EXAMPLE.key, api.plant.tenantId],
    );
  } finally {
    await client.end();
  }
  for (const seed of SEEDS) await seed(api);
}

/** One function an area, in an order in which later ones may refer to earlier ones. */
const SEEDS: readonly ((api: TestApi) => Promise<void>)[] = [
  seedConnections,
  seedExceptions,
  seedMaintenance,
  seedAssets,
  seedSchemas,
];
