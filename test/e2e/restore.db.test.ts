/**
 * Backups on real servers: what a dump holds, put into a second server whose transaction ids are far behind; and a standby that takes
 * over. In both the feed goes on: a change made afterwards reaches the other systems, nothing is doubled, nothing is silent.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import { migratePlainly } from '../../cli/stack/postgres-logins.ts';
import { startPostgres, type RunningPostgres } from '../../cli/stack/postgres.ts';
import { setRecordFields } from '../../plant/records/records.ts';
import { createPlant, movesOf, type Plant, type PlantConnection } from '../support/plant.ts';

let folder: string;
let first: RunningPostgres;
let plant: Plant;
let connections: PlantConnection[];
const settings = { fsync: 'off' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-restore-'));
  first = await startPostgres({ folder: join(folder, 'first'), database: 'plant', settings });
  const { runUrl } = await migratePlainly(first.adminUrl);
  plant = await createPlant({ url: runUrl });
  connections = [
    await plant.connect('upkeep', { seed: 'orders:3' }, { name: 'north' }),
    await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' }),
  ];
  await plant.settle();
}, 120_000);
afterAll(async () => {
  await plant.close();
  await first.stop();
  await rm(folder, { recursive: true, force: true });
});

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same login and database on another server. */
function urlOn(url: string, server: string): string {
  const moved = new URL(url);
  moved.host = new URL(server).host;
  return moved.href;
}

const nextId = (url: string): Promise<number> =>
  onServer(url, async (client) =>
    Number((await client.query<{ id: string }>('select pg_current_xact_id()::text as id')).rows[0]?.id),
  );

/** Uses up transaction ids, as years of work do. */
function age(url: string, transactions: number): Promise<unknown> {
  return onServer(url, (client) =>
    client.query(
      `do $$ begin for n in 1..${String(transactions)} loop perform pg_current_xact_id(); commit; end loop; end $$`,
    ),
  );
}

interface Table {
  name: string;
  columns: string;
}

/** Every row and the state of every sequence, as pg_dump writes them; read by the tables' owner, who is no superuser. */
async function copyRows(fromOwner: string, toAdmin: string): Promise<void> {
  await onServer(fromOwner, (from) =>
    onServer(toAdmin, async (to) => {
      const { rows: tables } = await from.query<Table>(
        `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('schema_migration', 'call_count') group by 1`,
      );
      // A restore puts rows in before it makes references and triggers.
      await to.query('set session_replication_role = replica');
      for (const { name, columns } of tables) {
        const { rows } = await from.query<{ rows: string }>(
          `select coalesce(json_agg(t), '[]')::text as rows from public."${name}" t`,
        );
        await to.query(
          `insert into public."${name}" (${columns}) overriding system value
           select ${columns} from json_populate_recordset(null::public."${name}", $1::json)`,
          [rows[0]?.rows],
        );
      }
      const { rows: sequences } = await from.query<{ name: string; value: string | null }>(
        `select sequencename as name, last_value as value from pg_sequences where schemaname = 'public'`,
      );
      for (const { name, value } of sequences)
        if (value !== null) await to.query('select setval($1, $2)', [`public."${name}"`, value]);
    }),
  );
}

const orders = ({ sandbox }: PlantConnection) =>
  sandbox.control.list('work-orders') as { title: string; status: string }[];
const titles = (): string[][] =>
  connections.map((one) =>
    orders(one)
      .map(({ title }) => title)
      .sort(),
  );

function edit(used: Plant, number: string, title: string): Promise<unknown> {
  const { store, tenantId, deps } = used;
  const person = {
    store,
    tenantId,
    actor: 'test:maria',
    now: deps.now,
    newId: deps.newId,
    steps: createManualSteps(deps),
  };
  return setRecordFields(person, { number, fields: () => ({ title }) });
}

