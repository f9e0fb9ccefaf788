/** Without a document: the generic system, held to the conformance suite against its sandbox. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { describeConnector } from '../kit/conformance.ts';
import type { EntityFixture } from '../kit/conformance.ts';
import { createBench, drain, failureOf } from '../kit/conformance-bench.ts';
import { custom, customCapabilities } from './index.ts';
import { manifest } from './manifest.ts';
import { startCustomSandbox } from './sandbox/index.ts';

const capabilities = customCapabilities({ baseUrl: 'https://plant.example' });
const start = async (seed = 'empty'): ReturnType<Parameters<typeof describeConnector>[0]['start']> => {
  const sandbox = await startCustomSandbox({ seed });
  return {
    sandbox,
    config: { baseUrl: sandbox.url },
    secret: { apiKey: sandbox.credentials['apiKey'] ?? '' },
  };
};
const named = (object: string, more: Partial<EntityFixture> = {}): EntityFixture => ({
  object,
  insert: (n) => ({ name: `Thing ${String(n)}` }),
  change: { description: 'Seen by a person' },
  create: (n) => ({ name: `Made ${String(n)}` }),
  createCall: { method: 'POST', path: `/api/${object}$` },
  update: { description: 'Changed by us' },
  updateCall: { method: 'PATCH', path: `/api/${object}/` },
  refused: { description: 'no name' },
  ...more,
});
const options = {
  connector: { ...custom, manifest: { ...manifest, title: 'Generic system', capabilities } },
  start: () => start(),
  wrongSecret: { apiKey: 'wrong-api-key' },
  sessions: false,
  fixtures: {
    asset: named('assets'),
    plan: named('schedules'),
    work_order: named('work-orders', {
      insert: (n) => ({ title: `Order ${String(n)}` }),
      create: (n) => ({ title: `Fix ${String(n)}` }),
    }),
  },
} satisfies Parameters<typeof describeConnector>[0];

describeConnector(options);

describe('the generic system in its other manners', () => {
  const bench = createBench({ ...options, start: () => start('site:C') });
  afterEach(() => bench.tidy());

  it.each(['named', 'bare'])('a list that is %s is understood', async (envelope) => {
    const { sandbox, session } = await bench.open();
    sandbox.control.setDial('envelope', envelope);
    expect((await drain(session, 'asset', null, 10)).records).not.toEqual([]);
  });

  it('single records are looked for in the list where there is no call for them', async () => {
    const { sandbox, session } = await bench.open();
    sandbox.control.setDial('singleRead', false);
    const [record] = (await drain(session, 'asset', null, 10)).records;
    expect(await session.read('asset', [record?.externalId ?? ''])).toEqual([record]);
    expect(await session.read('asset', ['never-there'])).toEqual([]);
  });

  it('a list under another key is said to be unreadable, with what to correct', async () => {
    const stand = await bench.open();
    stand.sandbox.control.setDial('envelope', 'data');
    const failure = await failureOf(drain(stand.session, 'asset', null, 10), stand.secret);
    expect(failure).toMatchObject({ kind: 'unexpected_response', path: 'list.records' });
    expect(failure.message).toContain('/api/assets');
  });

  it('an entity that is not described reads as empty and refuses writes', async () => {
    const { session } = await bench.open();
    expect(await session.pull('person', { cursor: null, pageSize: 5 })).toMatchObject({
      records: [],
      more: false,
    });
    expect(await session.keys('person', null)).toEqual({ externalIds: [], cursor: null });
    const op = {
      key: 'k',
      reference: 'CFK',
      intendedAt: '2026-01-01T00:00:00.000Z',
      payload: { name: 'x' },
      comments: [],
    };
    expect(await session.create('person', [op])).toMatchObject([{ outcome: 'rejected' }]);
    await expect(session.remove('person', 'x', null)).rejects.toMatchObject({ kind: 'invalid_request' });
  });

  it('shows its fields as samples', async () => {
    const { session } = await bench.open();
    const schema = await session.discover?.();
    expect(schema?.source).toBe('samples');
    expect(schema?.entities.asset?.fields['serial_number']).toMatchObject({ type: 'text' });
    expect(schema?.entities.work_order?.fields['created_at']).toMatchObject({ type: 'instant' });
  });
});
