/** What is special about the two complete generations: what they cannot do, drop, hide, or say without a zone. */
import { Readable } from 'node:stream';
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { createOp, drain, failureOf, sweep, updateOp } from '../kit/conformance-bench.ts';
import type { ExternalRecord, Session, SessionDeps, WriteOutcome } from '../kit/contract.ts';
import { createMemoryTokens, createSessionDeps } from '../kit/session-deps.fixture.ts';
import { chatterfix } from './index.ts';
import { startChatterfixSandbox } from './sandbox/index.ts';

type Sandbox = Awaited<ReturnType<typeof startChatterfixSandbox>>;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Stand {
  sandbox: Sandbox;
  session: Session;
  again: (changes?: { config?: JsonObject; secret?: JsonObject; deps?: Partial<SessionDeps> }) => Session;
}

async function open(seed = 'empty', config: JsonObject = {}): Promise<Stand> {
  const sandbox = await startChatterfixSandbox({ seed });
  closers.push(() => sandbox.close());
  const again: Stand['again'] = (changes = {}) => {
    const session = chatterfix.connect(
      { baseUrl: sandbox.url, ...config, ...changes.config },
      changes.secret ?? {},
      createSessionDeps(changes.deps),
    );
    closers.push(() => session.close());
    return session;
  };
  return { sandbox, session: again(), again };
}

const all = async (session: Session, entity: Entity): Promise<ExternalRecord[]> =>
  (await drain(session, entity, null, 50)).records;

function done(outcome: WriteOutcome | undefined): ExternalRecord {
  if (outcome?.outcome === 'done') return outcome.record;
  throw new Error(outcome !== undefined && 'failure' in outcome ? outcome.failure.message : 'No outcome.');
}
const createOne = async (
  session: Session,
  entity: Entity,
  payload: JsonObject,
  key = 'hub-1',
): Promise<ExternalRecord> => done((await session.create(entity, [createOp(key, payload)]))[0]);
const createdAt = ({ raw }: ExternalRecord): number => Date.parse(raw['created_at'] as string);
const refusal = (outcome: WriteOutcome | undefined): string =>
  outcome?.outcome === 'rejected' ? outcome.failure.message : `not rejected but ${String(outcome?.outcome)}`;

describe('ChatterFix unified: what it cannot do', () => {
  it('every verb refuses what is not there, without a call', async () => {
    const { sandbox, session } = await open();
    for (const entity of ['meter', 'request'] as const) {
      const calls = [
        session.pull(entity, { cursor: null, pageSize: 5 }),
        session.read(entity, ['1']),
        session.keys(entity, null),
        session.findCreated(entity, [createOp('hub-1', { name: 'x' })]),
        session.remove(entity, '1', null),
      ];
      for (const call of calls) expect((await failureOf(call, {})).kind).toBe('invalid_request');
      expect(refusal((await session.create(entity, [createOp('hub-1', { name: 'x' })]))[0])).toContain(
        'ChatterFix has no call to create',
      );
    }
    expect(sandbox.control.stats().requests).toBe(0);
  });

  it('a change of a work order is refused without a call', async () => {
    const { sandbox, session } = await open();
    const order = await createOne(session, 'work_order', { title: 'Swap belt' });
    const before = sandbox.control.stats().requests;
    expect(refusal((await session.update('work_order', [updateOp(order, { status: 'completed' })]))[0])).toBe(
      'The unified backend (5 October 2025) of ChatterFix has no call to change work orders; do it there, or switch on sqlFallback.',
    );
    expect(sandbox.control.stats().requests).toBe(before);
  });

  it('a field it has no place for is lost alone: nothing is sent for it', async () => {
    const { session } = await open();
    const fan = await createOne(session, 'asset', { name: 'Fan', criticality: 'high' });
    expect(fan.raw).not.toHaveProperty('criticality');
    expect(done((await session.update('asset', [updateOp(fan, { criticality: 'low' })]))[0])).toEqual(fan);
  });

  it('a name nobody knows and half a part are refused, and say which', async () => {
    const { session } = await open();
    const outcomes = await session.create('part', [
      createOp('a', { name: 'Belt', part_number: 'B-1', colour: 'red' }),
      createOp('b', { name: 'Belt', part_number: 'B-1', quantity: 1.5 }),
    ]);
    expect(refusal(outcomes[0])).toBe(
      'A ChatterFix part has no field "colour"; correct mappings/chatterfix/part.yaml.',
    );
    expect(refusal(outcomes[1])).toContain('cannot take "quantity"');
  });

  it('a second part with one number is refused as such', async () => {
    const { session } = await open();
    await createOne(session, 'part', { name: 'Belt', part_number: 'B-1' });
    const [outcome] = await session.create('part', [createOp('x', { name: 'Other', part_number: 'B-1' })]);
    expect(refusal(outcome)).toContain('has a record with this value already');
  });

  it('a person who is no number there is refused', async () => {
    const { session } = await open();
    const [outcome] = await session.create('work_order', [
      createOp('x', { title: 'Swap belt', assigned_to: 'lbauer' }),
    ]);
    expect(refusal(outcome)).toContain('takes a number for "assigned_to"');
  });
});

