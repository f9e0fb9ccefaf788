/** Bodies that are kept by the page: found again by their place, also those that were single rows before. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openStore } from '../database.ts';
import type { Tx } from '../index.ts';
import { MIGRATIONS, migrate } from '../migrate.ts';
import { resumableParked } from '../exceptions/exceptions.ts';
import { loadReviews } from '../exceptions/review-list.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import { loadLinks } from './links.ts';
import { keepRawPage, loadRaw, openRawPage, type RawPlace } from './raw-pages.ts';

describe('kept bodies', () => {
  let test: TestStore;
  let scope: { tenantId: string; connectionId: string; entity: 'work_order'; at: string };
  beforeAll(async () => {
    test = await openTestStore();
    const connectionId = await addConnection(test, test.tenantA);
    scope = { tenantId: test.tenantA, connectionId, entity: 'work_order', at: '2026-03-01T08:15:00.000Z' };
  });
  afterAll(() => test.close());

  const inA = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => test.store.inTenant(test.tenantA, work);

  async function keep(bodies: readonly object[]): Promise<RawPlace[]> {
    const page = openRawPage(randomUUID());
    const places = bodies.map((body) => page.place(JSON.stringify(body)));
    const packed = await page.pack();
    await inA((tx) => keepRawPage(tx, scope, packed));
    return places;
  }

  it('come back from their places, of one page or of many, whatever they hold', async () => {
    const bodies = [
      { title: 'Replace the hose' },
      { title: 'line\nbreak \u2028 and "quotes"' },
      {},
      { name: 'Bürste 刷子 🪛', deep: { list: [1, null, { a: false }] } },
    ];
    const places = await keep(bodies);
    for (let page = 0; page < 40; page += 1) places.push(...(await keep([{ page }])));
    const all = await inA((tx) =>
      loadRaw(
        tx,
        places.map((kept, index) => ({ externalId: `r${index}`, kept })),
      ),
    );
    expect([0, 1, 2, 3].map((index) => all.get(`r${index}`))).toEqual(bodies);
    expect(places.slice(4).map((_, index) => all.get(`r${index + 4}`))).toEqual(
      Array.from({ length: 40 }, (_, page) => ({ page })),
    );
  });

  it('are left out where nothing is kept', async () => {
    const [kept] = await keep([{ title: 'Replace the hose' }]);
    const found = await inA((tx) =>
      loadRaw(tx, [
        { externalId: 'none' },
        { externalId: 'unknown', kept: null },
        { externalId: 'no page', kept: { page: randomUUID(), at: 0 } },
        { externalId: 'beyond', kept: { page: kept?.page ?? '', at: 7 } },
        { externalId: 'there', kept: kept ?? null },
      ]),
    );
    expect([...found]).toEqual([['there', { title: 'Replace the hose' }]]);
  });

  it('are a twelfth of their text in the table', async () => {
    const [place] = await keep(
      Array.from({ length: 500 }, (_, n) => ({
        wonum: `WO-${n}`,
        description: 'Replace the hydraulic hose of the boom cylinder',
        status: 'COMP',
        siteid: 'BEDFORD',
        changedate: '2026-03-01T08:15:00+00:00',
      })),
    );
    const size = await test.admin.query<{ size: number }>(
      'select length(bodies) as size from raw_page where id = $1',
      [place?.page],
    );
    expect(size.rows[0]?.size).toBeLessThan(500 * 160 * 0.1);
  });

  it('nothing is written for a page that took none', async () => {
    expect(await openRawPage(randomUUID()).pack()).toBeNull();
    await inA((tx) => keepRawPage(tx, scope, null));
  });
});

describe('bodies that were rows of their own', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const name = `older_${randomUUID().replaceAll('-', '')}`;
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.ownerUrl });
    await admin.connect();
    await admin.query(`create database ${name}`);
  });
  afterAll(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    await database.drop();
  });

  const tenantId = randomUUID();
  const connectionId = randomUUID();
  const uuidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

  /** A database as it was before pages: links, a parked and a reviewed record, and a content that nothing tells of any more. */
  async function fillOlder(): Promise<void> {
    const owner = new pg.Client({ connectionString: at(database.ownerUrl) });
    await owner.connect();
    await owner.query(
      'create table schema_migration (name text primary key, applied_at timestamptz not null default now())',
    );
    for (const { name: migration, sql } of MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex((one) => one.name === '0019-pages'),
    )) {
      await owner.query(sql);
      await owner.query('insert into schema_migration (name) values ($1)', [migration]);
    }
    await owner.end();
    const rows = new pg.Client({ connectionString: at(database.adminUrl) });
    await rows.connect();
    await rows.query(`insert into tenant (id, slug, name) values ('${tenantId}', 'p', 'Plant')`);
    await rows.query(
      `insert into connection (id, tenant_id, system, name, config) values ('${connectionId}', '${tenantId}', 'maximo', 'north', '{}')`,
    );
    await rows.query(
      `insert into raw_record (tenant_id, connection_id, entity, external_id, hash, body, fetched_at)
       select $1::uuid, $2::uuid, 'asset', 'e' || n, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '{"n":' || n || '}', now()
       from generate_series(1, 2500) n union all
       select $1::uuid, $2::uuid, 'asset', 'e7', '${uuidOf(9999)}', '{"n":"former"}', now() - interval '1 day'`,
      [tenantId, connectionId],
    );
    await rows.query(
      `insert into link (tenant_id, connection_id, entity, external_id, hub_id, raw_hash, base_hub, hub_version)
       select $1, $2, 'asset', 'e' || n, gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '{}', 1
       from generate_series(1, 2400) n`,
      [tenantId, connectionId],
    );
    const meta = (n: number): string => JSON.stringify({ externalId: `e${n}`, hash: uuidOf(n) });
    await rows.query(
      `insert into parked (tenant_id, connection_id, entity, external_id, waits_entity, waits_external_id, record, run_id, since)
       values ($1, $2, 'asset', 'e2401', 'asset', 'e1', $3, $1, now())`,
      [tenantId, connectionId, meta(2401)],
    );
    await rows.query(
      `insert into match_review (tenant_id, connection_id, entity, external_id, candidates, record, since)
       values ($1, $2, 'asset', 'e2402', '{}', $3, now())`,
      [tenantId, connectionId, meta(2402)],
    );
    await rows.query(
      `insert into change (tenant_id, entity, hub_id, version) values ($1, 'asset', $1, 3), ($1, 'asset', $2, 1)`,
      [tenantId, connectionId],
    );
    await rows.end();
  }

  it('are found at their places after the migration: of links, of what waits, and the feed goes on', async () => {
    await fillOlder();
    expect(await migrate({ adminUrl: at(database.ownerUrl) })).toContain('0019-pages');
    const store = openStore({ url: at(database.url) });
    try {
      await store.inTenant(tenantId, async (tx) => {
        const links = await loadLinks(
          tx,
          connectionId,
          'asset',
          Array.from({ length: 2400 }, (_, n) => `e${n + 1}`),
        );
        const bodies = await loadRaw(tx, [...links.values()]);
        expect(bodies.size).toBe(2400);
        for (const [externalId, body] of bodies) expect(body).toEqual({ n: Number(externalId.slice(1)) });
        const parked = await resumableParked(tx, connectionId, 'asset', { after: null, limit: 10 });
        const waiting = await loadRaw(
          tx,
          parked.map(({ record }) => record),
        );
        expect([...waiting]).toEqual([['e2401', { n: 2401 }]]);
        expect(await loadReviews(tx, connectionId, ['e2402'])).toMatchObject([{ raw: { n: 2402 } }]);
      });
    } finally {
      await store.close();
    }
    const rows = new pg.Client({ connectionString: at(database.adminUrl) });
    await rows.connect();
    const fed = await rows.query('select hub_id, version::int from changed_record order by version');
    expect(fed.rows).toEqual([
      { hub_id: connectionId, version: 1 },
      { hub_id: tenantId, version: 3 },
    ]);
    const forced = await rows.query(
      `select relname from pg_class where relrowsecurity and not relforcerowsecurity`,
    );
    expect(forced.rows).toEqual([]);
    await rows.end();
  });
});
