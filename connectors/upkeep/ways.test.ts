/** Writes of several calls that stop in the middle, lists that are cut or stand still, sessions refused in other words. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createBench, createOp, drain, failureOf, sweep, updateOp } from '../kit/conformance-bench.ts';
import type { Stand } from '../kit/conformance-bench.ts';
import type { ExternalRecord, Session, WriteOutcome } from '../kit/contract.ts';
import { startProxy } from '../kit/proxy.fixture.ts';
import type { Asked, Answered, Proxy, ProxyRules } from '../kit/proxy.fixture.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { options } from './conformance.fixture.ts';
import { upkeep } from './index.ts';

const AT = '2026-04-01T06:30:00.000Z';
const bench = createBench(options);
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await bench.tidy();
});

/** A server that answers as it likes, behind the connector's own address. */
async function server(rules: ProxyRules): Promise<{ session: Session; proxy: Proxy }> {
  const proxy = await startProxy(null, rules);
  closers.push(() => proxy.close());
  const secret = { email: 'a@example.com', password: 'pass-word' };
  const session = upkeep.connect({ baseUrl: `${proxy.url}/api/v2` }, secret, createSessionDeps());
  closers.push(() => session.close());
  return { session, proxy };
}
const json = (body: unknown, status = 200): Answered => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const login = (n: number): Answered => json({ success: true, result: { sessionToken: `r:${String(n)}` } });
const query = ({ url }: Asked, name: string): string | null =>
  new URL(url, 'http://x').searchParams.get(name);

function told(outcome: WriteOutcome | undefined): unknown {
  const progress = outcome !== undefined && 'progress' in outcome ? outcome.progress : undefined;
  return [
    outcome?.outcome,
    progress?.stands,
    progress?.done.map(({ name }) => name),
    progress?.remaining.map(({ name }) => name),
  ];
}

