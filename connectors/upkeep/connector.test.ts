import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { createBench, createOp, drain, expectFailure, updateOp } from '../kit/conformance-bench.ts';
import type { Stand } from '../kit/conformance-bench.ts';
import type { ExternalRecord, WriteOutcome } from '../kit/contract.ts';
import { options } from './conformance.fixture.ts';
import { upkeep } from './index.ts';
import { EVENTS } from './webhook.ts';
import { bodyOf, instantOf, normalise } from './wire.ts';

const AT = '2026-04-01T06:30:00.000Z';

describe('UpKeep: its own ways', () => {
  const bench = createBench(options);
  afterEach(() => bench.tidy());

  async function createOne(
    stand: Stand,
    entity: Parameters<Stand['session']['create']>[0],
    payload: JsonObject,
  ): Promise<ExternalRecord> {
    const [outcome] = await stand.session.create(entity, [createOp('hub-1', payload)]);
    if (outcome?.outcome !== 'done') throw new Error(`Not created: ${JSON.stringify(outcome)}`);
    return outcome.record;
  }

  const failureMessage = (outcome: WriteOutcome | undefined): string =>
    outcome?.outcome === 'rejected'
      ? outcome.failure.message
      : `not rejected: ${outcome?.outcome ?? 'nothing'}`;

  it('takes an API token instead of a login', async () => {
    const stand = await bench.open();
    const token = stand.sandbox.credentials['token'] ?? '';
    const session = stand.connect({ secret: { token } });
    expect((await session.probe()).account).toBe('API token');
    expect(stand.sandbox.control.stats().log.map(({ path }) => path)).toEqual(['/api/v2/users']);
    await expectFailure(stand.connect({ secret: { token: 'r:0000' } }).probe(), 'unauthorized', {
      token: 'r:0000',
    });
  });

  it('a wrong base URL is not mistaken for an empty account', async () => {
    const stand = await bench.open();
    const session = stand.connect({ config: { baseUrl: `${stand.sandbox.url}/api/v3` } });
    await expectFailure(session.probe(), 'unauthorized', stand.secret);
    const token = { token: stand.sandbox.credentials['token'] ?? '' };
    const other = stand.connect({ config: { baseUrl: `${stand.sandbox.url}/api/v3` }, secret: token });
    await expectFailure(other.pull('asset', { cursor: null, pageSize: 10 }), 'not_found', token);
  });

  it('an empty list may be a 404', async () => {
    const stand = await bench.open();
    stand.sandbox.control.setDial('emptyListIs404', true);
    for (const entity of ['asset', 'request', 'work_order'] as const) {
      expect((await drain(stand.session, entity, null, 10)).records).toEqual([]);
      expect(await stand.session.keys(entity, null)).toEqual({ externalIds: [], cursor: null });
    }
  });

  it('reads the same record whatever labels, expansions and strictness the account has', async () => {
    const stand = await bench.open();
    const pump = await createOne(stand, 'asset', { name: 'Pump' });
    const order = await createOne(stand, 'work_order', {
      title: 'Repair',
      asset: pump.externalId,
      status: 'onHold',
    });
    expect(order.number).toMatch(/^\d+$/);
    stand.sandbox.control.setDial('statusLabels', 'odd');
    stand.sandbox.control.setDial('expandWithoutAsking', true);
    stand.sandbox.control.setDial('strictFields', true);
    expect((await drain(stand.session, 'work_order', null, 10)).records).toEqual([order]);
    const [outcome] = await stand.session.update('work_order', [updateOp(order, { status: 'inProgress' })]);
    expect(outcome).toMatchObject({
      outcome: 'done',
      record: { raw: { status: 'inProgress', asset: pump.externalId } },
    });
  });

  it('a title the account may not see is taken away', async () => {
    const stand = await bench.open();
    await createOne(stand, 'work_order', { title: 'Secret job' });
    stand.sandbox.control.setDial('permissionPlaceholderTitle', true);
    const [record] = (await drain(stand.session, 'work_order', null, 10)).records;
    expect(record?.raw).not.toHaveProperty('title');
  });

  it('many records with one timestamp are all read, once', async () => {
    const stand = await bench.open();
    stand.sandbox.control.setDial('equalTimestamps', 1_000);
    for (let n = 0; n < 40; n += 1) stand.sandbox.control.insert('assets', { name: `Roller ${String(n)}` });
    const { records } = await drain(stand.session, 'asset', null, 7);
    expect(records).toHaveLength(40);
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(40);
  });

  it('inserts between pages are read in the same or the next pass', async () => {
    const stand = await bench.open();
    for (let n = 0; n < 12; n += 1) stand.sandbox.control.insert('requests', { title: `Leak ${String(n)}` });
    stand.sandbox.control.setDial('insertWhilePaging', { object: 'requests', times: 3 });
    const first = await drain(stand.session, 'request', null, 6);
    const second = await drain(stand.session, 'request', first.cursor, 6);
    const seen = new Set([...first.records, ...second.records].map(({ externalId }) => externalId));
    expect(seen.size).toBe(15);
  });

  it('changes that lists show late are seen by the next pass', async () => {
    const stand = await bench.open();
    for (let n = 0; n < 5; n += 1) stand.sandbox.control.insert('assets', { name: `Roller ${String(n)}` });
    stand.sandbox.control.setDial('staleReads', { writes: 3 });
    stand.sandbox.control.insert('assets', { name: 'Late' });
    stand.sandbox.control.insert('assets', { name: 'Newest' });
    const first = await drain(stand.session, 'asset', null, 10);
    expect(first.records).toHaveLength(5);
    stand.sandbox.control.setDial('staleReads', null);
    const second = await drain(stand.session, 'asset', first.cursor, 10);
    expect(second.records.map(({ raw }) => raw['name'])).toEqual(expect.arrayContaining(['Late', 'Newest']));
  });

  it('clears a field with null', async () => {
    const stand = await bench.open();
    const order = await createOne(stand, 'work_order', { title: 'Repair', dueDate: AT, description: 'x' });
    const [outcome] = await stand.session.update('work_order', [
      updateOp(order, { dueDate: null, description: null }),
    ]);
    if (outcome?.outcome !== 'done') throw new Error('Not updated.');
    expect(outcome.record.raw).not.toHaveProperty('dueDate');
    expect(outcome.record.raw).not.toHaveProperty('description');
  });

  it("leaves UpKeep's stock alone when parts are listed", async () => {
    const stand = await bench.open();
    const belt = await createOne(stand, 'part', { name: 'Belt', quantity: 5 });
    await createOne(stand, 'work_order', {
      title: 'Change belt',
      parts: [belt.externalId],
      respectivePartQuantityUsed: [2],
    });
    expect((await stand.session.read('part', [belt.externalId]))[0]?.raw['quantity']).toBe(5);
  });

  it('a reading already there is not added again', async () => {
    const stand = await bench.open();
    const hours = await createOne(stand, 'meter', { name: 'Hours', lastReading: { value: 10, date: AT } });
    const reading = { lastReading: { value: 11, date: '2026-04-02T06:30:00.000Z' } };
    stand.sandbox.control.setFaults({
      rules: [{ match: { method: 'POST', path: '/readings$' }, effect: 'drop_after_commit', times: 1 }],
    });
    const [first] = await stand.session.update('meter', [updateOp(hours, reading)]);
    if (first?.outcome !== 'done') throw new Error(`Not updated: ${JSON.stringify(first)}`);
    expect(first.record.raw['lastReading']).toEqual(reading.lastReading);
    await stand.session.update('meter', [updateOp(first.record, reading)]);
    expect(stand.sandbox.control.list('readings')).toHaveLength(2);
  });

  it('refuses a seventh level of locations', async () => {
    const stand = await bench.open();
    let parent: string | null = null;
    for (let level = 0; level < 6; level += 1) {
      const made: ExternalRecord = await createOne(stand, 'location', {
        name: `Level ${String(level)}`,
        ...(parent === null ? {} : { parentLocation: parent }),
      });
      parent = made.externalId;
    }
    const [outcome] = await stand.session.create('location', [
      createOp('hub-2', { name: 'Too deep', parentLocation: parent }),
    ]);
    expect(failureMessage(outcome)).toContain('six levels');
    expect(stand.sandbox.control.list('locations')).toHaveLength(6);
  });

  it('moves a request by its verbs and refuses any other change', async () => {
    const stand = await bench.open();
    const leak = await createOne(stand, 'request', { title: 'Leak' });
    const [refused] = await stand.session.update('request', [
      updateOp(leak, { priority: 3, status: 'approved' }),
    ]);
    expect(failureMessage(refused)).toContain('cannot change "priority" of a request');
    const [approved] = await stand.session.update('request', [updateOp(leak, { status: 'approved' })]);
    expect(approved).toMatchObject({ outcome: 'done', record: { raw: { status: 'approved' } } });
    const rejected = await createOne(stand, 'request', { title: 'Noise', status: 'rejected' });
    expect(rejected.raw['status']).toBe('rejected');
  });

  it('refuses a field UpKeep would ignore, by name', async () => {
    const stand = await bench.open();
    const [outcome] = await stand.session.create('work_order', [
      createOp('hub-1', { title: 'x', assetId: 'y' }),
    ]);
    expect(failureMessage(outcome)).toBe(
      'An UpKeep work order has no writable field "assetId"; correct mappings/upkeep/work_order.yaml.',
    );
  });

  it('puts off the rest of a batch when UpKeep is down', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({
      rules: [{ match: { method: 'POST' }, effect: 'http_429', retryAfterS: 60 }],
    });
    const outcomes = await stand.session.create(
      'asset',
      [1, 2, 3].map((n) => createOp(`hub-${String(n)}`, { name: `Fan ${String(n)}` })),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'retry']);
    expect(stand.sandbox.control.stats().faultsFired).toEqual({ http_429: 1 });
  });

  it('subscribes once per event and unsubscribes', async () => {
    const stand = await bench.open();
    const endpoint = 'http://127.0.0.1:9/hooks/secret';
    const made = await stand.session.webhooks?.subscribe(endpoint);
    expect(made?.map(({ event }) => event)).toEqual(EVENTS);
    expect(await stand.session.webhooks?.subscribe(endpoint)).toEqual(made);
    await stand.session.webhooks?.unsubscribe(made?.map(({ id }) => id) ?? []);
    const again = await stand.session.webhooks?.subscribe(endpoint);
    expect(again?.[0]?.id).not.toBe(made?.[0]?.id);
  });

  it('guesses from a delivery what to look at', () => {
    expect(upkeep.entitiesOf?.({ id: 'a', workOrderNo: '7' })).toEqual(['work_order']);
    expect(upkeep.entitiesOf?.({ id: 'a', status: 'pending' })).toEqual(['request']);
    for (const body of [{ id: 'a' }, { status: 'approved' }, null, 'text', []]) {
      expect(upkeep.entitiesOf?.(body)).toEqual(['request', 'work_order']);
    }
  });
});

