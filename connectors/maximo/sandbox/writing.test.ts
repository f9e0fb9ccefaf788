/** Create, update, children, sync, bulk, delete and locks over real HTTP (contract 4.1-4.6, 4.8). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { below, errorOf, members, startClient, type Json, type TestClient } from './test-client.ts';

let client: TestClient;

beforeAll(async () => {
  client = await startClient({ seed: 'empty' });
  await client.create('mxapioperloc', { location: 'PLANT', description: 'Plant' });
  await client.create('mxapiasset', {
    assetnum: 'P1',
    description: 'Pump',
    location: 'PLANT',
    status: 'OPERATING',
  });
});
afterAll(() => client.close());

const hrefOf = (record: Json): string => String(record.href);
const numberOf = (value: unknown): number => Number(value);

async function read(record: Json, select: string): Promise<Json> {
  return (await client.api(below(record.href), { 'oslc.select': select })).body;
}

describe('create', () => {
  it('answers 201 with a Location and no body, and fills the defaults', async () => {
    const answer = await client.api(
      'os/mxapiwo',
      {},
      { method: 'POST', json: { description: 'leak', assetnum: 'p1' } },
    );
    expect([answer.status, answer.text]).toEqual([201, '']);
    const order = (await client.api(below(answer.headers.get('location')))).body;
    expect(order).toMatchObject({
      description: 'leak',
      assetnum: 'P1',
      location: 'PLANT',
      status: 'WAPPR',
      woclass: 'WORKORDER',
      istask: false,
      reportedby: 'SYNCUSER',
      changeby: 'SYNCUSER',
      siteid: 'BEDFORD',
      orgid: 'EAGLENA',
    });
    expect(order.wonum).toMatch(/^\d+$/);
  });

  it('takes children and shows what properties ask for', async () => {
    const order = await client.create(
      'mxapiwodetail',
      {
        description: 'with children',
        worklog: [{ description: 'note' }],
        woactivity: [{ taskid: 10, description: 'step' }],
      },
      'wonum,worklog{description,logtype,createby},woactivity{taskid,status,parent}',
    );
    expect(order.worklog).toEqual([
      expect.objectContaining({ description: 'note', logtype: 'CLIENTNOTE', createby: 'SYNCUSER' }),
    ]);
    const [task] = order.woactivity as Json[];
    expect(task).toMatchObject({ taskid: 10, status: 'WAPPR', parent: order.wonum });
    expect(task?._rowstamp).toMatch(/^\d+$/);
    expect(task?.href).toMatch(/^http:\/\/childkey#/);
    const tasks = await client.api('os/mxapiwo', { 'oslc.where': 'istask=1', 'oslc.select': 'wonum' });
    expect(members(tasks).length).toBeGreaterThan(0);
  });

  it.each([
    ['mxapiwo', { siteid: 'NOWHERE' }, 'BMXAA4153E'],
    ['mxapiwo', { assetnum: 'NOSUCH' }, 'BMXAA0090E'],
    ['mxapiwo', { location: 'NOSUCH' }, 'BMXAA2661E'],
    ['mxapiwo', { reportedby: 'NOBODY' }, 'BMXAA4190E'],
    ['mxapiwo', { worktype: 'ZZ' }, 'BMXAA4190E'],
    ['mxapiwo', { status: 'NOSUCH' }, 'BMXAA4190E'],
    ['mxapiwo', { description: 'x'.repeat(101) }, 'BMXAA4049E'],
    ['mxapiwo', { externalrefid: '12345678901' }, 'BMXAA4049E'],
    ['mxapiwo', { wopriority: 'high' }, 'BMXAA4190E'],
    ['mxapiasset', { description: 'no number' }, 'BMXAA4195E'],
    ['mxapiasset', { assetnum: 'P1' }, 'BMXAA4129E'],
  ])('refuses %s %j with %s and stores nothing', async (os, json, code) => {
    const before = (await client.api(`os/${os}`, { count: '1' })).body.totalCount;
    const answer = await client.api(`os/${os}`, {}, { method: 'POST', json });
    expect([answer.status, errorOf(answer).reasonCode]).toEqual([400, code]);
    expect((await client.api(`os/${os}`, { count: '1' })).body.totalCount).toBe(before);
  });

  it('keeps the integration reference and finds by it', async () => {
    await client.create('mxapiwo', {
      description: 'ref',
      externalrefid: 'CF00000001',
      sourcesysid: 'CHATTERFIX',
    });
    await client.create('mxapisr', { description: 'ref', externalrecid: 'CF00000002' });
    const found = await client.api('os/mxapiwo', {
      'oslc.where': 'externalrefid="CF00000001"',
      'oslc.select': 'sourcesysid',
    });
    expect(members(found)).toEqual([expect.objectContaining({ sourcesysid: 'CHATTERFIX' })]);
    const request = await client.api('os/mxapisr', {
      'oslc.where': 'externalrecid="CF00000002"',
      'oslc.select': 'ticketid,class',
    });
    expect(members(request)[0]).toMatchObject({ class: 'SR' });
    expect(Buffer.from(hrefOf(members(request)[0] ?? {}).split('/_')[1] ?? '', 'base64').toString()).toMatch(
      /^SR\/\d+/,
    );
  });

  it('drops unprefixed names in the namespaced format', async () => {
    const answer = await client.api(
      'os/mxapiwo',
      { lean: '0' },
      {
        method: 'POST',
        json: { 'spi:description': 'kept', location: 'PLANT' },
        headers: { properties: '*' },
      },
    );
    expect(answer.status).toBe(201);
    expect(answer.body['spi:description']).toBe('kept');
    expect(answer.body).not.toHaveProperty('spi:location');
  });
});

describe('update', () => {
  it('changes what is named, answers 204 or the record, and raises the rowstamp', async () => {
    const order = await client.create('mxapiwo', { description: 'one' });
    const silent = await client.patch(hrefOf(order), {
      description: 'two',
      workorderid: 5,
      changeby: 'WILSON',
    });
    expect([silent.status, silent.text]).toEqual([204, '']);
    const shown = await client.patch(hrefOf(order), { description: null }, { properties: '*' });
    expect(shown.status).toBe(200);
    expect(shown.body).not.toHaveProperty('description');
    expect(shown.body.workorderid).toBe(order.workorderid);
    expect(shown.body.changeby).toBe('SYNCUSER');
    expect(numberOf(shown.body._rowstamp)).toBeGreaterThan(numberOf(order._rowstamp));
  });

  it('leaves the rowstamp alone when nothing changes', async () => {
    const order = await client.create('mxapiwo', { description: 'same' });
    const again = await client.patch(hrefOf(order), { description: 'same' }, { properties: '_rowstamp' });
    expect(again.body._rowstamp).toBe(order._rowstamp);
  });

  it('refuses a POST to a record without the override', async () => {
    const order = await client.create('mxapiwo', { description: 'x' });
    const answer = await client.api(
      below(order.href),
      {},
      { method: 'POST', json: {}, headers: { 'X-HTTP-Method': 'PATCH' } },
    );
    expect([answer.status, errorOf(answer).message]).toEqual([
      400,
      expect.stringContaining('create_on_updateuri'),
    ]);
  });

  it('replaces children without MERGE, keeps them with it', async () => {
    const order = await client.create('mxapiwodetail', {
      description: 'x',
      worklog: [{ description: 'a' }, { description: 'b' }],
    });
    await client.patch(hrefOf(order), { worklog: [{ description: 'c' }] }, { patchtype: 'MERGE' });
    const merged = (await read(order, 'worklog{description}')).worklog as Json[];
    expect(merged.map((row) => row.description)).toEqual(['a', 'b', 'c']);
    await client.patch(hrefOf(order), { worklog: [{ href: merged[1]?.href, description: 'b2' }] });
    expect(
      ((await read(order, 'worklog{description}')).worklog as Json[]).map((row) => row.description),
    ).toEqual(['b2']);
    const [left] = (await read(order, 'worklog{worklogid}')).worklog as Json[];
    await client.patch(
      hrefOf(order),
      { worklog: [{ worklogid: left?.worklogid, _action: 'delete' }] },
      { patchtype: 'MERGE' },
    );
    expect(await read(order, 'worklog{description}')).not.toHaveProperty('worklog');
  });

  it('matches tasks by their number', async () => {
    const order = await client.create('mxapiwodetail', {
      description: 'x',
      woactivity: [{ taskid: 10, description: 'a' }],
    });
    const json = {
      woactivity: [
        { taskid: 10, description: 'a2' },
        { taskid: 20, description: 'b' },
      ],
    };
    await client.patch(hrefOf(order), json, { patchtype: 'MERGE' });
    const tasks = (await read(order, 'woactivity{taskid,description}')).woactivity as Json[];
    expect(tasks.map((row) => [row.taskid, row.description])).toEqual([
      [10, 'a2'],
      [20, 'b'],
    ]);
  });
});

describe('locks', () => {
  it('refuses a stale rowstamp in the body, of the record and of a child', async () => {
    const order = await client.create(
      'mxapiwodetail',
      { description: 'x', worklog: [{ description: 'a' }] },
      '*,worklog{*}',
    );
    const current = await client.patch(hrefOf(order), { description: 'y', _rowstamp: order._rowstamp });
    expect(current.status).toBe(204);
    const stale = await client.patch(hrefOf(order), { description: 'z', _rowstamp: order._rowstamp });
    expect([stale.status, errorOf(stale).reasonCode]).toEqual([412, 'BMXAA8229W']);
    expect((await read(order, 'description')).description).toBe('y');
    const [log] = order.worklog as Json[];
    const child = { worklog: [{ worklogid: log?.worklogid, description: 'b', _rowstamp: '1' }] };
    expect((await client.patch(hrefOf(order), child, { patchtype: 'MERGE' })).status).toBe(412);
  });

  it('takes If-Match only as the tag it issued', async () => {
    const order = await client.create('mxapiwo', { description: 'x' });
    const etag = (await client.api(below(order.href))).headers.get('etag') ?? '';
    const raw = { 'if-match': String(order._rowstamp) };
    expect((await client.patch(hrefOf(order), { description: 'y' }, raw)).status).toBe(412);
    expect((await client.patch(hrefOf(order), { description: 'y' }, { 'if-match': etag })).status).toBe(204);
    expect((await client.patch(hrefOf(order), { description: 'z' }, { 'if-match': etag })).status).toBe(412);
    expect((await client.patch(hrefOf(order), { description: 'z' }, { 'if-match': '*' })).status).toBe(204);
  });

  it('takes a transaction id once, for five minutes', async () => {
    const options = { method: 'POST', json: { description: 'once' }, headers: { transactionid: 't-1' } };
    expect((await client.api('os/mxapiwo', {}, options)).status).toBe(201);
    const again = await client.api('os/mxapiwo', {}, options);
    expect([again.status, errorOf(again).reasonCode]).toEqual([409, 'BMXAA9524E']);
    client.sandbox.control.setClock(6 * 60_000);
    expect((await client.api('os/mxapiwo', {}, options)).status).toBe(201);
    client.sandbox.control.setClock(0);
  });
});

describe('sync', () => {
  it('creates, then updates by key', async () => {
    const headers = { 'x-method-override': 'SYNC', patchtype: 'MERGE' };
    const json = { assetnum: 'S1', siteid: 'BEDFORD', description: 'one' };
    const first = await client.api('os/mxapiasset', {}, { method: 'POST', json, headers });
    expect(first.status).toBe(201);
    const second = await client.api(
      'os/mxapiasset',
      {},
      { method: 'POST', json: { ...json, description: 'two' }, headers },
    );
    expect(second.status).toBe(204);
    const found = await client.api('os/mxapiasset', {
      'oslc.where': 'assetnum="S1"',
      'oslc.select': 'description',
    });
    expect(members(found).map((row) => row.description)).toEqual(['two']);
  });
});

describe('bulk', () => {
  const bulk = { 'x-method-override': 'BULK' };

  it('answers 200 with a status a row, in both forms', async () => {
    const order = await client.create('mxapiwo', { description: 'old' });
    const json = [
      { _action: 'Add', description: 'new' },
      {
        _data: { description: 'changed' },
        _meta: { method: 'PATCH', patchtype: 'MERGE', uri: order.href, properties: 'description' },
      },
      { _action: 'Update', href: order.href, location: 'NOSUCH' },
      { _action: 'Update', href: 'http://h/maximo/oslc/os/mxapiwo/_bm8-', description: 'x' },
    ];
    const answer = await client.api('os/mxapiwo', {}, { method: 'POST', json, headers: bulk });
    expect(answer.status).toBe(200);
    const [added, changed, bad, missing] = answer.list;
    expect(added?._responsemeta).toMatchObject({
      status: '201',
      Location: expect.stringContaining('/os/mxapiwo/_'),
    });
    expect(changed).toMatchObject({
      _responsemeta: { status: '200' },
      _responsedata: { description: 'changed' },
    });
    expect(bad).toMatchObject({
      _responsemeta: { status: '400' },
      _responsedata: { Error: { reasonCode: 'BMXAA2661E' } },
    });
    expect(missing).toMatchObject({ _responsemeta: { status: '404' } });
  });

  it('rolls everything back with allornothing', async () => {
    const before = (await client.api('os/mxapiwo', { count: '1' })).body.totalCount;
    const json = [{ description: 'good' }, { description: 'bad', location: 'NOSUCH' }];
    const answer = await client.api(
      'os/mxapiwo',
      {},
      { method: 'POST', json, headers: { ...bulk, allornothing: '1' } },
    );
    expect(answer.list.map((row) => (row._responsemeta as Json).status)).toEqual(['400', '400']);
    expect((await client.api('os/mxapiwo', { count: '1' })).body.totalCount).toBe(before);
  });
});

describe('delete', () => {
  it('deletes what waits for approval, by verb or action, and nothing else', async () => {
    const first = await client.create('mxapiwo', { description: 'x' });
    expect((await client.api(below(first.href), {}, { method: 'DELETE' })).status).toBe(200);
    expect(errorOf(await client.api(below(first.href))).reasonCode).toBe('BMXAA8727E');
    const second = await client.create('mxapiwo', { description: 'x' });
    expect((await client.patch(hrefOf(second), { _action: 'Delete' })).status).toBe(200);
    const approved = await client.create('mxapiwo', { description: 'x', status: 'APPR' });
    expect(approved.status).toBe('APPR');
    expect((await client.api(below(approved.href), { action: 'system:candelete' })).status).toBe(400);
    expect((await client.api(below(approved.href), {}, { method: 'DELETE' })).status).toBe(400);
    expect((await client.api(below(approved.href))).status).toBe(200);
  });
});

describe('statistics', () => {
  it('counts writes that lasted, by object', async () => {
    client.sandbox.control.resetStats();
    const order = await client.create('mxapiwo', { description: 'x' });
    await client.patch(hrefOf(order), { description: 'y' });
    await client.patch(hrefOf(order), { description: 'y' });
    await client.patch(hrefOf(order), { location: 'NOSUCH' });
    expect(client.sandbox.control.stats().writes).toEqual({
      created: { WORKORDER: 1 },
      updated: { WORKORDER: 1 },
      deleted: {},
    });
  });
});

describe('attachments', () => {
  it('keeps a file with its description', async () => {
    const order = await client.create('mxapiwo', { description: 'x' });
    const headers = { slug: 'note.txt', 'x-document-meta': 'FILE/Attachments', 'content-type': 'text/plain' };
    const answer = await client.api(
      `${below(order.href)}/doclinks`,
      {},
      { method: 'POST', headers, body: 'hello' },
    );
    expect(answer.status).toBe(201);
    const list = await client.api(`${below(order.href)}/doclinks`);
    expect(members(list)[0]?.describedBy).toMatchObject({ fileName: 'note.txt', attachmentSize: 5 });
    expect((await client.api(below(members(list)[0]?.href))).text).toBe('hello');
  });
});
