/** Object structures that are named otherwise, stripped or not there; keys with wildcards; rows that are no records. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { isAbsentEntity } from '../../domain/kernel/failure.ts';
import { drain, failureOf, sweep } from '../kit/conformance-bench.ts';
import type { Session } from '../kit/contract.ts';
import { createMemoryKept } from '../kit/kept.ts';
import { startProxy } from '../kit/proxy.fixture.ts';
import type { Answered, Asked, Proxy } from '../kit/proxy.fixture.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

const SITE = 'BEDFORD';
const PAGE = { cursor: null, pageSize: 10 };
let sandbox: RunningSandbox;
const closers: (() => Promise<void>)[] = [];
beforeEach(async () => {
  sandbox = await startMaximoSandbox({ seed: 'empty' });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await sandbox.close();
});

function connect(url = sandbox.url, settings: JsonObject = {}, kept = createMemoryKept()): Session {
  const session = maximo.connect(
    { baseUrl: `${url}/maximo`, site: SITE, ...settings },
    { apiKey: sandbox.credentials.apiKey },
    { ...createSessionDeps(), kept },
  );
  closers.push(() => session.close());
  return session;
}
async function before(answer: (asked: Asked) => Answered | null, alter = SAME): Promise<Proxy> {
  const proxy = await startProxy(sandbox.url, { answer, alter });
  closers.push(() => proxy.close());
  return proxy;
}
const SAME = (_asked: Asked, answered: Answered): Answered => answered;
const refused = (status: number, reasonCode: string | null, message: string): Answered => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    Error: { statusCode: String(status), message, ...(reasonCode === null ? {} : { reasonCode }) },
  }),
});

describe('an object structure that is not there', () => {
  it.each([
    ['unknown', refused(404, null, 'The object structure MXAPIPM is not valid.')],
    ['not for this account', refused(400, 'BMXAA9301E', 'BMXAA9301E - You are not authorised.')],
    ['not to be read', refused(400, 'BMXAA0024E', 'BMXAA0024E - The action READ is not allowed.')],
  ])('%s: leaves its entity out with the setting that says so for good', async (_, answer) => {
    const proxy = await before(({ url }) => (url.includes('/os/mxapipm?') ? answer : null));
    const session = connect(proxy.url);
    for (const call of [() => session.pull('plan', PAGE), () => session.keys('plan', null)]) {
      const failure = await failureOf(call(), {});
      expect([isAbsentEntity(failure), failure.path]).toEqual([true, 'structures.plan']);
      expect(failure.message).toContain('such as mxpm of 7.6');
    }
    expect((await session.pull('asset', PAGE)).records).toEqual([]);
  });

  it('that is left out is not asked for, and the manifest says so', async () => {
    const session = connect(sandbox.url, { structures: { plan: false } });
    expect(isAbsentEntity(await failureOf(session.pull('plan', PAGE), {}))).toBe(true);
    expect(sandbox.control.stats().requests).toBe(0);
    const capabilities = maximo.manifestFor?.({ structures: { plan: false } }).capabilities;
    expect([capabilities?.plan.read, capabilities?.asset.read]).toEqual([false, true]);
  });

  it('that has another name is read and written under it', async () => {
    const proxy = await before(({ url }) => (/mxapiwodetail/i.test(url) ? refused(404, null, 'none') : null));
    const session = connect(proxy.url, { structures: { work_order: 'mxapiwo' } });
    const op = { key: 'k', reference: 'CF1', intendedAt: '2026-01-01T00:00:00.000Z', comments: [] };
    const [made] = await session.create('work_order', [{ ...op, payload: { description: 'Belt' } }]);
    expect(made?.outcome).toBe('done');
    expect((await drain(session, 'work_order', null, 10)).records).toHaveLength(1);
  });

  it('that lacks a child is read without it, remembered, and the child is not written', async () => {
    sandbox.control.insert('mxapiwodetail', { siteid: SITE, description: 'Belt' });
    const proxy = await before(
      ({ url }) =>
        decodeURIComponent(url).includes('labtrans{') ? refused(400, null, 'labtrans does not exist') : null,
      ({ url }, answered) =>
        url.includes('/jsonschemas/mxapiwodetail?')
          ? { ...answered, body: String(answered.body).replace('"labtrans"', '"nothing"') }
          : answered,
    );
    const kept = createMemoryKept();
    const [record] = (await connect(proxy.url, {}, kept).pull('work_order', PAGE)).records;
    expect(record?.raw['description']).toBe('Belt');
    const asked = proxy.asked.length;
    const session = connect(proxy.url, {}, kept);
    const [again] = await session.read('work_order', [record?.externalId ?? '']);
    expect(again).toEqual(record);
    expect(proxy.asked.length).toBe(asked + 1);
    if (again === undefined) throw new Error('No order.');
    const op = { key: 'k', ...again, comments: [], knownComments: [] };
    const labour = [{ laborcode: 'WILSON', minutes: 30 }];
    const [outcome] = await session.update('work_order', [{ ...op, payload: { labour } }]);
    expect(outcome).toMatchObject({ outcome: 'rejected', failure: { path: 'labour' } });
  });
});

describe('keys and rows', () => {
  it('a percent sign in a key hides no other key of the same read', async () => {
    for (let n = 0; n < 120; n += 1)
      sandbox.control.insert('mxapiasset', { assetnum: `P${String(n).padStart(3, '0')}`, siteid: SITE });
    sandbox.control.insert('mxapiasset', { assetnum: 'P%', siteid: SITE, description: 'Percent meter' });
    sandbox.control.insert('mxapiasset', { assetnum: 'VALVE-1', siteid: SITE, description: 'Valve' });
    const session = connect();
    const read = await session.read('asset', [`${SITE}|P%`, `${SITE}|VALVE-1`]);
    expect(read.map(({ externalId }) => externalId)).toEqual([`${SITE}|P%`, `${SITE}|VALVE-1`]);
    const outcomes = await session.update(
      'asset',
      read.map((record) => ({
        key: record.externalId,
        ...record,
        payload: { description: 'Renamed' },
        comments: [],
        knownComments: [],
      })),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(await session.read('asset', [`${SITE}|P0%`])).toEqual([]);
  });

  it('a row without its key is set aside, and its page goes on', async () => {
    for (const assetnum of ['A1', 'A2']) sandbox.control.insert('mxapiasset', { assetnum, siteid: SITE });
    const proxy = await before(
      () => null,
      (_, answered) => ({ ...answered, body: String(answered.body).replaceAll('"assetnum":"A1",', '') }),
    );
    const session = connect(proxy.url);
    const page = await session.pull('asset', PAGE);
    expect(page.records.map(({ externalId }) => externalId)).toEqual([`${SITE}|A2`]);
    expect(page.broken?.map(({ failure }) => failure.message)).toEqual([
      'A row of mxapiasset lacks siteid or assetnum; include these attributes in the object structure.',
    ]);
    expect((await session.keys('asset', null)).incomplete).toContain('1 rows of mxapiasset lack');
  });

  it('ids beyond what a number holds are walked by', async () => {
    for (const assetnum of ['A1', 'A2', 'A3'])
      sandbox.control.insert('mxapiasset', { assetnum, siteid: SITE });
    // As a database with ids of nineteen digits shows them; filters are told the small ones again.
    const big = (text: string): string => text.replace(/("assetuid":)(\d+)/g, '$19007199254740000$2');
    const proxy = await before(
      () => null,
      (_, answered) => ({ ...answered, body: big(String(answered.body)) }),
    );
    const session = connect(proxy.url);
    const first = await session.pull('asset', { cursor: null, pageSize: 2 });
    expect(first.more).toBe(true);
    expect(first.cursor).toMatch(/"after":"?9007199254740000\d+"?/);
    expect(await sweep(connect(), 'asset')).toHaveLength(3);
  });
});
