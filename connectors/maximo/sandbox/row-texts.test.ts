/** Pages are kept as bytes: what a client reads must be what is stored now, whatever was read before. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { members, startClient, type Json, type TestClient } from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startClient({ seed: 'orders:40' });
});
afterEach(() => client.close());

const SELECT = 'wonum,workorderid,description,status,reportdate,worklog{description},woactivity{taskid}';

async function page(query: Record<string, string> = {}): Promise<Json[]> {
  return members(await client.api('os/mxapiwodetail', { 'oslc.select': SELECT, ...query }));
}

async function first(): Promise<Json> {
  return (await page({ 'oslc.pageSize': '1' }))[0] ?? {};
}

describe('kept pages', () => {
  it('show a changed row, a new child, a changed child and the loss of one', async () => {
    const { control } = client.sandbox;
    const before = await page();
    expect(before).toHaveLength(40);
    const id = String(before[0]?.workorderid);
    control.change('mxapiwodetail', id, { description: 'Changed' });
    expect((await first()).description).toBe('Changed');
    control.change('mxapiwodetail', id, { worklog: [{ description: 'One' }] });
    expect((await first()).worklog).toMatchObject([{ description: 'One' }]);
    control.change('mxapiwodetail', id, { woactivity: [{ taskid: 10 }] });
    expect((await first()).woactivity).toMatchObject([{ taskid: 10 }]);
    const [log] = (await first()).worklog as Json[];
    await client.patch(`os/mxapiwodetail/${id}`, { worklog: [{ ...log, _action: 'Delete' }] });
    expect((await first()).worklog).toBeUndefined();
    expect((await page()).slice(1, 40)).toEqual(before.slice(1));
  });

  it('follow the zone and the descriptions of a domain', async () => {
    const { control } = client.sandbox;
    expect(await first()).toMatchObject({ reportdate: '2020-01-01T00:00:00+00:00' });
    control.setDial('zoneOffset', '-05:30');
    expect(await first()).toMatchObject({ reportdate: '2019-12-31T18:30:00-05:30' });
    const domain = control.list('mxapisynonymdomain') as Json[];
    const entry = domain.find((row) => row.domainid === 'WOSTATUS' && row.value === 'WAPPR');
    control.change('mxapisynonymdomain', String(entry?.id), { description: 'Waits' });
    expect(await first()).toMatchObject({ status: 'WAPPR', status_description: 'Waits' });
  });

  it('escape and encode every text', async () => {
    const texts = ['plain', 'a "b" \\ c', 'tab\tnew\nline\u0001', 'Ölpumpe 油泵 🛢', 'x'.repeat(99)];
    for (const [at, row] of (await page()).slice(0, texts.length).entries()) {
      client.sandbox.control.change('mxapiwodetail', String(row.workorderid), { description: texts[at] });
    }
    const shown = (await page()).slice(0, texts.length).map(({ description }) => description);
    expect(shown).toEqual(texts);
  });

  it('are whole whatever order they are read in, and empty where nothing is', async () => {
    const upwards = await page({ 'oslc.orderBy': '+workorderid' });
    expect(await page({ 'oslc.orderBy': '-workorderid' })).toEqual(upwards.toReversed());
    expect(await page({ 'oslc.where': 'wonum="NONE"' })).toEqual([]);
  });

  it('walk by unique id as a filter would, also after an insert', async () => {
    const all = await page();
    const after = Number(all[24]?.workorderid);
    const walk = {
      'oslc.where': `workorderid>${after} and siteid="BEDFORD"`,
      'oslc.orderBy': '+workorderid',
    };
    expect(await page(walk)).toEqual(all.slice(25));
    expect(await page({ ...walk, 'oslc.where': `workorderid>=${after}`, 'oslc.pageSize': '3' })).toEqual(
      all.slice(24, 27),
    );
    expect(await page({ ...walk, 'oslc.where': 'workorderid>999999' })).toEqual([]);
    client.sandbox.control.insert('mxapiwodetail', { siteid: 'BEDFORD', description: 'Last' });
    expect((await page(walk)).map(({ description }) => description).at(-1)).toBe('Last');
    const any = await page({
      ...walk,
      'oslc.where': `workorderid>${after} and status="WAPPR"`,
      opmodeor: '1',
    });
    expect(any.length).toBeGreaterThan(16);
  });
});