describe('ChatterFix unified: what it does without saying', () => {
  it('a replace keeps what it does not change, also the mark and the status', async () => {
    const { sandbox, session } = await open();
    const fan = await createOne(session, 'asset', {
      name: 'Fan',
      description: 'Over the gate',
      status: 'retired',
      manufacturer: 'Ziehl',
    });
    const after = done((await session.update('asset', [updateOp(fan, { location: 'Roof' })]))[0]);
    expect(after.raw).toMatchObject({ status: 'retired', location: 'Roof', manufacturer: 'Ziehl' });
    const [row] = sandbox.control.list('assets') as { description: string }[];
    expect(row?.description).toBe('Over the gate\n\nManufacturer: Ziehl\n\n[ext:CFHUB1]');
    const renamed = done((await session.update('asset', [updateOp(after, { description: 'On top' })]))[0]);
    expect(renamed.raw).toMatchObject({ description: 'On top', manufacturer: 'Ziehl' });
  });

  it('a description that may not be empty is the title, and is not shown as one', async () => {
    const { sandbox, session } = await open('empty', { marker: false });
    const order = await createOne(session, 'work_order', { title: 'Swap belt' });
    expect((sandbox.control.list('work-orders') as { description: string }[])[0]?.description).toBe(
      'Swap belt',
    );
    expect(order.raw).not.toHaveProperty('description');
  });

  it('without marks a lost create is found by what was sent', async () => {
    const { sandbox, session } = await open('empty', { marker: false });
    await createOne(session, 'work_order', { title: 'Swap belt', description: 'Left' });
    await createOne(session, 'work_order', { title: 'Swap belt', description: 'Right' });
    const op = createOp('hub-2', { title: 'Swap belt', description: 'Right' });
    const [found] = await session.findCreated('work_order', [op]);
    expect(found?.candidates.map(({ raw }) => raw['description'])).toEqual(['Right']);
    sandbox.control.setClock(86_400_000);
    const later = { ...op, intendedAt: new Date(Date.now() + 86_400_000).toISOString() };
    expect((await session.findCreated('work_order', [later]))[0]?.candidates).toEqual([]);
  });

  it('a serial number in the text of an asset is found', async () => {
    const { session } = await open('excavators');
    const serials = (await all(session, 'asset')).map(({ raw }) => raw['serial_number']);
    expect(serials.sort()).toEqual([
      'RH120-A-0001',
      'RH120-B-0002',
      'RH120-C-0003',
      'RH120-D-0004',
      'RH120-E-0005',
    ]);
  });

  it('a serial number in the text outlives the text', async () => {
    const { sandbox, session } = await open();
    sandbox.control.insert('assets', {
      name: 'Digger',
      description: 'Face shovel. S/N RH120-A-0001',
      asset_type: '',
      location: '',
    });
    const [digger] = await all(session, 'asset');
    if (digger === undefined) throw new Error('No asset.');
    const after = done((await session.update('asset', [updateOp(digger, { description: 'Spare' })]))[0]);
    expect(after.raw).toMatchObject({ description: 'Spare', serial_number: 'RH120-A-0001' });
    const other = done((await session.update('asset', [updateOp(after, { serial_number: 'RH-2' })]))[0]);
    expect(other.raw).toMatchObject({ description: 'Spare', serial_number: 'RH-2' });
  });

  it('a work order of an asset that is not there does not wait for it', async () => {
    const { sandbox, session } = await open();
    sandbox.control.insert('work-orders', { title: 'Lost', description: 'x', asset_id: 999 });
    const [order] = await all(session, 'work_order');
    expect(order?.raw).not.toHaveProperty('asset_id');
    expect(order?.raw['asset_reference']).toBe('999');
  });

  it('people and locations come from the settings, and resolve what the records say', async () => {
    const { session } = await open('excavators', {
      people: [{ id: '3', name: 'Maria Santos', username: 'msantos', email: 'msantos@pitmine.example' }],
      locations: [{ text: 'Pit Mine / South Pit', name: 'South Pit', code: 'SP' }],
    });
    expect(await sweep(session, 'person')).toEqual(['3']);
    expect((await all(session, 'location')).map(({ raw }) => raw)).toEqual([
      { id: 'Pit Mine / South Pit', name: 'South Pit', code: 'SP' },
    ]);
    const orders = await all(session, 'work_order');
    const hers = orders.filter(({ raw }) => raw['assigned_username'] === 'msantos');
    expect(hers.length).toBeGreaterThan(0);
    expect(hers.every(({ raw }) => raw['assignee_id'] === '3')).toBe(true);
    expect(orders.some(({ raw }) => raw['assigned_username'] !== 'msantos' && 'assignee_id' in raw)).toBe(
      false,
    );
    const assets = await all(session, 'asset');
    expect(assets.filter(({ raw }) => raw['location_id'] === 'Pit Mine / South Pit')).toHaveLength(2);
  });
});

