/** Every way of writing a hub record leaves match keys, readings and the feed as they must be. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Entity } from '../domain/entities/index.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Tx } from '../store/index.ts';
import { repositories } from '../store/index.ts';
import { addConnection, openTestStore, type TestStore } from '../store/store.fixture.ts';
import { matchKeysOf } from './match-keys.ts';
import {
  addLinkedRecords,
  addRecords,
  changeRecords,
  deleteRecords,
  restoreRecords,
  type HubWrite,
} from './writer.ts';

const AT = '2026-03-01T08:15:00.000Z';
const LATER = '2026-03-01T09:15:00.000Z';
const rules = { matchRules: (entity: Entity) => (entity === 'asset' ? [['tag']] : []) };

let test: TestStore;
let connectionId: string;
beforeAll(async () => {
  test = await openTestStore();
  connectionId = await addConnection(test, test.tenantA);
});
afterAll(() => test.close());

const inA = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => test.store.inTenant(test.tenantA, work);
const writeOf = (tx: Tx, entity: Entity = 'asset', at = AT): HubWrite => ({
  rules,
  tx,
  scope: { tenantId: test.tenantA, entity, originConnectionId: null, runId: null, at, readingSource: 'hub' },
});

/** The records that a new one with this tag would be matched with. */
async function matched(tag: string): Promise<string[]> {
  const keys = matchKeysOf(rules, 'asset', '', { tag }).map(({ key }) => key);
  const found = await inA((tx) => repositories.matchKeys.find(tx, connectionId, keys));
  return found.map(({ hubId }) => hubId);
}

async function versionsTold(hubId: string): Promise<number[]> {
  const found = await test.admin.query<{ version: string }>(
    'select version from changed_record where hub_id = $1 order by xid, seq',
    [hubId],
  );
  return found.rows.map(({ version }) => Number(version));
}

async function readings(hubId: string): Promise<unknown[]> {
  const found = await test.admin.query<{ value: unknown; source: string }>(
    'select value, source from meter_reading where hub_id = $1 order by at',
    [hubId],
  );
  return found.rows;
}

async function add(fields: JsonObject, entity: Entity = 'asset'): Promise<string> {
  const id = randomUUID();
  await inA((tx) => addRecords(writeOf(tx, entity), [{ id, fields }]));
  return id;
}

async function change(
  id: string,
  before: JsonObject,
  fields: JsonObject,
  entity: Entity = 'asset',
): Promise<void> {
  await inA((tx) =>
    changeRecords(writeOf(tx, entity, LATER), [{ id, before, fields, fieldAt: {}, version: 2 }]),
  );
}

describe('the writer of hub records', () => {
  it('makes a new one findable, and tells of it', async () => {
    const id = await add({ name: 'Pump', tag: 'P-1' });
    expect([await matched('P-1'), await versionsTold(id)]).toEqual([[id], [1]]);
  });

  it('makes new ones of a page findable, with their links', async () => {
    const id = randomUUID();
    const runId = randomUUID();
    const meta = {
      externalId: '301',
      address: null,
      version: null,
      updatedAt: AT,
      number: null,
      hash: randomUUID(),
    };
    await inA((tx) =>
      addLinkedRecords(writeOf(tx), { connectionId, runId, mappingVersion: 'v1' }, [
        { id, fields: { name: 'Fan', tag: 'F-1' }, meta, incomplete: false },
      ]),
    );
    expect(await versionsTold(id)).toEqual([1]);
    const keys = await test.admin.query('select 1 from hub_key where hub_id = $1', [id]);
    expect(keys.rows).toHaveLength(1);
    const links = await inA((tx) => repositories.links.load(tx, connectionId, 'asset', ['301']));
    expect(links.get('301')).toMatchObject({ hubId: id, hubVersion: 1 });
  });

  it('has a changed one found by what it is called now, and by that only', async () => {
    const id = await add({ name: 'Pump', tag: 'P-2' });
    await change(id, { name: 'Pump', tag: 'P-2' }, { name: 'Pump', tag: 'P-3' });
    expect([await matched('P-2'), await matched('P-3'), await versionsTold(id)]).toEqual([[], [id], [1, 2]]);
  });

  it('has a changed one found that had no key before, and keeps no key that says the same', async () => {
    const id = await add({ name: 'Pump', tag: 'P-5' });
    await test.admin.query('delete from hub_key where hub_id = $1', [id]);
    await change(id, { name: 'Pump', tag: 'P-5' }, { name: 'Pump', tag: 'P-6' });
    expect(await matched('P-6')).toEqual([id]);
    await inA((tx) =>
      changeRecords(writeOf(tx), [
        {
          id,
          before: { name: 'Pump', tag: 'P-6' },
          fields: { name: 'Big pump', tag: 'P-6' },
          fieldAt: {},
          version: 3,
        },
      ]),
    );
    const keys = await test.admin.query('select 1 from hub_key where hub_id = $1', [id]);
    expect([keys.rows.length, await matched('P-6')]).toEqual([1, [id]]);
  });

  it('keeps readings of new and changed meters once each', async () => {
    const first = { value: 5, at: AT };
    const id = await add({ name: 'Hours', lastReading: first }, 'meter');
    const before = { name: 'Hours', lastReading: first };
    await change(id, before, { name: 'Hours', lastReading: { value: 9, at: LATER } }, 'meter');
    await inA((tx) =>
      changeRecords(writeOf(tx, 'meter', LATER), [
        {
          id,
          before: { name: 'Hours', lastReading: { value: 9, at: LATER } },
          fields: { name: 'Running hours', lastReading: { value: 9, at: LATER } },
          fieldAt: {},
          version: 3,
        },
      ]),
    );
    expect(await readings(id)).toEqual([
      { value: 5, source: 'hub' },
      { value: 9, source: 'hub' },
    ]);
  });

  it('lets a deleted one match nothing, and a restored one match again; both are told', async () => {
    const id = await add({ name: 'Pump', tag: 'P-4' });
    expect((await inA((tx) => deleteRecords(writeOf(tx), [id]))).map((record) => record.id)).toEqual([id]);
    expect(await matched('P-4')).toEqual([]);
    expect(await inA((tx) => deleteRecords(writeOf(tx), [id]))).toEqual([]);
    expect((await inA((tx) => restoreRecords(writeOf(tx), [id]))).map((record) => record.version)).toEqual([
      3,
    ]);
    expect([await matched('P-4'), await versionsTold(id)]).toEqual([[id], [1, 2, 3]]);
  });
});
