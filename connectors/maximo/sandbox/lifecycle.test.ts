/** Status moves, bookings, meters and stock over real HTTP (contract 2.3, 4.7, 4.11). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  below,
  errorOf,
  members,
  startClient,
  type Answer,
  type Json,
  type TestClient,
} from './test-client.ts';

let client: TestClient;

beforeAll(async () => {
  client = await startClient({ seed: 'excavators' });
});
afterAll(() => client.close());

async function order(fields: Json = {}): Promise<string> {
  return String((await client.create('mxapiwodetail', { description: 'x', ...fields })).href);
}

async function read(href: string, select: string, more: Record<string, string> = {}): Promise<Json> {
  return (await client.api(below(href), { 'oslc.select': select, ...more })).body;
}

const to = (href: string, status: string, more: Json = {}): Promise<Answer> =>
  client.patch(href, { status, ...more });

function action(href: string, json: Json): Promise<Answer> {
  const options = { method: 'POST', json, headers: { 'x-method-override': 'PATCH' } };
  return client.api(below(href), { action: 'wsmethod:changeStatus' }, options);
}

describe('work-order status', () => {
  it('walks the legal path by attribute and by action, with its effects', async () => {
    const href = await order();
    expect((await to(href, 'APPR', { np_statusmemo: 'go' })).status).toBe(204);
    expect((await action(href, { status: 'INPRG', memo: 'started' })).status).toBe(204);
    expect((await read(href, 'actstart')).actstart).toBeDefined();
    expect((await action(href, { status: 'DONE' })).status).toBe(204);
    const done = await read(href, 'status,actfinish,historyflag', { internalvalues: '1' });
    expect(done).toMatchObject({ status: 'DONE', status_maxvalue: 'COMP', historyflag: false });
    expect((await to(href, 'CLOSE')).status).toBe(204);
    const history = (await read(href, 'wostatus{status,memo}')).wostatus as Json[];
    expect(history.map((row) => row.status)).toEqual(['WAPPR', 'APPR', 'INPRG', 'DONE', 'CLOSE']);
    expect(history[1]?.memo).toBe('go');
    const locked = await client.patch(href, { description: 'late' });
    expect([locked.status, errorOf(locked).reasonCode]).toEqual([400, 'BMXAA4105E']);
    expect(errorOf(await to(href, 'APPR')).reasonCode).toBe('BMXAA4105E');
    const log = await client.patch(href, { worklog: [{ description: 'late' }] }, { patchtype: 'MERGE' });
    expect(errorOf(log).reasonCode).toBe('BMXAA4105E');
  });

  it('refuses moves with their codes and keeps the rest of the payload out', async () => {
    const href = await order();
    await to(href, 'COMP');
    expect(errorOf(await to(href, 'APPR', { description: 'changed' })).reasonCode).toBe('BMXAA4679E');
    expect(errorOf(await to(href, 'INPRG')).reasonCode).toBe('BMXAA4638E');
    expect(errorOf(await to(href, 'CAN')).reasonCode).toBe('BMXAA4590E');
    expect(await read(href, 'status,description')).toMatchObject({ status: 'COMP', description: 'x' });
  });

  it('refuses a long memo and dates out of order', async () => {
    const href = await order();
    const memo = await action(href, { status: 'APPR', memo: 'x'.repeat(51) });
    expect(errorOf(memo)).toMatchObject({
      reasonCode: 'BMXAA4590E',
      message: expect.stringContaining('BMXAA4049E'),
    });
    expect(errorOf(await action(href, { status: 'APPR', date: '2001-01-01T00:00:00Z' })).reasonCode).toBe(
      'BMXAA4598E',
    );
    expect(errorOf(await action(href, { status: 'APPR', date: '2099-01-01T00:00:00Z' })).reasonCode).toBe(
      'BMXAA4599E',
    );
  });

  it('asks for a work log before completion when the site does', async () => {
    const href = await order();
    client.sandbox.control.setDial('statusRequiresWorklog', true);
    expect(errorOf(await to(href, 'COMP'))).toMatchObject({
      reasonCode: 'BMXAA4590E',
      message: expect.stringContaining('BMXAA5401E'),
    });
    expect((await to(href, 'COMP', { worklog: [{ description: 'done' }] })).status).toBe(204);
    client.sandbox.control.setDial('statusRequiresWorklog', false);
  });

  it('lets tasks follow, changes in bulk, and changes status alone', async () => {
    const href = await order({ woactivity: [{ taskid: 10, description: 'step' }] });
    const json = [{ href, status: 'APPR' }];
    const options = { method: 'POST', json, headers: { 'x-method-override': 'BULK' } };
    const answer = await client.api('os/mxapiwodetail', { action: 'wsmethod:changeStatus' }, options);
    expect(answer.list[0]?._responsemeta).toMatchObject({ status: '204' });
    expect((await read(href, 'woactivity{status}')).woactivity).toEqual([
      expect.objectContaining({ status: 'APPR' }),
    ]);
    await client.patch(href, { status: 'INPRG', statusiface: true, description: 'ignored' });
    expect(await read(href, 'status,description')).toMatchObject({ status: 'INPRG', description: 'x' });
  });
});

describe('requests and assets', () => {
  it('moves requests, never back to NEW', async () => {
    const request = await client.create('mxapisr', { description: 'noise', reportedpriority: 2 });
    expect(request).toMatchObject({ status: 'NEW', class: 'SR' });
    const href = String(request.href);
    expect((await client.patch(href, { status: 'INPROG' })).status).toBe(204);
    expect((await client.patch(href, { status: 'NEW' })).status).toBe(400);
    expect((await client.patch(href, { status: 'CANCELLED' })).status).toBe(204);
    expect((await client.patch(href, { status: 'QUEUED' })).status).toBe(400);
  });

  it('does not take orders for a decommissioned asset', async () => {
    const asset = await client.create('mxapiasset', {
      assetnum: 'OLD',
      description: 'x',
      status: 'OPERATING',
    });
    await action(String(asset.href), { status: 'BROKEN' });
    const refused = await client.api(
      'os/mxapiwo',
      {},
      { method: 'POST', json: { description: 'x', assetnum: 'OLD' } },
    );
    expect(errorOf(refused).reasonCode).toBe('BMXAA0090E');
  });

  it('keeps parents of locations in the hierarchy', async () => {
    const query = {
      'oslc.where': 'location="FL-0001"',
      'oslc.select': 'location,parent,lochierarchy{parent,systemid}',
    };
    const [place] = members(await client.api('os/mxapioperloc', query));
    expect(place).toMatchObject({ parent: 'PIT', lochierarchy: [{ systemid: 'PRIMARY', parent: 'PIT' }] });
    const made = await client.create(
      'mxapioperloc',
      { location: 'BENCH-1', description: 'Bench', parent: 'PIT' },
      'parent,type',
    );
    expect(made).toMatchObject({ parent: 'PIT', type: 'OPERATING' });
  });
});

describe('bookings', () => {
  it('books labor and material once approved, signs turned, roll-ups and stock moved', async () => {
    const href = await order();
    const labor = { labtrans: [{ laborcode: 'TBAKER', regularhrs: 2 }] };
    expect((await client.patch(href, labor, { patchtype: 'MERGE' })).status).toBe(400);
    await to(href, 'APPR');
    expect((await client.patch(href, labor, { patchtype: 'MERGE' })).status).toBe(204);
    const stock = {
      'oslc.where': 'itemnum="FILTER-OIL"',
      'oslc.select': 'curbal,curbaltotal,avgcost,minlevel',
    };
    const before = Number(members(await client.api('os/mxapiinventory', stock))[0]?.curbal);
    const material = { matusetrans: [{ itemnum: 'FILTER-OIL', quantity: 3, storeloc: 'CENTRAL' }] };
    expect((await client.patch(href, material, { patchtype: 'MERGE' })).status).toBe(204);
    const shown = await read(
      href,
      'actlabhrs,actlabcost,actmatcost,matusetrans{quantity,positivequantity,matusetransid,linecost}',
    );
    expect(shown).toMatchObject({
      actlabhrs: 2,
      actlabcost: 100,
      actmatcost: 125.25,
      matusetrans: [{ quantity: -3, positivequantity: 3 }],
    });
    expect(Number(members(await client.api('os/mxapiinventory', stock))[0]?.curbal)).toBe(before - 3);
    const [row] = shown.matusetrans as Json[];
    const silent = { matusetrans: [{ matusetransid: row?.matusetransid, quantity: 9 }] };
    expect((await client.patch(href, silent, { patchtype: 'MERGE' })).status).toBe(204);
    expect((await read(href, 'matusetrans{quantity}')).matusetrans).toEqual([
      expect.objectContaining({ quantity: -3 }),
    ]);
    const gone = { matusetrans: [{ matusetransid: row?.matusetransid, _action: 'Delete' }] };
    expect(errorOf(await client.patch(href, gone, { patchtype: 'MERGE' })).reasonCode).toBe('BMXAA1872E');
    expect(errorOf(await to(href, 'CAN')).reasonCode).toBe('BMXAA4590E');
  });

  it('shows no changedate on items, stock, people and labor', async () => {
    for (const os of ['mxapiitem', 'mxapiinventory', 'mxapiinvbal', 'mxapiperson', 'mxapilabor']) {
      const [row] = members(await client.api(`os/${os}`, { 'oslc.select': '*', 'oslc.pageSize': '1' }));
      expect(row).not.toHaveProperty('changedate');
    }
  });
});

describe('meters', () => {
  const reading = (value: string, at: string): Json => ({
    assetmeter: [
      {
        metername: 'RUNHOURS',
        linearassetmeterid: 0,
        newreading: value,
        newreadingdate: at,
        inspector: 'TOM.BAKER',
      },
    ],
  });

  it('books readings through the asset: later, not lower', async () => {
    const [machine] = members(
      await client.api('os/mxapiasset', { 'oslc.where': 'assetnum="EXC-A"', 'oslc.select': 'assetnum' }),
    );
    const href = String(machine?.href);
    const merge = { patchtype: 'MERGE' };
    expect((await client.patch(href, reading('20100', '2026-01-01T06:00:00Z'), merge)).status).toBe(204);
    expect((await client.patch(href, reading('20200', '2026-01-01T06:00:00Z'), merge)).status).toBe(400);
    expect((await client.patch(href, reading('20050', '2026-01-02T06:00:00Z'), merge)).status).toBe(400);
    const meter = members(
      await client.api('os/mxapiassetmeter', {
        'oslc.where': 'assetnum="EXC-A"',
        'oslc.select': '*,meterreading{reading,delta}',
      }),
    )[0];
    expect(meter).toMatchObject({
      lastreading: '20100',
      lastreadingdate: '2026-01-01T06:00:00+00:00',
      lastreadinginspctr: 'TOM.BAKER',
      meterreading: [{ reading: '20100', delta: 100 }],
    });
  });

  it('books readings through MXMETERDATA with SYNC only', async () => {
    const json = {
      siteid: 'PITMINE',
      assetnum: 'EXC-B',
      metername: 'RUNHOURS',
      newreading: '21600',
      newreadingdate: '2026-01-01T06:00:00Z',
      inspector: 'TOM.BAKER',
    };
    expect(errorOf(await client.api('os/mxmeterdata', {}, { method: 'POST', json })).reasonCode).toBe(
      'BMXAA1407E',
    );
    const headers = { 'x-method-override': 'SYNC' };
    expect((await client.api('os/mxmeterdata', {}, { method: 'POST', json, headers })).status).toBe(204);
    const incomplete = { ...json, inspector: undefined };
    expect(
      errorOf(await client.api('os/mxmeterdata', {}, { method: 'POST', json: incomplete, headers }))
        .reasonCode,
    ).toBe('BMXAA4195E');
  });
});

describe('the pit', () => {
  it('holds all orders, one of them broken', async () => {
    const all = await client.api('os/mxapiwo', {
      'oslc.where': 'reportdate<"2013-01-01T00:00:00Z"',
      count: '1',
    });
    expect(all.body.totalCount).toBe(5485);
    const broken = await client.api('os/mxapiwo', {
      'oslc.where': 'description!="*"',
      'oslc.select': 'wonum,worktype',
    });
    expect(members(broken)).toEqual([expect.objectContaining({ wonum: '103454' })]);
  });

  it('holds the machines with serial numbers and meters', async () => {
    const query = {
      'oslc.where': 'assettype="EXCAVATOR"',
      'oslc.select': 'serialnum,assetmeter{metername}',
      'oslc.orderBy': '+assetnum',
    };
    const machines = members(await client.api('os/mxapiasset', query));
    expect(machines.map((row) => row.serialnum)).toEqual([
      'RH120-A-0001',
      'RH120-B-0002',
      'RH120-C-0003',
      'RH120-D-0004',
      'RH120-E-0005',
    ]);
    expect(machines[0]?.assetmeter).toEqual([expect.objectContaining({ metername: 'RUNHOURS' })]);
  });

  it('knows people by e-mail', async () => {
    const people = members(
      await client.api('os/mxapiperson', { 'oslc.select': 'personid,primaryemail,email{emailaddress}' }),
    );
    expect(people.map((row) => row.primaryemail)).toEqual(
      expect.arrayContaining(
        ['wilson.reed', 'maria.santos', 'tom.baker', 'li.chen'].map((name) => `${name}@pitmine.example`),
      ),
    );
  });
});

describe('edits in the screens', () => {
  it('bump rowstamp and changedate, obey the rules, and count as nobody’s API writes', async () => {
    const { control } = client.sandbox;
    control.resetStats();
    const made = control.insert('mxapiwodetail', { description: 'by hand' }) as Json;
    const changed = control.change('mxapiwodetail', String(made.id), {
      description: 'again',
      status: 'APPR',
    }) as Json;
    expect(changed).toMatchObject({ description: 'again', status: 'APPR', changeby: 'WILSON' });
    expect(Number(changed._rowstamp)).toBeGreaterThan(Number(made._rowstamp));
    expect(() => control.change('mxapiwodetail', String(made.id), { status: 'NOSUCH' })).toThrow(
      /BMXAA4190E/,
    );
    control.remove('mxapiwodetail', String(made.id));
    expect((await client.api(`os/mxapiwodetail/${String(made.id)}`)).status).toBe(404);
    expect(control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
  });
});