describe('ChatterFix unified: reading safely', () => {
  it('times are those of their zone: the database in UTC, the program in its own', async () => {
    const { sandbox, session } = await open('empty', { serverZone: 'Europe/Berlin' });
    sandbox.control.insert('pm-schedules', {
      title: 'Grease',
      frequency_type: 'calendar',
      frequency_value: 1,
      frequency_unit: 'months',
      next_due: '2026-03-29 02:30:00',
      is_active: 1,
    });
    const [plan] = await all(session, 'plan');
    expect(plan?.raw['next_due']).toBe('2026-03-29T01:30:00.000Z');
    const order = await createOne(session, 'work_order', { title: 'Swap belt' });
    expect(Math.abs(Date.now() - createdAt(order))).toBeLessThan(60_000);
  });

  it('the times of PostgreSQL are those of the zone of its sessions', async () => {
    const { sandbox, session } = await open('empty', {
      serverZone: 'Australia/Perth',
      databaseZone: 'Australia/Perth',
    });
    sandbox.control.setDial('zone', 'Australia/Perth');
    sandbox.control.setDial('database', 'postgresql');
    const order = await createOne(session, 'work_order', { title: 'Swap belt' });
    expect(Math.abs(Date.now() - createdAt(order))).toBeLessThan(60_000);
  });

  it.each(['removeWhilePaging', 'insertWhilePaging'])(
    'a sweep during %s is walked again until it agrees with the count',
    async (dial) => {
      const { sandbox, session } = await open('empty', {});
      for (let n = 0; n < 12; n += 1)
        sandbox.control.insert('work-orders', { title: `Inspect ${String(n)}`, description: 'x' });
      sandbox.control.setDial(dial, { object: 'work-orders', times: 1 });
      const ids = await sweep(session, 'work_order');
      const held = (sandbox.control.list('work-orders') as { id: number }[]).map(({ id }) => String(id));
      expect(ids.sort()).toEqual(held.sort());
    },
  );

  it('a sweep that never agrees with the count is no sweep', async () => {
    const { sandbox, session } = await open();
    sandbox.control.insert('work-orders', { title: 'Inspect', description: 'x' });
    sandbox.control.setDial('insertWhilePaging', { object: 'work-orders', times: 1_000 });
    const failure = await failureOf(sweep(session, 'work_order'), {});
    expect({ kind: failure.kind, code: failure.code }).toEqual({
      kind: 'unavailable',
      code: 'INCOMPLETE_SCAN',
    });
  });

  it('a broken database is told by the probe, although it answers 200', async () => {
    const { sandbox, session } = await open();
    sandbox.control.setDial('databaseAway', true);
    const failure = await failureOf(session.probe(), {});
    expect(failure.kind).toBe('unavailable');
  });

  it('a whole page of deleted rows hides none of those behind it', async () => {
    const { sandbox, session } = await open();
    for (let n = 0; n < 40; n += 1)
      sandbox.control.insert('work-orders', { title: `Inspect ${String(n)}`, description: 'x' });
    const first = await session.pull('work_order', { cursor: null, pageSize: 10 });
    for (const { externalId } of first.records) sandbox.control.remove('work-orders', externalId);
    const rest = await drain(session, 'work_order', first.cursor, 10);
    expect(new Set(rest.records.map(({ externalId }) => externalId)).size).toBe(30);
  });

  it('rows of one second in any order are all read, once', async () => {
    const { sandbox, session } = await open();
    for (let n = 0; n < 40; n += 1)
      sandbox.control.insert('work-orders', { title: `Inspect ${String(n)}`, description: 'x' });
    const { records } = await drain(session, 'work_order', null, 7);
    expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(40);
    expect(records).toHaveLength(40);
  });
});

