/** What a pass costs that finds nothing: each entity in a session of its own, as the activities of a sync have it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { drain } from '../kit/conformance-bench.ts';
import { createMemoryKept } from '../kit/kept.ts';
import { createFiixBench } from './bench.fixture.ts';
import { manifest } from './manifest.ts';

const bench = createFiixBench();
afterEach(() => bench.tidy());

const READ = ENTITIES.filter((entity) => manifest.capabilities[entity].read);

async function plant(seed: string) {
  const stand = await bench.open(seed);
  const state = { now: Date.now(), cursors: new Map<Entity, string>() };
  const kept = createMemoryKept();
  const requests = (): number => stand.sandbox.control.stats().requests;

  /** Titles or names of what it showed, and the calls it took. */
  async function pass(): Promise<{ shown: string[]; calls: number }> {
    const before = requests();
    const shown: string[] = [];
    for (const entity of READ) {
      const session = stand.connect({ deps: { now: () => state.now, kept } });
      const { records, cursor } = await drain(session, entity, state.cursors.get(entity) ?? null, 200);
      state.cursors.set(entity, cursor);
      shown.push(...records.map(({ externalId }) => `${entity} ${externalId}`));
      await session.close();
    }
    return { shown, calls: requests() - before };
  }
  return { stand, state, pass };
}

describe('a pass that finds nothing', () => {
  it('asks once for each entity, right after a load and ever after', async () => {
    const { state, pass } = await plant('excavators');
    expect((await pass()).shown.length).toBeGreaterThan(50);
    expect(await pass()).toEqual({ shown: [], calls: 7 });
    for (const minutes of [6, 12, 18]) {
      state.now += minutes * 60_000;
      expect(await pass()).toEqual({ shown: [], calls: 7 });
    }
  });

  it('reads the lists of the tenant again when they are an hour old, and what they say anew then', async () => {
    const { state, pass } = await plant('empty');
    await pass();
    state.now += 3_600_000;
    const { shown, calls } = await pass();
    expect(shown).toEqual([]);
    expect(calls).toBeLessThan(20);
    expect((await pass()).calls).toBe(7);
  });
});

describe('a list that is kept', () => {
  it('is read anew for a status, a priority and a category that it does not have yet', async () => {
    const { stand, pass } = await plant('empty');
    await pass();
    const status = stand.insert('WorkOrderStatus', { strName: 'Waiting for scaffold', intControlID: 101 });
    const priority = stand.insert('Priority', { strName: 'Now', intOrder: 0 });
    const halls = stand.insert('AssetCategory', {
      strName: 'Halls',
      intParentID: stand.row('AssetCategory', 'intSysCode', 1).id,
    });
    const site = stand.row('Asset', 'bolIsSite', 1).id;
    const hall = stand.machine('Hall', { intCategoryID: halls });
    const order = stand.insert('WorkOrder', {
      strDescription: 'Inspect',
      intSiteID: site,
      intWorkOrderStatusID: status,
      intPriorityID: priority,
    });
    expect((await pass()).shown.sort()).toEqual([`location ${String(hall)}`, `work_order ${String(order)}`]);
    const [record] = await stand.connect().read('work_order', [String(order)]);
    expect(record?.raw).toMatchObject({
      status: { strName: 'Waiting for scaffold' },
      priority: { strName: 'Now' },
    });
    expect((await pass()).shown).toEqual([]);
  });
});

describe('more changes than a page holds', () => {
  it('are walked, and neither lost nor shown again', async () => {
    const { stand, pass } = await plant('empty');
    await pass();
    const session = stand.connect();
    const { cursor } = await drain(session, 'asset', null, 5);
    const made = Array.from({ length: 12 }, (_, n) => String(stand.machine(`Pump ${String(n)}`)));
    const first = await drain(session, 'asset', cursor, 5);
    expect(first.records.map(({ externalId }) => externalId).sort()).toEqual([...made].sort());
    expect((await drain(session, 'asset', first.cursor, 5)).records).toEqual([]);
  });
});
