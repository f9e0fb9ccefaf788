import { afterEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../../domain/kernel/failure.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { createFiixBench } from './bench.fixture.ts';
import type { Stand } from './bench.fixture.ts';
import { createClient } from './client.ts';
import { configSchema } from './config.ts';
import { createClassify, errorOf, failureOfError } from './failures.ts';

const bench = createFiixBench();
afterEach(() => bench.tidy());

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => new Error('The call was expected to fail and did not.'),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw error;
}

const page = { cursor: null, pageSize: 10 };

describe('refused keys', () => {
  it.each([200, 401, 403])('a wrong secret is unauthorized, also with status %d', async (status) => {
    const stand = await bench.open();
    const { sandbox } = stand;
    sandbox.control.setDial('refusalStatus', status);
    const failure = await failureOf(
      stand.connect({ secret: { secret: 'macmmsaskpWRONG' } }).pull('asset', page),
    );
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toMatch(/refuses the keys of this connection: .*secret/);
    expect(failure.message).not.toContain('WRONG');
  });

  it('an unknown access key and a swapped application key are unauthorized', async () => {
    const stand = await bench.open();
    for (const secret of [{ accessKey: 'macmmsaakpGONE' }, { appKey: 'macmmsaakpDEMO' }]) {
      expect((await failureOf(stand.connect({ secret }).probe())).kind).toBe('unauthorized');
    }
  });

  it('a clock that is off by an hour is named, with its minutes', async () => {
    const stand = await bench.open();
    const { sandbox } = stand;
    sandbox.control.setDial('timestampWindowMs', 600_000);
    const failure = await failureOf(
      stand.connect({ deps: { now: () => Date.now() + 3_600_000 } }).pull('asset', page),
    );
    expect(failure.kind).toBe('unauthorized');
    expect(failure.message).toMatch(/clock of this machine \(it is off by 60 minutes\)/);
  });

  it('a clock that is off is no trouble where it is not looked at', async () => {
    const stand = await bench.open();
    await stand.connect({ deps: { now: () => Date.now() - 3_600_000 } }).pull('asset', page);
  });

  it.each([
    ['Access key expired', /expired, issue new ones/],
    ['Invalid signature', /enter the secret that belongs/],
    ['Timestamp too old', /set the clock/],
    [null, /check access key, application key and secret/],
  ])('the words "%s" lead to an advice', (message, advice) => {
    const classify = createClassify('demo.macmms.com', () => 0);
    const error = { leg: 'SERVER_REQUEST_RECEIVE', code: 1000, message, stackTrace: 'java.lang.Secret' };
    const failure = classify({ status: 200, headers: {}, body: { _maCn: 'FindResponse', error } });
    expect(failure?.kind).toBe('unauthorized');
    expect(failure?.message).toMatch(advice);
    expect(failure?.message).not.toContain('java');
  });
});

describe('a throttle', () => {
  it('is rate_limited, pauses all workers for the advised time, and is waited out', async () => {
    const stand = await bench.open();
    const { sandbox } = stand;
    const pauses: number[] = [];
    const throttle = {
      acquire: async () => undefined,
      pause: async (forMs: number) => void pauses.push(forMs),
    };
    sandbox.control.setDial('budgetPerMinute', 1);
    sandbox.control.setDial('adviceMs', 90_000);
    const session = stand.connect({ deps: { throttle } });
    const failure = await failureOf(session.pull('asset', page));
    expect(failure).toMatchObject({
      kind: 'rate_limited',
      code: '1100',
      retryAfterMs: 90_000,
      applied: 'no',
    });
    expect(pauses).toEqual([90_000]);
  });

  it('without advice waits four seconds', () => {
    const classify = createClassify('demo.macmms.com', () => 0);
    const body = { error: { leg: 'SERVER_REQUEST_RECEIVE', code: 1100, message: null, object: null } };
    expect(classify({ status: 429, headers: {}, body })?.retryAfterMs).toBe(4_000);
    expect(classify({ status: 429, headers: { 'retry-after': '7' }, body })?.retryAfterMs).toBeNull();
  });

  it('counts each request inside a batch', async () => {
    const stand = await bench.open();
    let taken = 0;
    const throttle = {
      acquire: async () => {
        taken += 1;
      },
      pause: async () => undefined,
    };
    const session = stand.connect({ deps: { throttle } });
    const asset = stand.machine('Pump');
    const op = (n: number, _tasks: { sequence: number; title: string }[]) => ({
      key: String(n),
      reference: `R${String(n)}`,
      intendedAt: new Date().toISOString(),
      payload: { strDescription: 'x', _asset: asset, _tasks },
      comments: [],
    });
    const cost = async (n: number, tasks: number): Promise<number> => {
      const before = taken;
      const list = Array.from({ length: tasks }, (_, i) => ({ sequence: i + 1, title: 't' }));
      expect((await session.create('work_order', [op(n, list)]))[0]?.outcome).toBe('done');
      return taken - before;
    };
    await cost(1, 1);
    const one = await cost(2, 1);
    expect((await cost(3, 9)) - one).toBe(8);
  });
});

