/**
 * Two plants in one database: ours with the records of the routes' examples, and a neighbour with the same records under ids
 * and names of its own. Whatever a caller of ours sends, the neighbour is neither shown nor changed. Ours is put back
 * after each change, so that a request means the same whenever it is sent.
 */
import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import pg from 'pg';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';
import { seedExamples } from '../../api/http/examples.fixture.ts';
import { encodeCursor } from '../../api/http/frame/shapes.ts';
import { EXAMPLE } from '../../api/http/frame/example-ids.ts';
import { SECRET_MARK } from './hostile.ts';
import type { Pools } from './values.ts';
import type { Target } from './send.ts';

/** Stands in every name and text of the neighbour and is never sent. */
export const NEIGHBOUR_MARK = 'ZEBRA';

export interface World {
  api: TestApi;
  target: Target;
  pools: Pools;
  /** Ids of the neighbour that no request holds: an answer with one of them comes from its rows. */
  neighbourIds: readonly string[];
  /** Takes back what a request changed in our plant. */
  restore(): Promise<void>;
  /** Rows and a checksum of them by table: the neighbour's. */
  neighbourRows(): Promise<Record<string, string>>;
  /** Tables in which a credential stands readable. */
  readableSecrets(): Promise<string[]>;
  close(): Promise<void>;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const NOBODYS = 'c1920000-0000-7000-8000-000000000001';

/** Random ids begin with any digit: four of them are ours once in 65,536 ids, one was once in sixteen. */
const NEIGHBOURS = 'b19b';

/** The neighbour's id of what has this id with us: the first digits differ. */
export function neighbourId(id: string): string {
  return id.replaceAll(UUID, (whole) => NEIGHBOURS + whole.slice(NEIGHBOURS.length));
}

/** An id of the same shape that nobody has. */
export function nobodysId(id: string): string {
  return id.replaceAll(UUID, (whole) => `c${whole.slice(1)}`);
}

export async function openWorld(): Promise<World> {
  // Nothing is allowed but what is public, and the requests name nothing public that exists.
  const api = await openTestApi();
  const client = new pg.Client({ connectionString: api.adminUrl });
  await client.connect();
  const ours = api.plant.tenantId;
  const theirs = neighbourId(ours);

  await seedExamples(api);
  // The example's own system is on the internet; this address is refused before anybody waits for it.
  await client.query(
    `update connection set config = jsonb_set(config, '{baseUrl}', '"https://10.0.0.1/api/v2"') where config ? 'baseUrl'`,
  );
  const tables = await tenantTables(client);
  await client.query(`set session_replication_role = replica`);
  await client.query(`insert into tenant (id, slug, name) values ($1, 'neighbour', $2)`, [
    theirs,
    NEIGHBOUR_MARK,
  ]);
  for (const table of tables) await copyToNeighbour(client, table, ours);
  await client.query(`create schema kept`);
  for (const { name } of tables) {
    await client.query(
      `create table kept."${name}" as select * from public."${name}" where tenant_id = '${ours}'`,
    );
  }
  const restoring = tables
    .map(
      ({ name, columns }) =>
        `delete from public."${name}" where tenant_id = '${ours}';
         insert into public."${name}" (${columns}) overriding system value select ${columns} from kept."${name}";`,
    )
    .join('\n');

  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: false });
  const { port } = api.app.server.address() as AddressInfo;
  const ownIds = Object.values(EXAMPLE).filter((id) => id.length === 36);
  const theirIds = ownIds.map(neighbourId);
  return {
    api,
    target: { port, key: api.key, agent },
    pools: { ids: [...ownIds, ...theirIds, NOBODYS, ours, theirs], cursors: cursors(theirIds[0] ?? NOBODYS) },
    neighbourIds: await idsOfNeighbour(client, tables, theirs, new Set([...theirIds, theirs])),
    async restore() {
      await client.query(`begin;\n${restoring}\ncommit;`);
    },
    async neighbourRows() {
      const sums = tables.map(
        ({ name }) =>
          `select '${name}' as name, count(*)::text || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '-') as sum
           from public."${name}" t where tenant_id = '${theirs}'`,
      );
      const { rows } = await client.query<{ name: string; sum: string }>(sums.join(' union all '));
      return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
    },
    async readableSecrets() {
      const looks = tables.map(
        ({ name }) =>
          `select '${name}' as name from public."${name}" t where t::text like '%${SECRET_MARK}%'`,
      );
      const { rows } = await client.query<{ name: string }>(looks.join(' union '));
      return rows.map(({ name }) => name);
    },
    async close() {
      agent.destroy();
      await client.end();
      await api.close();
    },
  };
}

