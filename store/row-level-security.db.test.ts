/** Tries to reach another tenant's rows in every table there is; a table added later is covered, or fails, by itself. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { openTestStore, type TestStore } from './store.fixture.ts';

/** Tables that belong to no tenant; the program's role has no right to the first two. */
const WITHOUT_TENANT = ['call_count', 'schema_migration', 'tenant'];
const APPEND_ONLY = ['audit_log'];

interface Column {
  name: string;
  type: string;
  /** The first value a check constraint of this column allows. */
  allowed: string | null;
}

async function tenantTables(test: TestStore): Promise<string[]> {
  const found = await test.admin.query<{ table_name: string }>(`
    select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE' order by 1`);
  return found.rows.map((row) => row.table_name);
}

/** The columns a row cannot do without. */
async function neededColumns(test: TestStore, table: string): Promise<Column[]> {
  const found = await test.admin.query<{ name: string; type: string; check: string | null }>(
    `select a.attname as name, format_type(a.atttypid, null) as type,
       (select pg_get_constraintdef(k.oid) from pg_constraint k
        where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as check
     from pg_attribute a
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
       and a.attidentity = ''`,
    [table],
  );
  return found.rows.map(({ name, type, check }) => ({
    name,
    type,
    allowed: /'([^']+)'/.exec(check ?? '')?.[1] ?? null,
  }));
}

function valueFor({ name, type, allowed }: Column, tenantId: string): unknown {
  if (name === 'tenant_id') return tenantId;
  if (allowed !== null) return allowed;
  if (type === 'uuid') return randomUUID();
  if (type === 'bytea') return Buffer.from(randomUUID());
  if (type.endsWith('[]')) return [];
  if (type.startsWith('json')) return '{}';
  if (type.startsWith('timestamp')) return '2026-03-01T08:15:00Z';
  if (type === 'boolean') return true;
  if (/int|double|numeric|real/.test(type)) return 1;
  return randomUUID();
}

