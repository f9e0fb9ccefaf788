/** Status paths that stop in the middle: what is taken back, and what is told where it cannot be. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, Session, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

let sandbox: RunningSandbox;
let session: Session;
beforeEach(async () => {
  sandbox = await startMaximoSandbox({ seed: 'empty' });
  session = maximo.connect(
    { baseUrl: `${sandbox.url}/maximo`, site: 'BEDFORD' },
    { apiKey: sandbox.credentials.apiKey },
    createSessionDeps(),
  );
});
afterEach(async () => {
  await session.close();
  await sandbox.close();
});

async function order(payload: JsonObject = {}): Promise<ExternalRecord> {
  const op = {
    key: 'hub',
    reference: 'CF000001',
    intendedAt: new Date().toISOString(),
    payload: { description: 'Belt', ...payload },
    comments: [],
  };
  const [outcome] = await session.create('work_order', [op]);
  if (outcome?.outcome === 'done') return outcome.record;
  throw new Error('The order was not made.');
}
const opOf = (record: ExternalRecord, payload: JsonObject): UpdateOp => ({
  key: record.externalId,
  externalId: record.externalId,
  address: record.address,
  version: record.version,
  payload,
  comments: [],
  knownComments: [],
});
async function change(record: ExternalRecord, payload: JsonObject): Promise<WriteOutcome> {
  const [outcome] = await session.update('work_order', [opOf(record, payload)]);
  if (outcome === undefined) throw new Error('No outcome.');
  return outcome;
}
function told(outcome: WriteOutcome): unknown {
  const progress = 'progress' in outcome ? outcome.progress : undefined;
  const names = (steps: readonly { name: string }[] = []): string[] => steps.map(({ name }) => name);
  return {
    outcome: outcome.outcome,
    stands: progress?.stands,
    done: names(progress?.done),
    remaining: names(progress?.remaining),
    at: 'record' in outcome ? outcome.record.raw.status_maxvalue : undefined,
  };
}
const message = (outcome: WriteOutcome): string => ('failure' in outcome ? outcome.failure.message : '');

describe('a completion that Maximo refuses half-way', () => {
  it.each([
    ['WAPPR', {}],
    ['APPR', { status: 'APPR' }],
  ])('leaves an order at %s as it was, dates included', async (at, payload) => {
    const before = await order(payload);
    sandbox.control.setDial('statusRequiresWorklog', true);
    const outcome = await change(before, { status: 'COMP' });
    expect(told(outcome)).toEqual({
      outcome: 'rejected',
      stands: 'as_before',
      done: [],
      remaining: ['status COMP'],
      at,
    });
    expect(message(outcome)).toContain('BMXAA5401E');
    const [now] = await session.read('work_order', [before.externalId]);
    const { changedate: _then, statusdate: _since, changeby: _who, ...was } = before.raw;
    expect(now?.raw).toMatchObject(was);
    expect(now?.raw).not.toHaveProperty('actstart');
  });

  it('keeps what was changed beside it: only the way is taken back', async () => {
    const before = await order();
    sandbox.control.setDial('statusRequiresWorklog', true);
    const outcome = await change(before, { status: 'COMP', wopriority: 2 });
    expect(told(outcome)).toEqual({
      outcome: 'rejected',
      stands: 'between',
      done: ['change'],
      remaining: ['status COMP'],
      at: 'WAPPR',
    });
    expect('record' in outcome && outcome.record.raw.wopriority).toBe(2);
  });

  it('says where the order stands when the way back is refused too', async () => {
    const before = await order();
    sandbox.control.setDial('statusRequiresWorklog', true);
    // The way there is one call a step, the way back the fourth.
    sandbox.control.setFaults({
      rules: [{ match: { method: 'POST', path: '/os/mxapiwodetail' }, effect: 'http_503', skip: 3 }],
    });
    const outcome = await change(before, { status: 'COMP' });
    expect(told(outcome)).toEqual({
      outcome: 'rejected',
      stands: 'between',
      done: ['status APPR', 'status INPRG'],
      remaining: ['status COMP'],
      at: 'INPRG',
    });
    expect(message(outcome)).toContain('it stands at INPRG now, and could not be led back to WAPPR');
  });

  it.each([
    ['http_503', 'unknown'],
    ['reset_before', 'unknown'],
  ] as const)('%s on the second step is not taken back: what is to come is told', async (effect, stands) => {
    const before = await order();
    sandbox.control.setFaults({
      rules: [{ match: { method: 'POST', path: '/os/mxapiwodetail' }, effect, skip: 1 }],
    });
    expect(told(await change(before, { status: 'COMP' }))).toEqual({
      outcome: 'unknown',
      stands,
      done: ['status APPR'],
      remaining: ['status INPRG', 'status COMP'],
      at: 'APPR',
    });
  });

  it('goes on from where it stands', async () => {
    const before = await order();
    sandbox.control.setFaults({
      rules: [
        { match: { method: 'POST', path: '/os/mxapiwodetail' }, effect: 'http_503', skip: 1, times: 1 },
      ],
    });
    const half = await change(before, { status: 'COMP' });
    if (!('record' in half)) throw new Error('No record was told.');
    expect(told(await change(half.record, { status: 'COMP' }))).toMatchObject({
      outcome: 'done',
      at: 'COMP',
    });
  });

  it('the others of the batch get through', async () => {
    const [one, other] = [await order(), await order()];
    const log = { key: 'c', text: 'Done', author: null, at: '2026-03-01T08:00:00.000Z', maybeSent: false };
    await session.update('work_order', [{ ...opOf(other, {}), comments: [log] }]);
    const [two = other] = await session.read('work_order', [other.externalId]);
    sandbox.control.setDial('statusRequiresWorklog', true);
    const outcomes = await session.update('work_order', [
      opOf(one, { status: 'COMP' }),
      opOf(two, { status: 'COMP' }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'done']);
    expect(told(outcomes[0] as WriteOutcome)).toMatchObject({ stands: 'as_before', at: 'WAPPR' });
  });
});

describe('what a write will take', () => {
  it('is told before, with what each step shows', async () => {
    const record = await order();
    const steps = await session.foresee?.('work_order', record, { status: 'COMP', wopriority: 1 });
    expect(steps).toEqual([
      { name: 'change', fields: ['wopriority'] },
      ...['APPR', 'INPRG', 'COMP'].map((status) => ({
        name: `status ${status}`,
        fields: ['status'],
        shows: { status, status_maxvalue: status },
      })),
    ]);
    expect((await session.read('work_order', [record.externalId]))[0]).toEqual(record);
  });

  it('is refused where there is no way', async () => {
    const record = await order({ status: 'COMP' });
    await expect(session.foresee?.('work_order', record, { status: 'APPR' })).rejects.toMatchObject({
      kind: 'rejected',
      path: 'status',
    });
  });
});
