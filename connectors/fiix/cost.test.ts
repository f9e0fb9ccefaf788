/** What writes of orders cost, and what is said when one that takes several calls stops half-way. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { CreateOp, ExternalRecord, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { createFiixBench } from './bench.fixture.ts';
import type { Stand } from './bench.fixture.ts';

const bench = createFiixBench();
afterEach(() => bench.tidy());

function newOrder(n: number, payload: JsonObject): CreateOp {
  const at = '2026-04-01T06:30:00Z';
  return { key: `hub-${String(n)}`, reference: `CFC${String(n)}`, intendedAt: at, payload, comments: [] };
}

function recordOf(outcome: WriteOutcome | undefined): ExternalRecord {
  if (outcome?.outcome === 'done') return outcome.record;
  throw new Error(`Expected done: ${JSON.stringify(outcome)}`);
}

function changeOf({ externalId, address, version }: ExternalRecord, payload: JsonObject): UpdateOp {
  return { key: 'k', externalId, address, version, payload, comments: [], knownComments: [] };
}

/** The calls that something takes. */
async function calls<T>(stand: Stand, work: () => Promise<T>): Promise<[T, number]> {
  const before = stand.sandbox.control.stats().requests;
  const result = await work();
  return [result, stand.sandbox.control.stats().requests - before];
}

async function stand() {
  const open = await bench.open();
  const hall = open.machine('Hall', { intCategoryID: open.row('AssetCategory', 'intSysCode', 1).id });
  const pump = open.machine('Pump', { intAssetLocationID: hall });
  const ada = open.insert('User', { strFullName: 'Ada', strUserName: 'ada' });
  const order = (title: string): JsonObject => ({
    strDescription: title,
    _status: 4,
    _asset: pump,
    _assignee: ada,
    _tasks: [{ sequence: 1, title: 'Drain' }],
  });
  const { session } = open;
  // The lists, the machine, its place and the person are known from here on.
  recordOf((await session.create('work_order', [newOrder(0, order('First'))]))[0]);
  return { open, session, order };
}

describe('an order', () => {
  it('is made with two calls: its batch, and a look at what became of it', async () => {
    const { open, session, order } = await stand();
    const ops = [1, 2, 3].map((n) => newOrder(n, order(`Order ${String(n)}`)));
    const [outcomes, count] = await calls(open, () => session.create('work_order', ops));
    expect(count).toBe(6);
    const records = outcomes.map(recordOf);
    expect(
      await open.connect().read(
        'work_order',
        records.map(({ externalId }) => externalId),
      ),
    ).toEqual(records);
  });

  it('is changed with four: it and what hangs on it, the change, and a look at it', async () => {
    const { open, session, order } = await stand();
    const record = recordOf((await session.create('work_order', [newOrder(9, order('Seal'))]))[0]);
    const [outcomes, count] = await calls(open, () =>
      session.update('work_order', [changeOf(record, { strDescription: 'Seals', _status: 5 })]),
    );
    expect(count).toBe(4);
    const [after] = outcomes.map(recordOf);
    expect(await open.connect().read('work_order', [record.externalId])).toEqual([after]);
  });
});

describe('a change that takes several batches', () => {
  const tasks = Array.from({ length: 60 }, (_, i) => ({ sequence: i + 2, title: `Step ${String(i + 2)}` }));

  it('tells how far it came, shows what stands there, and the same again finishes it', async () => {
    const { open, session, order } = await stand();
    const record = recordOf((await session.create('work_order', [newOrder(9, order('Overhaul'))]))[0]);
    const payload = { strDescription: 'Overhaul it', _tasks: [{ sequence: 1, title: 'Drain' }, ...tasks] };
    open.sandbox.control.setFaults({
      // Only the second batch speaks of the last step.
      rules: [{ match: { body: 'Step 61' }, effect: 'http_503' }],
    });
    const [outcome] = await session.update('work_order', [changeOf(record, payload)]);
    open.sandbox.control.clearFaults();
    expect(outcome).toMatchObject({
      outcome: 'unknown',
      progress: {
        stands: 'unknown',
        done: [{ name: 'part 1 of 2', fields: ['_tasks'] }],
        remaining: [{ name: 'part 2 of 2' }],
      },
    });
    const half = outcome?.outcome === 'unknown' ? outcome.record : undefined;
    expect(half?.raw['tasks']).toHaveLength(51);
    expect(half?.raw['title']).toBe('Overhaul');
    if (half === undefined) throw new Error('The record as it stands was expected.');
    const after = recordOf((await session.update('work_order', [changeOf(half, payload)]))[0]);
    expect(after.raw['title']).toBe('Overhaul it');
    expect(after.raw['tasks']).toHaveLength(61);
  });
});

describe('the record and the tenant say where they belong', () => {
  it('a record is of its site, a site of the tenant; a connection names tenant and sites', async () => {
    const open = await bench.open();
    const [here, there] = open.rows('Asset').filter((row) => row['bolIsSite'] === 1);
    const pump = open.machine('Pump', { intSiteID: there?.id });
    const [record] = await open.session.read('asset', [String(pump)]);
    expect(record?.scope).toBe(String(there?.id));
    expect((await open.session.read('location', [String(here?.id)]))[0]?.scope).toBeNull();
    const all = await open.session.identify?.();
    expect(all).toMatchObject({ scopes: null });
    const one = await open.connect({ config: { sites: [String(here?.['strName'])] } }).identify?.();
    expect(one).toEqual({ system: all?.system, scopes: [String(here?.id)], account: null });
  });
});
