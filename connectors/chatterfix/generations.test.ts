/** The generations beside the two that the conformance suite proves: recognised, read and written as far as they go. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { createOp, drain, failureOf, sweep, updateOp } from '../kit/conformance-bench.ts';
import type { ExternalRecord, Session, WriteOutcome } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { chatterfix } from './index.ts';
import { startChatterfixSandbox } from './sandbox/index.ts';

type Sandbox = Awaited<ReturnType<typeof startChatterfixSandbox>>;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  seed: string,
  changes: { config?: JsonObject; secret?: JsonObject } = {},
): Promise<{ sandbox: Sandbox; session: Session }> {
  const sandbox = await startChatterfixSandbox({ seed });
  closers.push(() => sandbox.close());
  const secret = changes.secret ?? { apiKey: sandbox.credentials['apiKey'] ?? '' };
  const session = chatterfix.connect(
    { baseUrl: sandbox.url, ...changes.config },
    secret,
    createSessionDeps(),
  );
  closers.push(() => session.close());
  return { sandbox, session };
}

const all = async (session: Session, entity: Entity): Promise<ExternalRecord[]> =>
  (await drain(session, entity, null, 50)).records;

function done(outcome: WriteOutcome | undefined): ExternalRecord {
  if (outcome?.outcome === 'done') return outcome.record;
  throw new Error(outcome !== undefined && 'failure' in outcome ? outcome.failure.message : 'No outcome.');
}

const refusal = (outcome: WriteOutcome | undefined): string =>
  outcome?.outcome === 'rejected' ? outcome.failure.message : `not rejected but ${String(outcome?.outcome)}`;

const ORDER: JsonObject = {
  title: 'Swap belt',
  description: 'Squeals',
  status: 'open',
  priority: 'high',
  assigned_to: 'Al',
  asset_id: '7',
  due_date: '2026-02-03T08:00:00.000Z',
};

describe('ChatterFix: which generation answers', () => {
  it.each(['unified', 'microservices', 'consolidated', 'cmms6b', 'enterprise3', 'september', 'firestore'])(
    '%s is recognised by its OpenAPI description',
    async (name) => {
      const { session } = await open(`empty@${name}`, { config: { profile: 'unified' } });
      expect((await session.probe()).account).toContain(`(${name})`);
    },
  );

  it.each(['vm-monolith', 'micro-oct1', 'unknown'])('%s is no generation we speak', async (name) => {
    const { session } = await open(`empty@${name}`);
    const failure = await failureOf(session.probe(), {});
    expect(failure.kind).toBe('invalid_config');
    expect(failure.message).toContain('no known generation of ChatterFix');
  });

  it('the gateway is not taken for the backend behind it', async () => {
    const { session } = await open('empty@gateway');
    const failure = await failureOf(session.probe(), {});
    expect(failure.kind).toBe('invalid_config');
    expect(failure.message).toContain('set the base URL to the backend');
  });

  it.each(['off', 'protected'])(
    'without a description (%s) the configured profile is spoken',
    async (openapi) => {
      const { sandbox, session } = await open('empty@microservices', {
        config: { profile: 'microservices' },
      });
      sandbox.control.setDial('openapi', openapi);
      expect((await session.probe()).account).toContain('(microservices)');
      const [made] = await session.create('asset', [createOp('hub-1', { name: 'Fan' })]);
      expect(done(made).raw['name']).toBe('Fan');
    },
  );

  it('the short form of unified cannot change an asset, and is not asked to', async () => {
    const { sandbox, session } = await open('empty');
    sandbox.control.setDial('short', true);
    const fan = done((await session.create('asset', [createOp('hub-1', { name: 'Fan' })]))[0]);
    expect(await session.read('asset', [fan.externalId])).toEqual([fan]);
    const before = sandbox.control.stats().requests;
    expect(refusal((await session.update('asset', [updateOp(fan, { name: 'Blower' })]))[0])).toContain(
      'has no call to change assets',
    );
    expect(sandbox.control.stats().requests).toBe(before);
  });
});

describe('ChatterFix: consolidated', () => {
  it('reads, creates in the wanted status, changes and clears', async () => {
    const { session } = await open('empty@consolidated');
    expect(await all(session, 'asset')).toHaveLength(9);
    expect((await sweep(session, 'work_order')).length).toBe(8);
    const made = done(
      (
        await session.create('work_order', [
          createOp('hub-1', {
            title: 'Swap belt',
            status: 'in_progress',
            priority: 'high',
            asset_id: '101',
            due_date: '2026-04-01T06:30:00.000Z',
          }),
        ])
      )[0],
    );
    expect(made.raw).toMatchObject({
      status: 'in_progress',
      priority: 'high',
      asset_id: '101',
      due_date: '2026-04-01T06:30:00.000Z',
    });
    expect(made.raw).not.toHaveProperty('description');
    const listed = (await all(session, 'work_order')).find(
      ({ externalId }) => externalId === made.externalId,
    );
    expect(listed).toEqual(made);
    const held = done(
      (await session.update('work_order', [updateOp(made, { status: 'waiting_parts', due_date: null })]))[0],
    );
    expect(held.raw).toMatchObject({ status: 'on_hold' });
    expect(held.raw).not.toHaveProperty('due_date');
  });

  it('cannot change a part and says so', async () => {
    const { session } = await open('empty@consolidated');
    const belt = done(
      (
        await session.create('part', [createOp('hub-1', { name: 'Belt', part_number: 'B-1', quantity: 4 })])
      )[0],
    );
    expect(belt.raw).toMatchObject({ part_number: 'B-1', quantity: 4 });
    expect(refusal((await session.update('part', [updateOp(belt, { quantity: 3 })]))[0])).toContain(
      'has no call to change parts',
    );
  });

  it('a missing key is unauthorized', async () => {
    const { session } = await open('empty@consolidated', { secret: {} });
    expect((await failureOf(session.probe(), {})).kind).toBe('unauthorized');
  });
});

describe('ChatterFix: lists that are made up or cut', () => {
  it.each(['cmms6b', 'firestore'])('made-up rows of %s are a failed read', async (name) => {
    const { sandbox, session } = await open(`empty@${name}`);
    sandbox.control.setDial('placeholders', true);
    for (const read of [all, sweep]) {
      const failure = await failureOf(read(session, 'work_order'), {});
      expect({ kind: failure.kind, code: failure.code }).toEqual({
        kind: 'unavailable',
        code: 'PLACEHOLDER_ROWS',
      });
    }
  });

  it('a list that ends at its limit is not taken for all there is', async () => {
    const { sandbox, session } = await open('empty@cmms6b');
    for (let n = 0; n < 101; n += 1)
      sandbox.control.insert('work-orders', { title: `Inspect ${String(n)}`, description: 'x' });
    const failure = await failureOf(sweep(session, 'work_order'), {});
    expect(failure.message).toContain('shows at most 100');
  });
});

describe('ChatterFix: cmms6b, enterprise3, september', () => {
  it('cmms6b creates and changes a work order', async () => {
    const { session } = await open('empty@cmms6b');
    const made = done(
      (await session.create('work_order', [createOp('hub-1', { title: 'Swap belt', status: 'open' })]))[0],
    );
    const after = (await session.update('work_order', [updateOp(made, { status: 'completed' })]))[0];
    expect(done(after).raw['status']).toBe('completed');
  });

  it('enterprise3 creates a work order under a text id, and changes none', async () => {
    const { session } = await open('empty@enterprise3');
    const made = done(
      (await session.create('work_order', [createOp('hub-1', { title: 'Swap belt', status: 'open' })]))[0],
    );
    expect(made.externalId).toMatch(/^WO-/);
    expect(
      refusal((await session.update('work_order', [updateOp(made, { status: 'completed' })]))[0]),
    ).toContain('has no call to change work orders');
    await all(session, 'plan');
    await all(session, 'person');
  });

  it('september creates and deletes a work order, and shows what it was given', async () => {
    const { session } = await open('empty@september');
    const made = done((await session.create('work_order', [createOp('hub-1', ORDER)]))[0]);
    expect(made.raw).toMatchObject({ title: 'Swap belt', priority: 'high', assigned_to: 'Al' });
    expect(made.raw['due_date']).toBe('2026-02-03T08:00:00.000Z');
    await session.remove('work_order', made.externalId, null);
    await session.remove('work_order', made.externalId, null);
    expect(await sweep(session, 'work_order')).toEqual([]);
  });

  it('september changes no work order, because a replace would clear the asset that no list shows', async () => {
    const { sandbox, session } = await open('empty@september');
    const made = done((await session.create('work_order', [createOp('hub-1', ORDER)]))[0]);
    const before = sandbox.control.list('work-orders');
    expect(
      refusal((await session.update('work_order', [updateOp(made, { status: 'completed' })]))[0]),
    ).toContain('has no call to change work orders');
    expect(sandbox.control.list('work-orders')).toEqual(before);
    expect(chatterfix.manifestFor?.({ profile: 'september' }).capabilities.work_order).toMatchObject({
      create: true,
      update: false,
      remove: true,
    });
  });

  it('september with its database away is a failed read, not an empty plant', async () => {
    const { sandbox, session } = await open('empty@september');
    sandbox.control.setDial('databaseAway', true);
    for (const read of [all, sweep]) {
      expect((await failureOf(read(session, 'work_order'), {})).kind).toBe('unavailable');
    }
  });
});

describe('ChatterFix: what takes more than one call', () => {
  const later = async (effect: 'http_503' | 'drop_after_commit', status?: number) => {
    const { sandbox, session } = await open('empty@consolidated');
    await session.probe();
    const rule = { match: { method: 'PUT' }, effect, ...(status === undefined ? {} : { status }) };
    sandbox.control.setFaults({ rules: [rule] });
    const payload = { ...ORDER, assigned_to: null, asset_id: null, status: 'in_progress' };
    const [outcome] = await session.create('work_order', [createOp('hub-1', payload)]);
    return outcome;
  };

  it.each([
    ['refused', 'http_503', 422, 'rejected', 'between', 'open'],
    ['put off', 'http_503', undefined, 'unknown', 'unknown', 'open'],
    ['lost', 'drop_after_commit', undefined, 'unknown', 'unknown', 'in_progress'],
  ] as const)(
    'a new order whose status is %s is told as far as it came',
    async (_, effect, status, as, at, word) => {
      const outcome = await later(effect, status);
      expect(outcome).toMatchObject({
        outcome: as,
        record: { raw: { status: word } },
        progress: { stands: at, done: [{ name: 'create' }], remaining: [{ fields: ['status'] }] },
      });
    },
  );
});

describe('ChatterFix: out of use', () => {
  it.each([
    ['consolidated', 'asset', { name: 'Pump', status: 'maintenance' }, 'retired'],
    ['consolidated', 'work_order', { title: 'Swap belt', status: 'open' }, 'cancelled'],
    ['cmms6b', 'work_order', { title: 'Swap belt', status: 'open' }, 'cancelled'],
  ] as const)('%s: one %s by its status, and back', async (name, entity, payload, word) => {
    const { session } = await open(`empty@${name}`);
    const [outcome] = await session.create(entity, [createOp('hub-1', payload)]);
    const { externalId } = done(outcome);
    const out = await session.retire?.(entity, { externalId, address: null });
    expect(out).toMatchObject({
      outcome: 'done',
      record: { raw: { status: word } },
      undo: { status: payload.status },
    });
    const undo = out?.outcome === 'done' ? out.undo : null;
    const back = await session.reinstate?.(entity, { externalId, address: null, undo });
    expect(back).toMatchObject({ outcome: 'done', record: { raw: { status: payload.status } } });
  });

  it('a generation that cannot change a record has no way', async () => {
    const { session } = await open('empty@unified');
    const out = session.retire?.('work_order', { externalId: '1', address: null });
    await expect(out).rejects.toMatchObject({ kind: 'invalid_request' });
  });
});
