import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, NewComment, Session, WriteOutcome } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

const SITE = 'BEDFORD';
let sandbox: RunningSandbox;
const open: Session[] = [];

function connect(settings: JsonObject = {}): Session {
  const session = maximo.connect(
    { baseUrl: `${sandbox.url}/maximo`, site: SITE, ...settings },
    { apiKey: sandbox.credentials.apiKey },
    createSessionDeps(),
  );
  open.push(session);
  return session;
}

beforeEach(async () => {
  sandbox = await startMaximoSandbox({ seed: 'empty' });
});
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
  await sandbox.close();
});

let count = 0;
async function make(
  session: Session,
  payload: JsonObject,
  comments: NewComment[] = [],
): Promise<WriteOutcome> {
  count += 1;
  const reference = `CF${String(count).padStart(6, '0')}`;
  const op = { key: 'hub', reference, intendedAt: new Date().toISOString(), payload, comments };
  const [outcome] = await session.create('work_order', [op]);
  if (!outcome) throw new Error('No outcome.');
  return outcome;
}

async function change(
  session: Session,
  record: ExternalRecord,
  payload: JsonObject,
  comments: NewComment[] = [],
): Promise<WriteOutcome> {
  const { externalId, address, version } = record;
  const op = { key: 'hub', externalId, address, version, payload, comments, knownComments: [] };
  const [outcome] = await session.update('work_order', [op]);
  if (!outcome) throw new Error('No outcome.');
  return outcome;
}

function done(outcome: WriteOutcome): ExternalRecord {
  if (outcome.outcome === 'done') return outcome.record;
  throw new Error('failure' in outcome ? outcome.failure.message : outcome.outcome);
}

function screen(record: ExternalRecord): Record<string, unknown> {
  const orders = sandbox.control.list('mxapiwodetail') as Record<string, unknown>[];
  const found = orders.find((order) => order.wonum === record.raw.wonum);
  if (!found) throw new Error('The order is not there.');
  return found;
}

function idOf(record: ExternalRecord): string {
  return (record.raw.workorderid as number).toFixed(0);
}

function history(record: ExternalRecord): string[] {
  return (screen(record).wostatus as { status: string }[]).map(({ status }) => status);
}

function stock(): void {
  sandbox.control.insert('mxapilocations', { location: 'STORE', siteid: SITE, type: 'STOREROOM' });
  sandbox.control.insert('mxapiitem', { itemnum: 'BELT', description: 'Belt' });
  sandbox.control.insert('mxapiinventory', { itemnum: 'BELT', location: 'STORE', siteid: SITE });
}

describe('status of a work order', () => {
  it('goes the legal way to its target and writes actual dates before the end', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt' }));
    const after = done(
      await change(session, record, {
        status: 'COMP',
        actstart: '2026-03-01T08:00:00.000Z',
        actfinish: '2026-03-01T09:30:00.000Z',
      }),
    );
    expect(after.raw.status_maxvalue).toBe('COMP');
    expect(history(after)).toEqual(['WAPPR', 'APPR', 'INPRG', 'COMP']);
    expect(Date.parse(after.raw.actfinish as string)).toBe(Date.parse('2026-03-01T09:30:00Z'));
  });

  it('is reached by a create too', async () => {
    const record = done(await make(connect(), { description: 'Belt', status: 'INPRG' }));
    expect(history(record)).toEqual(['WAPPR', 'APPR', 'INPRG']);
  });

  it('is left alone when a synonym of the target is set', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt', status: 'INPRG' }));
    sandbox.control.change('mxapiwodetail', idOf(record), { status: 'DONE' });
    const [moved] = await session.read('work_order', [record.externalId]);
    if (!moved) throw new Error('The order is gone.');
    expect(done(await change(session, moved, { status: 'COMP' })).raw.status).toBe('DONE');
  });

  it('waits as WPCOND for anything but material', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt', status: 'INPRG' }));
    const held = done(await change(session, record, { status: 'WMATL', _holdReason: 'plant' }));
    expect(held.raw.status).toBe('WPCOND');
    expect(done(await change(session, held, { status: 'WMATL', _holdReason: 'parts' })).raw.status).toBe(
      'WMATL',
    );
  });

  it('refuses what Maximo cannot do and what the settings do not allow', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt', status: 'COMP' }));
    expect(await change(session, record, { status: 'INPRG' })).toMatchObject({
      outcome: 'rejected',
      failure: { kind: 'rejected', path: 'status' },
    });
    const closing = await change(session, record, { status: 'CLOSE' });
    expect(closing).toMatchObject({ outcome: 'rejected' });
    if (closing.outcome === 'rejected') expect(closing.failure.message).toContain('allowClose');
    expect(history(record)).toEqual(['WAPPR', 'APPR', 'INPRG', 'COMP']);
  });

  it('does not create an order that may not reach its status', async () => {
    const outcome = await make(connect(), { description: 'Belt', status: 'CLOSE' });
    expect(outcome).toMatchObject({ outcome: 'rejected', failure: { path: 'status' } });
    expect(sandbox.control.stats().writes.created).toEqual({});
  });

  it('makes a closed order read-only', async () => {
    const session = connect({ allowClose: true });
    const record = done(await make(session, { description: 'Belt', status: 'CLOSE' }));
    expect(record.raw.historyflag).toBe(true);
    const outcome = await change(session, record, { description: 'Belt and pulley' });
    expect(outcome).toMatchObject({ outcome: 'rejected' });
    if (outcome.outcome === 'rejected') expect(outcome.failure.message).toContain('history');
  });

  it('is led back to where it was when a step is refused', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt' }));
    sandbox.control.setDial('statusRequiresWorklog', true);
    const outcome = await change(session, record, { status: 'COMP' });
    expect(outcome).toMatchObject({
      outcome: 'rejected',
      failure: { code: 'BMXAA4590E' },
      record: { raw: { status_maxvalue: 'WAPPR' } },
    });
  });
});