describe('writes of several calls', () => {
  const ORDER = { title: 'Repair', status: 'complete' };
  const making = async (stand: Stand, effect: 'http_503' | 'http_429', status?: number) => {
    await stand.session.probe();
    const rule = { match: { method: 'PATCH' }, effect, ...(status === undefined ? {} : { status }) };
    stand.sandbox.control.setFaults({ rules: [rule] });
    const [outcome] = await stand.session.create('work_order', [createOp('hub-1', ORDER)]);
    stand.sandbox.control.clearFaults();
    return outcome;
  };

  it.each([
    ['refused', 'http_503', 400, ['rejected', 'between', ['create'], ['status complete']]],
    ['lost', 'http_503', 503, ['unknown', 'unknown', ['create'], ['status complete']]],
  ] as const)(
    'a new order whose status is %s is told as far as it came',
    async (_, effect, status, expected) => {
      const stand = await bench.open();
      const outcome = await making(stand, effect, status);
      expect(told(outcome)).toEqual(expected);
      expect(outcome !== undefined && 'record' in outcome && outcome.record.raw['status']).toBe('open');
    },
  );

  it('fields and status of an order go in one call, which is carried out or is not', async () => {
    const stand = await bench.open();
    const [made] = await stand.session.create('work_order', [createOp('hub-1', { title: 'Repair' })]);
    if (made?.outcome !== 'done') throw new Error('Not made.');
    const before = stand.sandbox.control.stats().log.length;
    const payload = { title: 'Repair the drive', status: 'inProgress' };
    const [outcome] = await stand.session.update('work_order', [updateOp(made.record, payload)]);
    expect(outcome).toMatchObject({ outcome: 'done', record: { raw: payload } });
    const calls = stand.sandbox.control.stats().log.slice(before);
    expect(calls.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  });

  it('a meter whose reading is refused keeps its change, and says so', async () => {
    const stand = await bench.open();
    const [made] = await stand.session.create('meter', [createOp('hub-1', { name: 'Hours', units: 'h' })]);
    if (made?.outcome !== 'done') throw new Error('Not made.');
    const rule = { match: { method: 'POST', path: '/readings' }, effect: 'http_503', status: 400 } as const;
    stand.sandbox.control.setFaults({ rules: [rule] });
    const payload = { units: 'km', lastReading: { value: 5, date: AT } };
    const [outcome] = await stand.session.update('meter', [updateOp(made.record, payload)]);
    expect(told(outcome)).toEqual(['rejected', 'between', ['change'], ['reading']]);
    expect(await stand.session.foresee?.('meter', made.record, payload)).toEqual([
      { name: 'change', fields: ['units'] },
      { name: 'reading', fields: ['lastReading'] },
    ]);
  });

  it('what a request cannot do is known before', async () => {
    const stand = await bench.open();
    const request = { raw: { status: 'approved' } } as unknown as ExternalRecord;
    const failure = await failureOf(
      stand.session.foresee?.('request', request, { status: 'pending' }) ?? Promise.resolve(),
      {},
    );
    expect([failure.kind, failure.path]).toEqual(['rejected', 'status']);
  });
});

describe('sessions', () => {
  it.each([
    ['200', json({ success: false, message: 'Invalid session token' })],
    ['400', json({ success: false, message: 'Invalid session token' }, 400)],
    ['403', json({ success: false, message: 'Your session has expired' }, 403)],
    ['200 with other words', json({ success: false, message: 'Your token has expired' })],
    ['401', json({ success: false, message: 'no' }, 401)],
  ])('one that is refused with %s leads to one new login', async (_, refusal) => {
    let logins = 0;
    const { session } = await server({
      answer: ({ url, headers }) => {
        if (url.endsWith('/auth')) return login((logins += 1));
        return headers['session-token'] === 'r:1' ? refusal : json({ success: true, results: [] });
      },
    });
    expect((await session.pull('asset', { cursor: null, pageSize: 10 })).records).toEqual([]);
    expect(logins).toBe(2);
  });

  it('one that is refused again and again ends in the words of the system', async () => {
    let logins = 0;
    const { session } = await server({
      answer: ({ url }) =>
        url.endsWith('/auth')
          ? login((logins += 1))
          : json({ success: false, message: 'Your token has expired' }),
    });
    const failure = await failureOf(session.pull('asset', { cursor: null, pageSize: 10 }), {});
    expect([failure.kind, logins]).toEqual(['unauthorized', 2]);
    expect(failure.message).toContain('Your token has expired');
  });

  it('a refusal of a write that names no session is a refusal', async () => {
    const { session } = await server({
      answer: ({ url }) =>
        url.endsWith('/auth') ? login(1) : json({ success: false, message: 'category Pumps is unknown' }),
    });
    const [outcome] = await session.create('asset', [createOp('hub-1', { name: 'Pump' })]);
    expect(outcome).toMatchObject({ outcome: 'rejected' });
  });
});

describe('lists', () => {
  const row = (n: number) => ({
    id: `A${String(n).padStart(9, '0')}`,
    name: `Asset ${String(n)}`,
    createdAt: new Date(Date.parse(AT) + n * 1_000).toISOString(),
    updatedAt: new Date(Date.parse(AT) + n * 1_000).toISOString(),
  });
  /** Rows of a list as the query asks for them, at most `max` in one answer, or `short` when more is asked for. */
  const lister = (rows: readonly ReturnType<typeof row>[], max: number, short: number) => (asked: Asked) => {
    if (asked.url.endsWith('/auth')) return login(1);
    const since = Number(query(asked, 'updatedAtGreaterThanOrEqualTo') ?? 0);
    const [limit, offset] = ['limit', 'offset'].map((name) => Number(query(asked, name) ?? 0));
    const size = (limit ?? 0) > max ? short : (limit ?? 0);
    const found = rows.filter(({ updatedAt }) => Date.parse(updatedAt) >= since);
    return json({ success: true, results: found.slice(offset, (offset ?? 0) + size) });
  };
  const many = Array.from({ length: 350 }, (_, n) => row(n));

  it.each(['asset', 'person'] as const)(
    'of %s are read to their end by a server that falls to its default page',
    async (entity) => {
      const { session } = await server({ answer: lister(many, 100, 25) });
      const { records, cursor } = await drain(session, entity, null, 200);
      expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(350);
      expect(await sweep(session, entity)).toHaveLength(350);
      const again = await drain(session, entity, cursor, 200);
      if (entity === 'asset') expect(again.records.length).toBeLessThan(350);
    },
  );

  it('that end with a round number of rows end there', async () => {
    const { session, proxy } = await server({ answer: lister(many.slice(0, 25), 1_000, 25) });
    expect((await drain(session, 'asset', null, 200)).records).toHaveLength(25);
    expect((await drain(session, 'person', null, 200)).records).toHaveLength(25);
    expect(proxy.asked.length).toBeLessThan(8);
  });

  it('a pass over what has not changed is one call', async () => {
    const { session, proxy } = await server({ answer: lister(many.slice(0, 7), 1_000, 25) });
    const { cursor } = await drain(session, 'asset', null, 200);
    const before = proxy.asked.length;
    await drain(session, 'asset', cursor, 200);
    expect(proxy.asked.length).toBe(before + 1);
  });

  it('whose offset is not obeyed end with a sentence, not never', async () => {
    const same = Array.from({ length: 40 }, (_, n) => ({ ...row(n), updatedAt: AT }));
    const { session } = await server({
      answer: (asked) =>
        asked.url.endsWith('/auth')
          ? login(1)
          : json({ success: true, results: same.slice(0, Number(query(asked, 'limit'))) }),
    });
    const failure = await failureOf(drain(session, 'asset', null, 20), {});
    expect(failure.message).toContain('shows the first page of /assets again whatever the offset');
  });

  it('a row without an id, or without a time of change, is set aside; its page goes on', async () => {
    const rows = [{ ...row(1), id: null }, { ...row(2), updatedAt: null }, row(3)];
    const { session } = await server({
      answer: ({ url }) => (url.endsWith('/auth') ? login(1) : json({ success: true, results: rows })),
    });
    const page = await session.pull('asset', { cursor: null, pageSize: 100 });
    expect(page.records.map(({ raw }) => raw['name'])).toEqual(['Asset 3']);
    expect(page.broken?.map(({ externalId, failure }) => [externalId, failure.path])).toEqual([
      [null, 'id'],
      [row(2).id, 'updatedAt'],
    ]);
    expect((await session.keys('asset', null)).incomplete).toContain('rows without an id');
  });
});

describe('which account it is', () => {
  it('is the same for two people of one account, and another for another', async () => {
    const identityOf = async (stand: Stand) => stand.session.identify?.();
    const [one, two] = [await bench.open(), await bench.open()];
    const first = await identityOf(one);
    const other = one.connect({ secret: { token: one.sandbox.credentials['token'] ?? '' } });
    expect((await other.identify?.())?.system).toBe(first?.system);
    expect(first?.account).toBe(one.sandbox.credentials['email']);
    expect((await identityOf(two))?.system).not.toBe(first?.system);
  });
});

describe('an archive the system does not know', () => {
  it('is no success: what it left as it was is said', async () => {
    const row = { id: 'w1', title: 'Repair', status: 'open', createdAt: AT, updatedAt: AT };
    const { session } = await server({
      answer: ({ url }) => (url.includes('/auth') ? login(1) : json({ success: true, result: row })),
    });
    const outcome = await session.retire?.('work_order', { externalId: 'w1', address: null });
    expect(outcome).toMatchObject({ outcome: 'rejected', failure: { code: 'ignored' } });
  });
});