describe('what Fiix does not know or allow', () => {
  async function refusal(
    act: (stand: Stand) => Promise<unknown>,
    dials: Record<string, unknown>,
  ): Promise<Failure> {
    const stand = await bench.open();
    for (const [name, value] of Object.entries(dials)) stand.sandbox.control.setDial(name, value);
    return failureOf(act(stand));
  }

  it('missing rights are forbidden and say which', async () => {
    const failure = await refusal(({ session }) => session.pull('work_order', page), {
      permissions: { add: [], change: [], remove: [], find: ['WorkOrder'], rpc: [], sites: null },
    });
    expect(failure).toMatchObject({ kind: 'forbidden', code: '2050' });
    expect(failure.message).toContain('read these records');
  });

  it.each([
    ['SERVER_REQUEST_UNPACK', 'Unknown class Assset', 'UNKNOWN_CLASS', /does not know a class/],
    ['SERVER_REQUEST_PROCESS', 'Unknown field strNmae', 'UNKNOWN_FIELD', /does not know a field/],
    ['SERVER_REQUEST_PROCESS', 'Column foo does not exist', 'UNKNOWN_FIELD', /does not know a field/],
    ['SERVER_REQUEST_PROCESS', 'Record 5 named in field intAssetID not found', '0', /correct the values/],
  ])('%s "%s"', (leg, message, code, words) => {
    const error = errorOf({ error: { leg, code: 0, message } });
    if (error === null) throw new Error('The error was not seen.');
    const failure = failureOfError('demo.macmms.com', error, 'the request');
    expect(failure).toMatchObject({ kind: 'rejected', code });
    expect(failure.message).toMatch(words);
  });

  it('an answer that could not be packed leaves the outcome open', () => {
    const error = { leg: 'SERVER_RESPONSE_PACK', code: 0, message: null, waitMs: null };
    expect(failureOfError('demo.macmms.com', error, 'the request').applied).toBe('unknown');
  });

  it.each([
    ['Assset', 'id', 'UNKNOWN_CLASS'],
    ['Asset', 'id, strNmae', 'UNKNOWN_FIELD'],
  ])('%s with the fields "%s" is %s', async (className, fields, code) => {
    const { sandbox } = await bench.open();
    const { accessKey = '', appKey = '', secret = '' } = sandbox.credentials;
    const config = configSchema.parse({ baseUrl: sandbox.url });
    const client = createClient(config, { accessKey, appKey, secret }, createSessionDeps());
    const failure = await failureOf(client.find({ className, fields, filters: [], maxObjects: 1 }));
    client.close();
    expect(failure).toMatchObject({ kind: 'rejected', code, applied: 'no' });
  });

  it('an empty answer is read again', async () => {
    const { sandbox, session } = await bench.open();
    sandbox.control.setDial('emptyBodies', 2);
    expect((await session.pull('person', page)).records.length).toBeGreaterThan(0);
  });

  it('an empty answer to a create leaves it unknown, and it is found again', async () => {
    const { sandbox, session } = await bench.open();
    const op = {
      key: 'hub-1',
      reference: 'CFEMPTY1',
      intendedAt: new Date().toISOString(),
      payload: { strName: 'Fan' },
      comments: [],
    };
    await session.create('asset', [{ ...op, reference: 'CFOTHER', payload: { strName: 'Warm the lists' } }]);
    sandbox.control.setDial('emptyBodies', 1);
    expect((await session.create('asset', [op]))[0]).toMatchObject({
      outcome: 'unknown',
      failure: { code: 'EMPTY' },
    });
    const [found] = await session.findCreated('asset', [op]);
    expect(found?.candidates.map(({ raw }) => raw['strName'])).toEqual(['Fan']);
  });

  it('a page of a proxy is unavailable', async () => {
    const { sandbox, session } = await bench.open();
    sandbox.control.setDial('html502', 20);
    expect((await failureOf(session.pull('person', page))).kind).toBe('unavailable');
  });
});