interface Table {
  name: string;
  columns: string;
}

async function tenantTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     group by c.relname having bool_or(a.attname = 'tenant_id') order by 1`,
  );
  return rows;
}

async function copyToNeighbour(client: pg.Client, { name, columns }: Table, ours: string): Promise<void> {
  const { rows } = await client.query<{ row: string }>(
    `select row_to_json(t)::text as row from public."${name}" t where tenant_id = $1`,
    [ours],
  );
  const { rows: identities } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'public."${name}"'::regclass and attidentity <> ''`,
  );
  const own = new Set(identities.map((one) => one.name));
  const wanted = columns
    .split(', ')
    .filter((column) => !own.has(column.replaceAll('"', '')))
    .join(', ');
  for (const { row } of rows) {
    const copy = marked(JSON.parse(row), '') as Record<string, unknown>;
    // Unique over all plants.
    if (name === 'api_key')
      copy['hash'] = `\\x${createHash('sha256').update(String(copy['id'])).digest('hex')}`;
    await client.query(
      `insert into public."${name}" (${wanted}) select ${wanted} from json_populate_record(null::public."${name}", $1::json)`,
      [JSON.stringify(copy)],
    );
  }
}

const NAMES =
  /^(name|title|description|notes?|reason|message|summary|text|label|hub_value|external_value|before|after|state_reason|location|manufacturer|model)$/i;

/** The same with the neighbour's ids, and its mark behind every name; JSON inside text columns included. */
function marked(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    const text = neighbourId(value);
    if (/^[[{]/.test(text)) {
      try {
        return JSON.stringify(marked(JSON.parse(text), key));
      } catch {
        return text;
      }
    }
    return NAMES.test(key) ? `${text} ${NEIGHBOUR_MARK}` : text;
  }
  if (Array.isArray(value)) return value.map((one) => marked(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one, name)]));
}

async function idsOfNeighbour(
  client: pg.Client,
  tables: readonly Table[],
  theirs: string,
  sent: ReadonlySet<string>,
): Promise<string[]> {
  const found = new Set<string>();
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(
      `select t::text as row from public."${name}" t where tenant_id = $1`,
      [theirs],
    );
    for (const { row } of rows) for (const [id] of row.matchAll(UUID)) found.add(id);
  }
  return [...found].filter((id) => id.startsWith(NEIGHBOURS) && !sent.has(id));
}

/** Positions as lists give them, and what is none. */
function cursors(id: string): string[] {
  const time = '2026-03-01T08:15:00.000Z';
  const positions: unknown[] = [
    [time, id],
    [id],
    ['ZZZZ', id],
    ['', ''],
    [0],
    [-1],
    [1e308],
    [1.5, id],
    [null, id],
    [null],
    [time, id, time, id],
    ["'; drop table hub_record; --", id],
    ['a\0b', id],
    ['\ud800', id],
    [[[[]]], {}],
    { length: 2 },
    'text',
    null,
    7,
  ];
  return [
    ...positions.map((position) => encodeCursor(position as (string | number | null)[])),
    'x',
    '%',
    'W10',
    'A'.repeat(500),
    time,
    id,
    '0',
    '1',
    '-1',
  ];
}