describe('children of a work order', () => {
  it('books labour once and parts as the difference', async () => {
    stock();
    const session = connect();
    const labour = [{ laborcode: 'WILSON', minutes: 90, startdatetime: '2026-03-01T08:00:00.000Z' }];
    const parts = [{ itemnum: 'BELT', quantity: 3 }];
    const record = done(await make(session, { description: 'Belt', status: 'COMP', labour, parts }));
    expect(record.raw.labtrans).toHaveLength(1);
    expect(record.raw.matusetrans).toMatchObject([{ itemnum: 'BELT', quantity: -3, storeloc: 'STORE' }]);
    const again = done(await change(session, record, { labour, parts: [{ itemnum: 'BELT', quantity: 1 }] }));
    expect(again.raw.labtrans).toHaveLength(1);
    const rows = again.raw.matusetrans as { quantity: number }[];
    expect(rows.reduce((sum, { quantity }) => sum - quantity, 0)).toBe(1);
  });

  it('books a person under the laborcode, and shows the person of a booking', async () => {
    sandbox.control.insert('mxapiperson', { personid: 'MARIA.SANTOS', firstname: 'Maria' });
    sandbox.control.insert('mxapilabor', { laborcode: 'MSANTOS', personid: 'MARIA.SANTOS' });
    const session = connect();
    const labour = [
      { laborcode: 'MARIA.SANTOS', regularhrs: 0.5, startdatetime: '2026-03-01T08:00:00+00:00' },
    ];
    const record = done(await make(session, { description: 'Belt', status: 'INPRG', labour }));
    expect(record.raw.labtrans).toMatchObject([{ laborcode: 'MSANTOS', personid: 'MARIA.SANTOS' }]);
    expect(done(await change(session, record, { labour })).raw.labtrans).toHaveLength(1);
  });

  it('deletes a task that a payload does not name any more, and keeps all when it names no list', async () => {
    const session = connect();
    const woactivity = [
      { taskid: 10, description: 'Drain' },
      { taskid: 20, description: 'Refill' },
    ];
    const record = done(await make(session, { description: 'Oil', woactivity }));
    const after = done(
      await change(session, record, { woactivity: [{ taskid: 20, description: 'Refill slowly' }] }),
    );
    expect(
      (after.raw.woactivity as JsonObject[]).map(({ taskid, description }) => [taskid, description]),
    ).toEqual([[20, 'Refill slowly']]);
    const renamed = done(await change(session, after, { description: 'Oil change' }));
    expect(renamed.raw.woactivity).toHaveLength(1);
    expect(done(await change(session, renamed, { woactivity: [] })).raw.woactivity ?? []).toEqual([]);
  });

  it('appends a comment although the fields sent with it are refused', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt' }));
    const comment = {
      key: 'c',
      text: 'Pressure < 5 bar & falling',
      author: null,
      at: '2026-03-01T08:00:00.000Z',
      maybeSent: false,
    };
    const outcome = await change(session, record, { worktype: 'NOPE' }, [comment]);
    expect(outcome).toMatchObject({ outcome: 'rejected', comments: [{ key: 'c', outcome: 'done' }] });
    const [after] = await session.read('work_order', [record.externalId]);
    expect(after?.raw.worklog).toMatchObject([
      { description_longdescription: 'Pressure &lt; 5 bar &amp; falling' },
    ]);
  });

  it('shows an order of which only the log changed', async () => {
    const session = connect();
    // Old enough to lie before any overlap.
    sandbox.control.setClock(-86_400_000);
    const record = done(await make(session, { description: 'Belt' }));
    sandbox.control.setClock(0);
    done(await make(session, { description: 'Newer' }));
    const all = await session.pull('work_order', { cursor: null, pageSize: 100 });
    sandbox.control.insert('mxapiwodetail', { siteid: SITE, description: 'Another' });
    sandbox.control.change('mxapiwodetail', idOf(record), { worklog: [{ description: 'Looked at it' }] });
    const next = await session.pull('work_order', { cursor: all.cursor, pageSize: 100 });
    expect(next.records.map(({ externalId }) => externalId)).toContain(record.externalId);
  });
});

