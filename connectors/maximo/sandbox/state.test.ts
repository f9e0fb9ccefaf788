import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { below, members, startClient, type Json, type TestClient } from './test-client.ts';

let folder: string;
let stateFile: string;
const clients: TestClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maximo-state-'));
  stateFile = join(folder, 'made', 'maximo.state');
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await rm(folder, { recursive: true });
});

async function open(seed = 'empty', file = stateFile): Promise<TestClient> {
  const client = await startClient({ seed, stateFile: file });
  clients.push(client);
  return client;
}

async function reopen(client: TestClient): Promise<TestClient> {
  await client.close();
  clients.splice(clients.indexOf(client), 1);
  return open();
}

const SELECT = '*,worklog{*},description_longdescription';
async function orders(client: TestClient): Promise<Json[]> {
  const answer = await client.api('os/mxapiwodetail', {
    'oslc.select': SELECT,
    'oslc.orderBy': '+wonum',
    relativeuri: '1',
  });
  return members(answer).map((member) => JSON.parse(JSON.stringify(member)) as Json);
}

describe('the state file of the Maximo sandbox', () => {
  it('brings everything back after a close: rows, rowstamps, keys, dials, clock, attachments, transactions', async () => {
    const first = await open();
    const order = await first.create(
      'mxapiwodetail',
      { siteid: 'BEDFORD', description: 'Leaks' },
      'href,wonum',
    );
    await first.patch(String(order.href), { worklog: [{ description: 'Seen' }] });
    first.sandbox.control.insert('mxapisr', { siteid: 'BEDFORD', description: 'Noise' });
    first.sandbox.control.setDial('zoneOffset', '-05:00');
    first.sandbox.control.setClock(86_400_000);
    const upload = await first.api(
      `${below(order.href)}/doclinks`,
      {},
      {
        method: 'POST',
        headers: { slug: 'a.txt' },
        body: 'naïve',
      },
    );
    const once = { method: 'POST', headers: { transactionid: 't-1' }, json: { siteid: 'BEDFORD' } };
    expect((await first.api('os/mxapiwodetail', {}, once)).status).toBe(201);
    const before = await orders(first);

    const second = await reopen(first);
    expect(second.sandbox.credentials).toEqual(first.sandbox.credentials);
    expect(await orders(second)).toEqual(before);
    expect(second.sandbox.control.list('mxapisr')).toMatchObject([{ description: 'Noise' }]);
    expect((await second.api(below(upload.headers.get('location')))).text).toBe('naïve');
    expect((await second.api('os/mxapiwodetail', {}, once)).status).toBe(409);
    const next = await second.create(
      'mxapiwodetail',
      { siteid: 'BEDFORD' },
      'wonum,workorderid,changedate,_rowstamp',
    );
    expect(before.map(({ wonum }) => wonum)).not.toContain(next.wonum);
    expect(before.map(({ workorderid }) => workorderid)).not.toContain(next.workorderid);
    expect(Number(next._rowstamp)).toBeGreaterThan(Math.max(...before.map((row) => Number(row._rowstamp))));
    expect(next.changedate).toMatch(/-05:00$/);
    expect(Date.parse(String(next.changedate)) - Date.now()).toBeGreaterThan(80_000_000);
  });

  it('writes by itself soon after a change, so that a kill loses little', async () => {
    const first = await open();
    first.sandbox.control.insert('mxapiwodetail', { siteid: 'BEDFORD', description: 'Before the kill' });
    // The first sandbox goes on running, as if it had been killed here: nothing but the file counts.
    const copy = join(folder, 'copy.state');
    let text = '';
    while (!text.includes('Before the kill')) text = await readFile(stateFile, 'utf8');
    await writeFile(copy, text);
    const second = await open('empty', copy);
    expect((await orders(second)).map(({ description }) => description)).toEqual(['Before the kill']);
  });

  it('keeps the keys of a sandbox that was never asked anything', async () => {
    const first = await open();
    const second = await open('empty', stateFile);
    expect(second.sandbox.credentials).toEqual(first.sandbox.credentials);
  });

  it('brings the excavators back row by row', async () => {
    const first = await startClient({ seed: 'excavators', stateFile });
    const all = (client: TestClient): object[] =>
      client.sandbox.control.objects().flatMap((object) => client.sandbox.control.list(object));
    const before = all(first);
    await first.close();
    expect(before.length).toBeGreaterThan(11_000);
    expect(all(await open('excavators'))).toEqual(before);
  });

  it('refuses the file of another seed, another system and a damaged one in one sentence', async () => {
    await (await open()).close();
    clients.length = 0;
    await expect(open('orders:5')).rejects.toThrow(
      `The state file ${stateFile} holds maximo with the seed "empty", not maximo with "orders:5"; ` +
        'start that one, or delete the file to start anew.',
    );
    const text = await readFile(stateFile, 'utf8');
    await writeFile(stateFile, text.replace('"system":"maximo"', '"system":"upkeep"'));
    await expect(open()).rejects.toThrow('holds upkeep with the seed "empty", not maximo with "empty"');
    await writeFile(stateFile, text.slice(0, text.length / 2));
    await expect(open()).rejects.toThrow('it is damaged; delete it to start anew');
  });

  it('does not start on a file it cannot write', async () => {
    const blocked = join(folder, 'file');
    await writeFile(blocked, '');
    await expect(open('empty', join(blocked, 'below'))).rejects.toThrow(/state file|could not be written/);
  });
});
