/** Settings and tables that do not fit: each told in one sentence, with what to change. And tables other than the default ones. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { createOp, drain, updateOp } from '../kit/conformance-bench.ts';
import type { Session } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { sql } from './index.ts';

const network = { allowed: [`file:${tmpdir()}/`] };
let folder: string;
let file: string;
let database: DatabaseSync;
const sessions: Session[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-sql-settings-'));
  file = join(folder, 'plant.sqlite');
  database = new DatabaseSync(file);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  database.close();
  await rm(folder, { recursive: true, force: true });
});

function connect(entities: JsonObject, more: JsonObject = {}): Session {
  const session = sql.connect(
    { dialect: 'sqlite', file, entities, ...more },
    {},
    createSessionDeps({ network }),
  );
  sessions.push(session);
  return session;
}

describe('settings that do not fit', () => {
  beforeEach(() => {
    database.exec(
      'create table equip (no text primary key, label text, edited datetime, running boolean); create table log (line text)',
    );
  });

  it.each<[string, JsonObject, string, string]>([
    [
      'a table that is not there',
      { table: 'equipment' },
      'There is no table equipment',
      'entities.asset.table',
    ],
    ['a table without key', { table: 'log' }, 'has no primary key', 'entities.asset.key'],
    [
      'a column that is not there',
      { table: 'equip', changedAt: 'updated' },
      'has no column updated',
      'entities.asset.changedAt',
    ],
    [
      'a column in another spelling',
      { table: 'equip', columns: ['Label'] },
      'write it label',
      'entities.asset.columns',
    ],
    [
      'a changed-at that is no time',
      { table: 'equip', changedAt: 'running' },
      'cannot tell when a row changed',
      'entities.asset.changedAt',
    ],
    [
      'a reference column that is not there',
      { table: 'equip', write: { reference: 'ref' } },
      'has no column ref',
      'entities.asset.write',
    ],
  ])('%s', async (_, asset, words, path) => {
    const probe = connect({ asset }).probe();
    await expect(probe).rejects.toMatchObject({ kind: 'invalid_config', path });
    await expect(probe).rejects.toThrow(words);
  });

  it.each<[string, JsonObject, string]>([
    ['both table and query', { table: 'equip', query: 'select 1' }, 'entities.asset.table'],
    ['neither', {}, 'entities.asset.table'],
    ['a query without key', { query: 'select * from equip' }, 'entities.asset.key'],
    ['two statements', { query: 'select 1; drop table equip', key: ['no'] }, 'entities.asset.query'],
    [
      'a written query',
      { query: 'select * from equip', key: ['no'], write: {} },
      'entities.asset.write.table',
    ],
  ])('%s is refused at once', (_, asset, path) => {
    expect(() => connect({ asset })).toThrow(expect.objectContaining({ kind: 'invalid_config', path }));
  });

  it('a query with a mistake, a file that is none, a file that may not be opened', async () => {
    const wrong = connect({ asset: { query: 'select * from nowhere', key: ['no'] } });
    await expect(wrong.probe()).rejects.toMatchObject({ kind: 'invalid_config' });
    const absent = connect({ asset: { table: 'equip' } }, { file: join(folder, 'absent.sqlite') });
    await expect(absent.probe()).rejects.toMatchObject({ kind: 'invalid_config' });
    const config = { dialect: 'sqlite', file, entities: { asset: { table: 'equip' } } };
    expect(() => sql.connect(config, {}, createSessionDeps())).toThrow('CHATTERFIX_ALLOWED_HOSTS');
  });

  it('a private host is refused without the operator', () => {
    const config = { dialect: 'postgres', host: '10.0.0.7', database: 'x' };
    expect(() => sql.connect(config, { user: 'u' }, createSessionDeps())).toThrow(
      '10.0.0.7:5432 is not a public address',
    );
  });

  it('says what the settings reach', () => {
    const capabilities = sql.manifestFor?.({
      entities: { asset: { table: 'equip' } },
      sync: {},
    }).capabilities;
    expect(capabilities?.asset).toMatchObject({ read: true, pull: 'full', create: false });
    expect(capabilities?.person).toMatchObject({ read: false, pull: 'none' });
  });

  it('the plain form gives settings and secret', () => {
    const form = {
      url: 'postgresql://u%40x:p@db.example:5433/cmms?sslmode=disable',
      apiKey: null,
      username: null,
      password: null,
    };
    expect(sql.fromBasics(form)).toEqual({
      config: { dialect: 'postgres', host: 'db.example', port: 5433, database: 'cmms', tls: 'off' },
      secret: { user: 'u@x', password: 'p' },
    });
    expect(sql.fromBasics({ ...form, url: 'sqlite:/var/cmms.db' })).toEqual({
      config: { dialect: 'sqlite', file: '/var/cmms.db' },
      secret: {},
    });
  });
});

describe('tables of one’s own', () => {
  beforeEach(() => {
    database.exec(`
      create table "odd table" ("key a" text, b integer, "select" text, edited datetime, gone boolean default 0, made datetime, primary key ("key a", b));
      insert into "odd table" values ('x', 1, 'first', '2026-01-01 08:00:00', 0, null), ('x', 2, 'second', null, 0, null), ('y', 9007199254740993, 'big', '2026-01-01 09:00:00', 1, null);`);
  });
  const asset = {
    table: 'odd table',
    key: ['key a', 'b'],
    changedAt: 'edited',
    zone: 'Australia/Perth',
    deleted: { column: 'gone', value: true },
    write: {
      naturalKey: ['select'],
      createdAt: 'made',
      stamp: true,
      delete: { column: 'gone', value: true },
    },
  };

  it('odd names, composite keys, clocks of a zone, rows without changed-at, rows that count as deleted', async () => {
    const { records } = await drain(connect({ asset }), 'asset', null, 1);
    expect(records.map(({ externalId, updatedAt }) => [externalId, updatedAt])).toEqual([
      ['x|2', null],
      ['x|1', '2026-01-01T00:00:00.000Z'],
    ]);
    const keys = await connect({ asset }).keys('asset', null);
    expect(keys.externalIds.sort()).toEqual(['x|1', 'x|2']);
  });

  it('an update stamps the row in the clock of its zone, and a delete marks it', async () => {
    const session = connect({ asset });
    const [before] = await session.read('asset', ['x|1']);
    if (before === undefined) throw new Error('x|1 is not there');
    const [outcome] = await session.update('asset', [updateOp(before, { select: "it's" })]);
    expect(outcome).toMatchObject({ outcome: 'done', record: { raw: { select: "it's" } } });
    const row = database.prepare('select edited from "odd table" where b = 1').get() as { edited: string };
    expect(Math.abs(Date.parse(`${row.edited.replace(' ', 'T')}+08:00`) - Date.now())).toBeLessThan(60_000);
    await session.remove('asset', 'x|1', null);
    expect(await session.read('asset', ['x|1'])).toEqual([]);
    expect(database.prepare('select count(*) as n from "odd table"').get()).toEqual({ n: 3 });
  });

  it('a column that is not there is refused by name, what SQL could be is only text', async () => {
    const session = connect({ asset });
    const payload = { 'key a': 'z', b: 1, select: `'); drop table "odd table"; --` };
    expect(await session.create('asset', [createOp('hub-1', { ...payload, colour: 'red' })])).toMatchObject([
      { outcome: 'rejected', failure: { path: 'colour' } },
    ]);
    expect(await session.create('asset', [createOp('hub-2', payload)])).toMatchObject([
      { outcome: 'done', record: { externalId: 'z|1', raw: { select: payload.select } } },
    ]);
    expect((await session.findCreated('asset', [createOp('hub-2', payload)]))[0]?.candidates).toHaveLength(1);
  });

  it('a row that the query would not show is taken back', async () => {
    const query = `select * from "odd table" where b < 100`;
    const session = connect({ asset: { query, key: ['key a', 'b'], write: { table: 'odd table' } } });
    const outcome = await session.create('asset', [createOp('hub-1', { 'key a': 'q', b: 500 })]);
    expect(outcome).toMatchObject([{ outcome: 'rejected' }]);
    expect(database.prepare(`select count(*) as n from "odd table" where b = 500`).get()).toEqual({ n: 0 });
  });

  it('an upsert overwrites the row its payload names', async () => {
    const session = connect({ asset: { ...asset, write: { insert: 'upsert' } } });
    await session.create('asset', [createOp('hub-1', { 'key a': 'x', b: 1, select: 'over' })]);
    expect((await session.read('asset', ['x|1']))[0]?.raw['select']).toBe('over');
  });

  it('describes itself', async () => {
    const schema = await connect({ asset }).discover?.();
    expect(schema).toMatchObject({
      source: 'metadata',
      entities: {
        asset: {
          object: 'odd table',
          fields: { gone: { type: 'boolean' }, edited: { type: 'instant' }, b: { type: 'integer' } },
        },
      },
    });
  });

  it('an entity without a table reads as empty and refuses writes', async () => {
    const session = connect({ asset });
    expect(await session.pull('part', { cursor: null, pageSize: 5 })).toMatchObject({
      records: [],
      more: false,
    });
    expect(await session.create('part', [createOp('hub-1', { name: 'x' })])).toMatchObject([
      { outcome: 'rejected' },
    ]);
    await expect(session.remove('part', 'x', null)).rejects.toMatchObject({ kind: 'invalid_request' });
  });
});