describe('reading under hard conditions', () => {
  it('lowers its pages to what the server allows', async () => {
    for (let n = 0; n < 5; n += 1)
      sandbox.control.insert('mxapiwodetail', { siteid: SITE, description: 'Belt' });
    sandbox.control.setDial('maxPageSize', 100);
    const page = await connect().pull('work_order', { cursor: null, pageSize: 1_000 });
    expect(page.records).toHaveLength(5);
  });

  it('ends when many orders share one change date', async () => {
    const session = connect();
    const { cursor } = await session.pull('work_order', { cursor: null, pageSize: 10 });
    sandbox.control.setDial('equalTimestamps', 30);
    for (let n = 0; n < 30; n += 1)
      sandbox.control.insert('mxapiwodetail', { siteid: SITE, description: 'Belt' });
    const seen = new Set<string>();
    let page = await session.pull('work_order', { cursor, pageSize: 7 });
    page.records.forEach(({ externalId }) => seen.add(externalId));
    for (let pages = 0; page.more && pages < 30; pages += 1) {
      page = await session.pull('work_order', { cursor: page.cursor, pageSize: 7 });
      page.records.forEach(({ externalId }) => seen.add(externalId));
    }
    expect(page.more).toBe(false);
    expect(seen.size).toBe(30);
  });

  it('does not take a lagging read for a refusal', async () => {
    const session = connect();
    const record = done(await make(session, { description: 'Belt' }));
    sandbox.control.setDial('staleReads', 3);
    const outcome = await change(session, record, { description: 'Belt and pulley' });
    expect(['done', 'unknown']).toContain(outcome.outcome);
  });

  it('keeps transport marks out of the raw record', async () => {
    const record = done(
      await make(connect(), { description: 'Oil', woactivity: [{ taskid: 10, description: 'Drain' }] }),
    );
    expect(JSON.stringify(record.raw)).not.toMatch(/_rowstamp|"href"|localref|_collectionref/);
    expect(record.address).toMatch(/^mxapiwodetail\/_/);
    expect(record.updatedAt).toMatch(/\.000Z$/);
  });
});

describe('natural keys', () => {
  it('shows the record that already has the key of a create', async () => {
    sandbox.control.insert('mxapiasset', { assetnum: 'PUMP1', siteid: SITE, description: 'Pump' });
    const session = connect();
    const op = {
      key: 'hub',
      reference: 'CFASSET1',
      intendedAt: new Date().toISOString(),
      payload: { assetnum: 'pump1', description: 'Pump' },
      comments: [],
    };
    const [outcome] = await session.create('asset', [op]);
    expect(outcome).toMatchObject({ outcome: 'unknown', failure: { kind: 'conflict', code: 'BMXAA4129E' } });
    const [found] = await session.findCreated('asset', [op]);
    expect(found?.candidates.map(({ externalId }) => externalId)).toEqual([`${SITE}|PUMP1`]);
  });

  it('gives a new asset the external word of its status', async () => {
    const session = connect();
    const payload = { assetnum: 'FAN1', description: 'Fan', status: 'OPERATING' };
    const op = {
      key: 'hub',
      reference: 'CFASSET2',
      intendedAt: new Date().toISOString(),
      payload,
      comments: [],
    };
    const [outcome] = await session.create('asset', [op]);
    expect(outcome).toMatchObject({ outcome: 'done', record: { raw: { status: 'OPERATING' } } });
  });
});