describe('UpKeep: spellings', () => {
  it('brings the several spellings of one thing together', () => {
    const row = {
      _id: 'a',
      title: 'x',
      status: 'In-Progress',
      priority: '2',
      workOrderNo: 17,
      dueDate: 1_775_025_000_000,
      asset: { id: 'As1' },
      additionalUsers: [{ id: 'U1' }, 'U2'],
      description: null,
    };
    expect(normalise('work_order', row)).toEqual({
      id: 'a',
      title: 'x',
      status: 'inProgress',
      priority: 2,
      workOrderNo: '17',
      dueDate: AT,
      asset: 'As1',
      additionalUsers: ['U1', 'U2'],
    });
    expect(normalise('asset', { id: 'a', serial: 'S1', barcodeSerial: 'B1' })).toEqual({
      id: 'a',
      serialNumber: 'S1',
      barcode: 'B1',
    });
    expect(normalise('work_order', { id: 'a', status: 'Waiting for Godot' })['status']).toBe(
      'Waiting for Godot',
    );
  });

  it('writes dates as epoch milliseconds', () => {
    expect(bodyOf('work_order', { dueDate: '2026-04-01T14:30:00+08:00', startDate: null })).toEqual({
      dueDate: Date.parse(AT),
      startDate: null,
    });
    expect(instantOf(String(Date.parse(AT)))).toBe(AT);
    expect(instantOf('soon')).toBeNull();
  });
});