async function insertOf(test: TestStore, table: string, tenantId: string) {
  const columns = await neededColumns(test, table);
  return {
    text: `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
      values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    values: columns.map((column) => valueFor(column, tenantId)),
  };
}

/** One row of each tenant; references to other tables are not checked, so that every table can be filled alone. */
async function fill(test: TestStore, table: string): Promise<void> {
  const client = await test.admin.connect();
  try {
    await client.query('set session_replication_role = replica');
    for (const tenantId of [test.tenantA, test.tenantB]) {
      await client.query(await insertOf(test, table, tenantId));
    }
  } finally {
    await client.query('reset session_replication_role');
    client.release();
  }
}

/** Every way in which tenant A gets at tenant B's row of this table; none is how it must be. */
async function waysIn(test: TestStore, table: string): Promise<string[]> {
  const { store, tenantA, tenantB } = test;
  const name = sql.table(table);
  const ways: string[] = [];
  const insert = await insertOf(test, table, tenantB);
  const attempts: Record<string, () => Promise<unknown>> = {
    'reads it': () =>
      store.inTenant(tenantA, (tx) =>
        sql`select tenant_id from ${name} where tenant_id <> ${tenantA}`.execute(tx),
      ),
    'reads it by its tenant': () =>
      store.inTenant(tenantA, (tx) => sql`select 1 from ${name} where tenant_id = ${tenantB}`.execute(tx)),
    'reads it without a tenant set': () => sql`select 1 from ${name}`.execute(store.db),
    'reads it with an empty tenant': () => store.inTenant('', (tx) => sql`select 1 from ${name}`.execute(tx)),
    'updates it': () =>
      store.inTenant(tenantA, (tx) =>
        sql`update ${name} set tenant_id = ${tenantA} where tenant_id = ${tenantB} returning 1`.execute(tx),
      ),
    'gives its own away': () =>
      store.inTenant(tenantA, (tx) => sql`update ${name} set tenant_id = ${tenantB} returning 1`.execute(tx)),
    'deletes it': () =>
      store.inTenant(tenantA, (tx) =>
        sql`delete from ${name} where tenant_id = ${tenantB} returning 1`.execute(tx),
      ),
    'inserts one': () =>
      store.inTenant(tenantA, async (tx) => {
        const values = sql.join(insert.values.map((value) => sql`${value}`));
        const columns = sql.raw(/\((.*?)\)/.exec(insert.text)?.[1] ?? '');
        return sql`insert into ${name} (${columns}) values (${values}) returning 1`.execute(tx);
      }),
  };
  for (const [way, attempt] of Object.entries(attempts)) {
    const rows = await attempt().then(
      (result) => (result as { rows: unknown[] }).rows.length,
      (error: unknown) => {
        // 42501: refused by the policy or by missing rights. Anything else would be a mistake of this test.
        if (error instanceof Error && 'code' in error && error.code === '42501') return 0;
        throw error;
      },
    );
    if (rows > 0) ways.push(`${table}: tenant A ${way}`);
  }
  return ways;
}

describe('row-level security', () => {
  let test: TestStore;
  let tables: string[];
  beforeAll(async () => {
    test = await openTestStore();
    tables = await tenantTables(test);
    for (const table of tables) await fill(test, table);
  });
  afterAll(() => test.close());

  it('covers every table but those that belong to no tenant', async () => {
    const all = await test.admin.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    expect(all.rows.map((row) => row.name).filter((name) => !tables.includes(name))).toEqual(WITHOUT_TENANT);
    expect(tables.length).toBeGreaterThan(20);
    for (const table of ['call_count', 'schema_migration']) {
      await expect(sql`select 1 from ${sql.table(table)}`.execute(test.store.db)).rejects.toMatchObject({
        code: '42501',
      });
    }
    const unforced = await test.admin.query(
      `select relname from pg_class where relname = any($1) and relkind = 'r'
       and not (relrowsecurity and relforcerowsecurity)`,
      [tables],
    );
    expect(unforced.rows).toEqual([]);
  });

  it('lets no tenant at the rows of another, in any table', async () => {
    for (const table of tables) expect(await waysIn(test, table)).toEqual([]);
  });

  it('leaves the rows of both as they were, and shows each its own', async () => {
    for (const table of tables) {
      const rows = await test.admin.query<{ tenant_id: string }>(`select tenant_id from ${table}`);
      expect([table, ...rows.rows.map((row) => row.tenant_id).sort()]).toEqual([
        table,
        ...[test.tenantA, test.tenantB].sort(),
      ]);
      const own = await test.store.inTenant(test.tenantA, (tx) =>
        sql<{ tenantId: string }>`select tenant_id from ${sql.table(table)}`.execute(tx),
      );
      expect(own.rows).toEqual([{ tenantId: test.tenantA }]);
    }
  });

  it('lets the owner of the tables read every row, so that its functions and its dumps work, and write none', async () => {
    const owner = new pg.Client({ connectionString: test.ownerUrl });
    await owner.connect();
    try {
      for (const table of tables) {
        const seen = await owner.query<{ n: number }>(`select count(*)::int as n from ${table}`);
        expect([table, seen.rows]).toEqual([table, [{ n: 2 }]]);
        const insert = owner.query(await insertOf(test, table, test.tenantB));
        await expect(insert).rejects.toMatchObject({ code: '42501' });
        const changed = await owner.query(`update ${table} set tenant_id = tenant_id`);
        const removed = await owner.query(`delete from ${table}`);
        expect([table, changed.rowCount, removed.rowCount]).toEqual([table, 0, 0]);
      }
    } finally {
      await owner.end();
    }
  });

  it('would notice a table without a policy', async () => {
    await test.admin.query('create table stray (tenant_id uuid not null)');
    await test.admin.query('grant all on stray to chatterfix_app');
    await fill(test, 'stray');
    expect(await tenantTables(test)).toContain('stray');
    expect(await waysIn(test, 'stray')).toContain('stray: tenant A reads it');
    await test.admin.query('drop table stray');
  });

  it.each(APPEND_ONLY)('%s can be appended to by its tenant, never changed', async (table) => {
    const { store, tenantA } = test;
    const change = (statement: string) => store.inTenant(tenantA, (tx) => sql.raw(statement).execute(tx));
    await change(
      `insert into ${table} (tenant_id, actor, action, subject) values ('${tenantA}', 'planner', 'update', 'WO-000001')`,
    );
    await expect(change(`update ${table} set actor = 'nobody'`)).rejects.toThrow(/permission denied/);
    await expect(change(`delete from ${table}`)).rejects.toThrow(/permission denied/);
    await expect(change(`truncate ${table}`)).rejects.toThrow(/permission denied/);
  });

  it('runs and migrates under logins without any right over others', async () => {
    const logins = [test.url, test.ownerUrl].map((url) => new URL(url).username);
    const found = await test.admin.query(
      `select rolname, rolsuper, rolbypassrls from pg_roles where rolname = any($1) order by rolname desc`,
      [logins],
    );
    expect(found.rows).toEqual(logins.map((rolname) => ({ rolname, rolsuper: false, rolbypassrls: false })));
  });

  it('gives the role of the product no way around: no superuser, no bypass, owner of nothing', async () => {
    const role = await test.admin.query(
      `select rolsuper, rolbypassrls, rolcreaterole,
         (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned
       from pg_roles where rolname = 'chatterfix_app'`,
    );
    expect(role.rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, owned: 0 }]);
    const current = await sql<{ role: string }>`select current_user as role`.execute(test.store.db);
    expect(current.rows).toEqual([{ role: 'chatterfix_app' }]);
  });
});