/** Passes over both connections until one moves nothing; a restored plant knows them by their ids alone. */
async function settle(used: Plant): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    let moves = 0;
    for (const connection of connections) moves += movesOf(await used.pass(connection));
    if (moves === 0) return;
  }
  throw new Error('The restored plant does not come to rest.');
}

describe('a dump that is restored into another server', () => {
  let second: RunningPostgres;
  let restored: Plant;
  beforeAll(async () => {
    await age(first.adminUrl, 20_000);
    // A change that nobody has been told of yet goes into the dump.
    await edit(plant, 'WO-000001', 'Changed before the dump');
    second = await startPostgres({ folder: join(folder, 'second'), database: 'plant', settings });
    const { runUrl } = await migratePlainly(second.adminUrl);
    const { ownerUrl } = await migratePlainly(first.adminUrl);
    await copyRows(ownerUrl, second.adminUrl);
    restored = await createPlant({ url: runUrl });
  }, 120_000);
  afterAll(async () => {
    await restored.close();
    await second.stop();
  });

  it('has ids far beyond those of the new server', async () => {
    expect(await nextId(first.adminUrl)).toBeGreaterThan((await nextId(second.adminUrl)) + 10_000);
    expect(restored.tenantId).toBe(plant.tenantId);
  });

  it('goes on: what was not told and what is changed now reaches both systems, and nothing is doubled', async () => {
    const before = titles().map((list) => list.length);
    await edit(restored, 'WO-000002', 'Changed after the restore');
    await settle(restored);
    for (const list of titles()) {
      expect(list).toContain('Changed before the dump');
      expect(list).toContain('Changed after the restore');
    }
    expect(titles().map((list) => list.length)).toEqual(before);
    const [one, other] = titles();
    expect(one).toEqual(other);
  });

  it('hears the systems as before', async () => {
    const [north] = connections;
    north?.sandbox.control.insert('work-orders', { title: 'Entered after the restore', status: 'open' });
    await settle(restored);
    expect(titles()[1]).toContain('Entered after the restore');
  });
});

describe('a standby that is promoted', () => {
  it('goes on with its ids, in a new timeline', async () => {
    const folderOf = (name: string) => join(folder, name);
    const opened = await startPostgres({ folder: folderOf('primary'), database: 'plant', settings });
    await age(opened.adminUrl, 3_000);
    const { runUrl } = await migratePlainly(opened.adminUrl);
    const before = await createPlant({ url: runUrl });
    const [north, south] = [
      await before.connect('upkeep', { seed: 'orders:2' }, { name: 'north' }),
      await before.connect('upkeep', { seed: 'empty' }, { name: 'south' }),
    ];
    await before.settle();
    await edit(before, 'WO-000001', 'Changed before the failover');
    await opened.stop();
    // A cold copy is what a standby starts from; it follows nobody, and is promoted.
    await promisify(execFile)('cp', ['-a', folderOf('primary'), folderOf('standby')]);
    await writeFile(join(folderOf('standby'), 'data', 'standby.signal'), '');
    const promoted = await startPostgres({ folder: folderOf('standby'), database: 'plant', settings });
    await onServer(promoted.adminUrl, (client) => client.query('select pg_promote()'));
    const after = await createPlant({ url: urlOn(runUrl, promoted.adminUrl) });
    try {
      await edit(after, 'WO-000002', 'Changed after the failover');
      for (let round = 0; round < 3; round += 1) for (const one of [north, south]) await after.pass(one);
      const lists = [north, south].map((one) =>
        orders(one)
          .map(({ title }) => title)
          .sort(),
      );
      expect(lists[0]).toEqual(['Changed after the failover', 'Changed before the failover']);
      expect(lists[1]).toEqual(lists[0]);
      const told = await onServer(promoted.adminUrl, (client) =>
        client.query(`select 1 from audit_log where action = 'feed.renumber'`),
      );
      expect(told.rows).toEqual([]);
    } finally {
      await after.close();
      await before.close();
      await promoted.stop();
    }
  }, 120_000);
});
