/** Reading over real HTTP: select, where, order, pages, delta mode, schemas (contract section 3, 5.2). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { below, errorOf, members, startClient, type TestClient } from './test-client.ts';

let client: TestClient;

beforeAll(async () => {
  client = await startClient({ seed: 'orders:300' });
});
afterAll(() => client.close());

const ORDERED = { 'oslc.orderBy': '+workorderid' };

describe('select', () => {
  it('gives only hrefs without a select, rooted at /oslc', async () => {
    const answer = await client.api('os/mxapiwo', { 'oslc.pageSize': '2' });
    expect(answer.status).toBe(200);
    expect(Object.keys(members(answer)[0] ?? {})).toEqual(['href']);
    expect(members(answer)[0]?.href).toMatch(/\/maximo\/oslc\/os\/mxapiwo\/_/);
  });

  it('honours x-public-uri', async () => {
    const headers = { 'x-public-uri': 'https://plant.example/maximo/api' };
    const answer = await client.api('os/mxapiwo', { 'oslc.pageSize': '1' }, { headers });
    expect(members(answer)[0]?.href).toMatch(/^https:\/\/plant\.example\/maximo\/api\/os\/mxapiwo\/_/);
  });

  it('shows attributes, domain descriptions, internal values, rowstamps as text, and drops nulls', async () => {
    const answer = await client.api('os/mxapiwo', {
      'oslc.select': 'wonum,status,actstart,description,changedate',
      'oslc.where': 'wonum="1000001"',
      internalvalues: '1',
    });
    const [order] = members(answer);
    expect(order).toMatchObject({
      wonum: '1000001',
      status: 'APPR',
      status_description: 'Approved',
      status_maxvalue: 'APPR',
    });
    expect(order?._rowstamp).toMatch(/^\d+$/);
    expect(order).not.toHaveProperty('actstart');
    expect(order?.changedate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect(order).toHaveProperty('woactivity_collectionref');
  });

  it('shows nulls when asked, without collection references when asked', async () => {
    const answer = await client.api('os/mxapiwo', {
      'oslc.select': 'actstart',
      'oslc.where': 'wonum="1000001"',
      _dropnulls: '0',
      ignorecollectionref: '1',
    });
    expect(members(answer)[0]).toMatchObject({ actstart: null });
    expect(Object.keys(members(answer)[0] ?? {}).some((name) => name.endsWith('_collectionref'))).toBe(false);
  });

  it('follows 1:1 relations, aliases and the alias clash of location', async () => {
    const answer = await client.api('os/mxapiwo', {
      'oslc.select': 'wonum--number,asset.description,asset.serialnum--serial,location,location.description',
      'oslc.where': 'wonum="1000003"',
    });
    expect(members(answer)[0]).toMatchObject({
      number: '1000003',
      asset: { description: 'Pump 3' },
      serial: 'P-10003',
      $alias_this_attr$location: 'PLANT',
      location: { description: 'Plant' },
    });
  });

  it('refuses an unknown attribute, or leaves it out when the dial says so', async () => {
    const query = { 'oslc.select': 'wonum,nosuch', 'oslc.pageSize': '1' };
    expect((await client.api('os/mxapiwo', query)).status).toBe(400);
    client.sandbox.control.setDial('unknownAttributes', 'ignore');
    expect((await client.api('os/mxapiwo', query)).status).toBe(200);
    client.sandbox.control.setDial('unknownAttributes', 'refuse');
  });

  it('speaks the namespaced format when lean is absent', async () => {
    const answer = await client.api('os/mxapiwo', {
      lean: '0',
      'oslc.select': 'spi:wonum,spi:status',
      'oslc.where': 'spi:wonum="1000001"',
      'oslc.pageSize': '1',
      collectioncount: '1',
    });
    const [order] = answer.body['rdfs:member'] as Record<string, unknown>[];
    expect(order).toMatchObject({ 'spi:wonum': '1000001', 'spi:status': 'APPR' });
    expect(order?.['rdf:about']).toMatch(/mxapiwo\/_/);
    expect(answer.body['oslc:responseInfo']).toMatchObject({ 'oslc:totalCount': 1, 'oslc:pagenum': 1 });
  });
});

async function count(where: string, more: Record<string, string> = {}): Promise<unknown> {
  const answer = await client.api('os/mxapiwo', { 'oslc.where': where, count: '1', ...more });
  return answer.body.totalCount ?? errorOf(answer).reasonCode;
}

describe('where', () => {
  it('compares, lists, matches wildcards and nulls', async () => {
    expect(await count('wonum="1000001"')).toBe(1);
    expect(await count('wonum in ["1000001","1000002"]')).toBe(2);
    expect(await count('wopriority in [1,2]')).toBe(150);
    expect(await count('description="%RUNS HOT%"')).toBeGreaterThan(0);
    expect(await count('actstart="*"')).toBe(
      await count('historyflag=1 and status="CLOSE"').then((n) => Number(n) * 2),
    );
    expect(Number(await count('actstart!="*"')) + Number(await count('actstart="*"'))).toBe(300);
    expect(await count('worktype!="[CM,PM]"')).toBe(120);
    expect(await count('istask=false and status="APPR"')).toBe(await count('istask=0 and status="APPR"'));
    expect(await count('asset.description="Pump 7"')).toBe(6);
    expect(await count('wopriority>=2 and wopriority<4')).toBe(150);
  });

  it('joins by or only with opmodeor', async () => {
    expect(await count('wonum="1000001" and wonum="1000002"', { opmodeor: '1' })).toBe(2);
    expect(await count('wonum="1000001" and wonum="1000002"')).toBe(0);
  });

  it.each([
    'wonum="1" or wonum="2"',
    '(wonum="1")',
    'wonum like "1%"',
    'wonum in ["1", "2"]',
    'wonum=1000001',
    'nosuch="1"',
    'description_longdescription="x"',
    'wonum="unclosed',
  ])('refuses %s with BMXAA8744E', async (where) => {
    expect(await count(where)).toBe('BMXAA8744E');
  });

  it('compares dates with their hidden milliseconds, in any offset', async () => {
    const answer = await client.api('os/mxapiwo', {
      'oslc.select': 'changedate,wonum',
      'oslc.where': 'wonum="1000007"',
    });
    const shown = String(members(answer)[0]?.changedate);
    expect(await count(`wonum="1000007" and changedate>"${shown}"`)).toBe(1);
    expect(await count(`wonum="1000007" and changedate>"${shown.replace('+00:00', '-05:00')}"`)).toBe(0);
  });

  it('filters by internal values', async () => {
    expect(await count('wopriority>0', { domaininternalwhere: 'status=APPR,INPRG' })).toBe(
      Number(await count('status="APPR"')) + Number(await count('status="INPRG"')),
    );
  });
});

describe('orderBy', () => {
  it('needs a sign', async () => {
    const answer = await client.api('os/mxapiwo', { 'oslc.orderBy': 'workorderid' });
    expect(errorOf(answer)).toMatchObject({ reasonCode: 'BMXAA8744E', statusCode: '400' });
  });

  it('takes a bare plus for the blank it decodes to', async () => {
    const path = `/maximo/api/os/mxapiwo?lean=1&oslc.orderBy=+workorderid`;
    const answer = await client.raw(path, { headers: { apikey: client.sandbox.credentials.apiKey ?? '' } });
    expect(answer.status).toBe(400);
  });

  it('sorts by several attributes', async () => {
    const answer = await client.api('os/mxapiwo', {
      'oslc.select': 'wopriority,wonum',
      'oslc.orderBy': '-wopriority,+wonum',
      'oslc.pageSize': '300',
    });
    const rows = members(answer).map((row) => [Number(row.wopriority), String(row.wonum)] as const);
    const sorted = [...rows].sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1));
    expect(rows).toEqual(sorted);
  });
});

describe('pages', () => {
  it('walks everything once by following nextPage', async () => {
    const seen: string[] = [];
    let path: string | null = 'os/mxapiwo';
    let query: Record<string, string> = {
      'oslc.select': 'wonum',
      'oslc.pageSize': '70',
      collectioncount: '1',
      ...ORDERED,
    };
    let pages = 0;
    while (path !== null) {
      const answer = await client.api(path, query);
      pages += 1;
      seen.push(...members(answer).map((row) => String(row.wonum)));
      const info = answer.body.responseInfo as Record<string, { href: string } | undefined>;
      expect(info.totalCount).toBe(300);
      expect(info.pagenum).toBe(pages);
      expect(info.previousPage === undefined).toBe(pages === 1);
      path = info.nextPage === undefined ? null : below(info.nextPage.href);
      query = {};
    }
    expect(pages).toBe(5);
    expect(new Set(seen).size).toBe(300);
  });

  it('answers an empty set with no page information', async () => {
    const answer = await client.api('os/mxapiwo', { 'oslc.where': 'wonum="none"', 'oslc.pageSize': '10' });
    expect(members(answer)).toEqual([]);
    expect(Object.keys(answer.body.responseInfo as object)).toEqual(['href']);
  });

  it('keeps a stable set, forward only', async () => {
    const first = await client.api('os/mxapiwo', {
      'oslc.select': 'wonum',
      'oslc.pageSize': '200',
      stablepaging: '1',
    });
    const next = (first.body.responseInfo as { nextPage: { href: string } }).nextPage.href;
    expect(next).toMatch(/stableId=/);
    const second = await client.api(below(next));
    expect(members(second)).toHaveLength(100);
    expect((await client.api(below(next))).status).toBe(400);
  });

  it('refuses a page above the maximum', async () => {
    client.sandbox.control.setDial('maxPageSize', 100);
    expect((await client.api('os/mxapiwo', { 'oslc.pageSize': '101' })).status).toBe(400);
    expect((await client.api('os/mxapiwo', { 'oslc.pageSize': '100' })).status).toBe(200);
    client.sandbox.control.setDial('maxPageSize', null);
  });

  it('tolerates empty parameters and ignores unknown ones', async () => {
    const path = `/maximo/api/os/mxapiwo?&lean=1&nosuch=1&count=1`;
    const answer = await client.raw(path, { headers: { apikey: client.sandbox.credentials.apiKey ?? '' } });
    expect(answer.body).toEqual({ totalCount: 300 });
  });

  it('reports every page it served', async () => {
    client.sandbox.control.resetStats();
    await client.api('os/mxapiwo', { 'oslc.pageSize': '10', pageno: '3' });
    expect(client.sandbox.control.pages()).toEqual([
      { object: 'mxapiwo', query: expect.stringContaining('pageno=3') },
    ]);
  });
});

describe('one record', () => {
  it('is found by rest id and by its unique number', async () => {
    const byRest = await client.api('os/mxapiwo/_QkVERk9SRC8xMDAwMDAx', {
      'oslc.select': 'wonum,workorderid',
    });
    expect(byRest.body.wonum).toBe('1000001');
    expect(byRest.headers.get('etag')).not.toBeNull();
    const byNumber = await client.api(`os/mxapiwodetail/${String(byRest.body.workorderid)}`, {
      'oslc.properties': 'wonum',
    });
    expect(byNumber.body.wonum).toBe('1000001');
  });

  it('is 404 when there is none', async () => {
    expect(errorOf(await client.api('os/mxapiwo/_QkVERk9SRC9OT05F')).reasonCode).toBe('BMXAA8727E');
    expect((await client.api('os/mxapiwo/99999999')).status).toBe(404);
    expect((await client.api('os/mxnosuch')).status).toBe(404);
  });

  it('tells the states it may go to', async () => {
    const answer = await client.api('os/mxapiwo/_QkVERk9SRC8xMDAwMDAy', {
      'oslc.select': 'status,allowedstates',
    });
    expect(answer.body.status).toBe('INPRG');
    expect(Object.keys(answer.body.allowedstates as object).sort()).toEqual(
      ['CLOSE', 'COMP', 'WAPPR', 'WMATL'].sort(),
    );
    expect((answer.body.allowedstates as Record<string, unknown[]>).COMP).toContainEqual({
      value: 'DONE',
      maxvalue: 'COMP',
      description: 'Done by the crew',
    });
  });
});

describe('delta mode', () => {
  it('gives rows with a greater rowstamp and the next cursor in a header', async () => {
    const query = { fetchmodedelta: '1', 'oslc.select': 'itemnum' };
    await client.create('mxapiitem', { itemnum: 'D1', description: 'first' });
    const first = await client.api('os/mxapiitem', query);
    const cursor = first.headers.get('maxrowstamp') ?? '';
    expect(cursor).toMatch(/^\d+$/);
    const nothing = await client.api('os/mxapiitem', { ...query, lastfetchts: cursor });
    expect(members(nothing)).toEqual([]);
    expect(nothing.headers.get('maxrowstamp')).toBeNull();
    await client.create('mxapiitem', { itemnum: 'D2', description: 'second' });
    const changed = await client.api('os/mxapiitem', { ...query, lastfetchts: cursor });
    expect(members(changed).map((row) => row.itemnum)).toEqual(['D2']);
  });
});

describe('discovery', () => {
  it('describes structures', async () => {
    const meta = await client.api('apimeta');
    expect(meta.list.map((entry) => entry.osName)).toContain('MXAPIWODETAIL');
    const schema = await client.api('jsonschemas/mxapiwodetail');
    expect(schema.body).toMatchObject({
      title: 'WORKORDER',
      pk: ['siteid', 'wonum'],
      properties: {
        externalrefid: { maxLength: 10 },
        wonum: { default: '&AUTOKEY&' },
        worklog: { type: 'array' },
      },
    });
    const item = await client.api('jsonschemas/mxapiitem');
    expect(item.body.properties).not.toHaveProperty('changedate');
  });

  it('lists synonyms with internal values', async () => {
    const answer = await client.api('os/mxapisynonymdomain', {
      'oslc.where': 'domainid="WOSTATUS" and maxvalue="COMP"',
      'oslc.select': 'value,maxvalue,defaults',
    });
    expect(members(answer).map((row) => [row.value, row.defaults])).toEqual([
      ['COMP', true],
      ['DONE', false],
    ]);
  });
});