describe('ChatterFix unified: the SQL fallback', () => {
  it('changes a work order with one fixed statement, and reads it back', async () => {
    const { session } = await open('empty', { sqlFallback: true, serverZone: 'Europe/Berlin' });
    const order = await createOne(session, 'work_order', { title: "Swap 'belt'; --", description: 'Left' });
    const after = done(
      (
        await session.update('work_order', [
          updateOp(order, {
            status: 'waiting_parts',
            due_date: '2026-07-01T06:30:00.000Z',
            estimated_hours: 2,
          }),
        ])
      )[0],
    );
    expect(after.raw).toMatchObject({
      title: "Swap 'belt'; --",
      description: 'Left',
      status: 'on_hold',
      estimated_hours: 2,
      due_date: '2026-07-01T06:30:00.000Z',
    });
    const [stale] = await session.update('work_order', [updateOp(order, { status: 'completed' })]);
    expect(stale?.outcome).toBe('stale');
  });

  it('where the route is closed, it is not tried', async () => {
    const { sandbox, again } = await open('empty', { sqlFallback: true });
    sandbox.control.setDial('rawSql', false);
    const session = again();
    const order = await createOne(session, 'work_order', { title: 'Swap belt' });
    expect((await session.update('work_order', [updateOp(order, { status: 'completed' })]))[0]?.outcome).toBe(
      'rejected',
    );
  });
});

describe('ChatterFix: who we are', () => {
  it('a login serves all workers, and is renewed when it is refused', async () => {
    const { sandbox, again } = await open();
    sandbox.control.setDial('auth', 'bearer-login');
    const secret = {
      username: sandbox.credentials['username'] ?? '',
      password: sandbox.credentials['password'] ?? '',
    };
    const tokens = createMemoryTokens();
    const session = again({ secret, deps: { tokens } });
    expect((await session.probe()).account).toContain(secret.username);
    const token = await tokens.get();
    await again({ secret, deps: { tokens } }).probe();
    expect(await tokens.get()).toBe(token);
    sandbox.control.expireSessions();
    await all(session, 'asset');
    expect(await tokens.get()).not.toBe(token);
    const wrong = again({ secret: { ...secret, password: 'not-the-password' } });
    const failure = await failureOf(wrong.probe(), { password: 'not-the-password' });
    expect(failure.kind).toBe('unauthorized');
  });

  it('the login of the microservices takes JSON and calls its token otherwise', async () => {
    const { sandbox, again } = await open('empty@microservices');
    sandbox.control.setDial('auth', 'bearer-login');
    const { username = '', password = '' } = sandbox.credentials;
    const login = { url: `${sandbox.url}/api/login`, encoding: 'json', tokenField: 'token' };
    const session = again({ config: { login }, secret: { username, password } });
    expect((await session.probe()).account).toBe(`${username} (microservices)`);
    const other = again({
      config: { login: { ...login, tokenField: 'jwt' } },
      secret: { username, password },
    });
    expect((await failureOf(other.probe(), {})).message).toContain('gave no "jwt"');
  });
});

