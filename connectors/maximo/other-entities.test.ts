import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, Session, WriteOutcome } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

const SITE = 'PITMINE';
let sandbox: RunningSandbox;
let session: Session;

beforeAll(async () => {
  sandbox = await startMaximoSandbox({ seed: 'excavators' });
  session = maximo.connect(
    { baseUrl: `${sandbox.url}/maximo`, site: SITE },
    { apiKey: sandbox.credentials.apiKey },
    createSessionDeps(),
  );
});
afterAll(async () => {
  await session.close();
  await sandbox.close();
});

async function first(entity: Entity, externalId: string): Promise<ExternalRecord> {
  const [record] = await session.read(entity, [externalId]);
  if (!record) throw new Error(`There is no ${externalId}.`);
  return record;
}

async function orders(): Promise<ExternalRecord[]> {
  const records: ExternalRecord[] = [];
  let page = await session.pull('work_order', { cursor: null, pageSize: 1_000 });
  for (;;) {
    records.push(...page.records);
    if (!page.more) return records;
    page = await session.pull('work_order', { cursor: page.cursor, pageSize: 1_000 });
  }
}

async function change(entity: Entity, record: ExternalRecord, payload: JsonObject): Promise<WriteOutcome> {
  const { externalId, address, version } = record;
  const op = { key: 'hub', externalId, address, version, payload, comments: [], knownComments: [] };
  const [outcome] = await session.update(entity, [op]);
  if (!outcome) throw new Error('No outcome.');
  return outcome;
}

describe('meters', () => {
  const id = `${SITE}|EXC-A|RUNHOURS`;

  it('carry their master, so that kind and unit are known', async () => {
    expect((await first('meter', id)).raw.meter).toMatchObject({
      metertype: 'CONTINUOUS',
      measureunitid: 'HOURS',
    });
  });

  it('take a newer reading and leave an older one out', async () => {
    const meter = await first('meter', id);
    const value = Number(meter.raw.lastreading) + 10;
    const at = new Date().toISOString();
    const read = await change('meter', meter, { newreading: String(value), newreadingdate: at });
    expect(read).toMatchObject({ outcome: 'done', record: { raw: { lastreading: String(value) } } });
    const older = await change('meter', await first('meter', id), {
      lastReading: { value: 1, at: '2001-01-01T00:00:00.000Z' },
    });
    expect(older).toMatchObject({ outcome: 'done', record: { raw: { lastreading: String(value) } } });
  });

  it('report a reading that Maximo refuses', async () => {
    const outcome = await change('meter', await first('meter', `${SITE}|EXC-B|RUNHOURS`), {
      newreading: 'many',
      newreadingdate: new Date().toISOString(),
    });
    expect(outcome).toMatchObject({ outcome: 'rejected', failure: { kind: 'rejected' } });
  });
});

describe('parts', () => {
  it('carry the stock lines of our site', async () => {
    const { records } = await session.pull('part', { cursor: null, pageSize: 200 });
    const stocked = records.filter(({ raw }) => Array.isArray(raw.inventory));
    expect(stocked.length).toBeGreaterThan(0);
    expect((stocked[0]?.raw.inventory as JsonObject[])[0]).toMatchObject({ siteid: SITE });
  });
});

describe('requests', () => {
  it('move to their target in one write with their fields', async () => {
    const { records } = await session.pull('request', { cursor: null, pageSize: 50 });
    const fresh = records.find(({ raw }) => raw.status_maxvalue === 'NEW');
    if (!fresh) throw new Error('The seed has no new request.');
    sandbox.control.resetStats();
    const outcome = await change('request', fresh, { status: 'REJECTED', description: 'Seen before' });
    expect(outcome).toMatchObject({
      outcome: 'done',
      record: { raw: { status: 'REJECTED', status_maxvalue: 'CLOSED', description: 'Seen before' } },
    });
    expect(sandbox.control.stats().byMethod).toMatchObject({ POST: 1 });
  });
});

describe('removal', () => {
  it('says why an order cannot be deleted and what to do', async () => {
    const begun = (await orders()).find(({ raw }) => raw.status_maxvalue === 'INPRG');
    if (!begun) throw new Error('The seed has no order in progress.');
    await expect(session.remove('work_order', begun.externalId, begun.address)).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('Cancel it instead'),
    });
  });
});

describe('batches', () => {
  it('write eighty orders with three requests and put them right after an outage', async () => {
    const open = (await orders()).filter(({ raw }) => raw.historyflag !== true).slice(0, 80);
    const ops = open.map((record, index) => ({
      key: `hub-${String(index)}`,
      externalId: record.externalId,
      address: record.address,
      version: record.version,
      payload: { description: `Order ${String(index)}` },
      comments: [],
      knownComments: [],
    }));
    sandbox.control.setFaults({ rules: [{ match: { method: 'POST' }, effect: 'http_503', times: 1 }] });
    const refused = await session.update('work_order', ops);
    expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['unknown']));
    sandbox.control.resetStats();
    const outcomes = await session.update('work_order', ops);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
    expect(sandbox.control.stats().requests).toBe(3);
  });
});
