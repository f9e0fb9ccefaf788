/** The generic system in its other manners; its plainest is a line of the conformance table. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createBench, drain, failureOf, updateOp } from '../kit/conformance-bench.ts';
import { custom } from './index.ts';
import { startCustomSandbox } from './sandbox/index.ts';

describe('the generic system in its other manners', () => {
  const bench = createBench(
    {
      connector: custom,
      async start() {
        const sandbox = await startCustomSandbox({ seed: 'site:C' });
        const secret = { apiKey: sandbox.credentials['apiKey'] ?? '' };
        return { sandbox, config: { baseUrl: sandbox.url }, secret };
      },
      wrongSecret: null,
      sessions: false,
      fixtures: {},
    },
    [],
  );
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
    // No keys at all would read as if every record were gone.
    await expect(session.keys('person', null)).rejects.toMatchObject({ kind: 'invalid_request' });
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

  it.each(['{ field: version }', '{ header: if-match }'])(
    'a version goes back as it was shown, by %s, and one that moved is stale',
    async (version) => {
      const stand = await bench.open();
      const definition = `
resources:
  asset:
    list: { path: /api/assets, records: assets }
    version: version
    item: { path: '/api/assets/{id}' }
    update: { path: '/api/assets/{id}', version: ${version} }
`;
      const session = stand.connect({ config: { ...stand.config, definition } });
      const [record] = (await drain(session, 'asset', null, 10)).records;
      if (record === undefined) throw new Error('The sandbox holds no assets.');
      const [written] = await session.update('asset', [updateOp(record, { model: 'RH 120' })]);
      expect(written).toMatchObject({ outcome: 'done', record: { raw: { model: 'RH 120' } } });
      const [again] = await session.update('asset', [updateOp(record, { model: 'RH 200' })]);
      expect(again?.outcome).toBe('stale');
    },
  );

  it('shows its fields as samples', async () => {
    const { session } = await bench.open();
    const schema = await session.discover?.();
    expect(schema?.source).toBe('samples');
    expect(schema?.entities.asset?.fields['serial_number']).toMatchObject({ type: 'text' });
    expect(schema?.entities.work_order?.fields['created_at']).toMatchObject({ type: 'instant' });
  });
});