describe('ChatterFix microservices', () => {
  it('a number cannot be emptied, a text can', async () => {
    const { session } = await open('empty@microservices');
    const order = await createOne(session, 'work_order', {
      title: 'Swap belt',
      description: 'Left',
      estimated_hours: 2,
    });
    const [refused] = await session.update('work_order', [updateOp(order, { estimated_hours: null })]);
    expect(refusal(refused)).toContain('cannot be emptied');
    const after = done((await session.update('work_order', [updateOp(order, { description: null })]))[0]);
    expect(after.raw).not.toHaveProperty('description');
    expect((await session.findCreated('work_order', [createOp('hub-1', {})]))[0]?.candidates).toEqual([
      after,
    ]);
  });

  it('two orders made alike at once are told apart', async () => {
    const { session } = await open('empty@microservices');
    const payload = { title: 'Weekly round', status: 'open', priority: 'low' };
    const outcomes = await session.create('work_order', [createOp('a', payload), createOp('b', payload)]);
    const ids = outcomes.map((outcome) => done(outcome).externalId);
    expect(new Set(ids).size).toBe(2);
  });

  it('an open order is pending there, unless the settings say open', async () => {
    const { sandbox, session, again } = await open('empty@microservices');
    await createOne(session, 'work_order', { title: 'A', status: 'open' });
    const other = again({ config: { openStatus: 'open' } });
    await createOne(other, 'work_order', { title: 'B', status: 'open' }, 'hub-2');
    const rows = sandbox.control.list('work-orders') as { title: string; status: string }[];
    expect(Object.fromEntries(rows.map(({ title, status }) => [title, status]))).toEqual({
      A: 'pending',
      B: 'open',
    });
  });
});

describe('ChatterFix: schema and files', () => {
  it('the written models come from the OpenAPI description, the rest from samples', async () => {
    const { session } = await open('excavators');
    const schema = await session.discover?.();
    expect(schema?.source).toBe('metadata');
    expect(schema?.entities.work_order?.object).toBe('work-orders');
    expect(schema?.entities.work_order?.fields).toMatchObject({
      title: { type: 'text', nullable: false, maxLength: 255 },
      status: { type: 'text', values: ['open', 'in_progress', 'completed', 'on_hold', 'cancelled'] },
      asset_id: { type: 'reference', nullable: true },
      due_date: { type: 'instant', nullable: true },
      created_at: { type: 'instant', readOnly: true },
    });
    expect(schema?.entities.part?.fields).toMatchObject({
      quantity: { type: 'integer' },
      supplier: { type: 'text', readOnly: true },
    });
    expect(schema?.entities.plan?.fields['next_due']).toMatchObject({ type: 'instant' });
  });

  it('without a description there are samples', async () => {
    const { sandbox, session } = await open('excavators');
    sandbox.control.setDial('openapi', 'off');
    const schema = await session.discover?.();
    expect(schema?.source).toBe('samples');
    expect(schema?.entities.asset?.fields['name']).toMatchObject({ type: 'text' });
  });

  it('a file is added and listed, and cannot be fetched', async () => {
    const { session } = await open();
    const fan = await createOne(session, 'asset', { name: 'Fan' });
    const content = Buffer.from('%PDF-1.4 drawing "of" a fan\r\n--not-a-boundary\r\n');
    const added = await session.attachments?.add('asset', fan.externalId, null, {
      name: 'Fan "top".pdf',
      mediaType: 'application/pdf',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      open: async () => Readable.from([content]),
    });
    expect(added?.outcome).toBe('done');
    const files = (await session.attachments?.list('asset', fan.externalId, null)) ?? [];
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({ bytes: content.length });
    const [file] = files;
    if (file === undefined || session.attachments === undefined) throw new Error('No file.');
    const failure = await failureOf(session.attachments.open('asset', fan.externalId, null, file), {});
    expect(failure.kind).toBe('invalid_request');
    expect(await session.attachments.list('plan', '1', null)).toEqual([]);
  });
});
