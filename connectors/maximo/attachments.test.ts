import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newFile } from '../kit/attachments.fixture.ts';
import type { Attachments, ExternalRecord, Session } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { FaultRule, RunningSandbox } from '../kit/sandbox/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

const SITE = 'BEDFORD';

describe('Maximo: files', () => {
  let sandbox: RunningSandbox;
  let session: Session;
  let files: Attachments;
  let order: ExternalRecord;
  beforeEach(async () => {
    sandbox = await startMaximoSandbox({ seed: 'empty' });
    session = connect({}, { apiKey: sandbox.credentials.apiKey });
    files = filesOf(session);
    order = await insert();
  });
  afterEach(async () => {
    await session.close();
    await sandbox.close();
  });

  function connect(settings: JsonObject, secret: unknown): Session {
    return maximo.connect(
      { baseUrl: `${sandbox.url}/maximo`, site: SITE, ...settings },
      secret,
      createSessionDeps(),
    );
  }
  function filesOf(one: Session): Attachments {
    if (one.attachments === undefined) throw new Error('The session has no files.');
    return one.attachments;
  }
  async function insert(): Promise<ExternalRecord> {
    const made = sandbox.control.insert('mxapiwodetail', { description: 'Seal leaks', siteid: SITE });
    const { wonum } = made as { wonum: string };
    const [record] = await session.read('work_order', [`${SITE}|${wonum}`]);
    if (record === undefined) throw new Error('The order was not found.');
    return record;
  }
  const list = () => files.list('work_order', order.externalId, order.address);
  const add = (...file: Parameters<typeof newFile>) =>
    files.add('work_order', order.externalId, order.address, newFile(...file));
  const fault = (rule: FaultRule) => sandbox.control.setFaults({ rules: [rule] });

  it('are added, listed oldest first and read back as they were', async () => {
    expect(await list()).toEqual([]);
    const photo = Buffer.from([0xff, 0xd8, 0, 1, 2, 0xfe]);
    const first = await add('Dichtung 50 %, ölig.jpg', photo, 'image/jpeg');
    expect(first).toEqual({ outcome: 'done', externalId: '1' });
    await add('note.txt', 'hello');
    const found = await list();
    expect(found).toMatchObject([
      { externalId: '1', name: 'Dichtung 50 %, ölig.jpg', mediaType: 'image/jpeg', bytes: 6 },
      { externalId: '2', name: 'note.txt', bytes: 5 },
    ]);
    expect(Date.parse(found[0]?.createdAt ?? '')).not.toBeNaN();
    const open = (at: number) => {
      const file = found[at];
      if (file === undefined) throw new Error('No such file.');
      return files.open('work_order', order.externalId, order.address, file);
    };
    expect(await buffer(await open(0))).toEqual(photo);
    expect(await text(await open(1))).toBe('hello');
  });

  it('of a record whose address is not known are found by its id', async () => {
    await files.add('work_order', order.externalId, null, newFile('a.txt', 'a'));
    expect(await files.list('work_order', order.externalId, null)).toHaveLength(1);
  });

  it('of a record that is gone are none', async () => {
    sandbox.control.remove('mxapiwodetail', order.externalId.split('|')[1] ?? '');
    expect(await list()).toEqual([]);
    expect(await files.list('work_order', order.externalId, null)).toEqual([]);
    expect(await add('a.txt', 'a')).toMatchObject({ outcome: 'rejected', failure: { kind: 'not_found' } });
  });

  it('leave out links to web pages', async () => {
    await fetch(`${sandbox.url}/maximo/api/os/${String(order.address)}/doclinks`, {
      method: 'POST',
      headers: {
        apikey: sandbox.credentials.apiKey ?? '',
        'content-location': 'www.example.com/manual',
        'x-document-meta': 'URL/Attachments',
      },
    });
    expect(await list()).toEqual([]);
  });

  it.each([
    ['drop_after_commit', 'unknown', 1],
    ['reset_before', 'unknown', 0],
    ['http_503', 'unknown', 0],
    ['http_429', 'retry', 0],
  ] as const)('an upload that meets %s is %s and sent once', async (effect, outcome, there) => {
    fault({ match: { method: 'POST' }, effect, retryAfterS: 60 });
    expect(await add('a.txt', 'a')).toMatchObject({ outcome });
    expect(sandbox.control.stats().faultsFired).toEqual({ [effect]: 1 });
    sandbox.control.clearFaults();
    const url = `${sandbox.url}/maximo/api/os/${String(order.address)}/doclinks`;
    const answer = await fetch(url, { headers: { apikey: sandbox.credentials.apiKey ?? '' } });
    expect(((await answer.json()) as { member: unknown[] }).member).toHaveLength(there);
  });

  it('are not supported where the manifest says so, without a call', async () => {
    sandbox.control.resetStats();
    await expect(files.list('person', 'WILSON', null)).rejects.toMatchObject({ kind: 'invalid_request' });
    expect(sandbox.control.stats().requests).toBe(0);
  });

  it('a session that ended is renewed, also for the content', async () => {
    const { user, password } = sandbox.credentials;
    const other = connect({ auth: 'maxauth' }, { user, password });
    const theirs = filesOf(other);
    await add('a.txt', 'hello');
    const [file] = await theirs.list('work_order', order.externalId, order.address);
    if (file === undefined) throw new Error('No file.');
    sandbox.control.expireSessions();
    expect(await text(await theirs.open('work_order', order.externalId, order.address, file))).toBe('hello');
    await other.close();
  });

  it('a login page never becomes the content of a file', async () => {
    await add('a.txt', 'hello');
    const [file] = await list();
    if (file === undefined) throw new Error('No file.');
    fault({ match: { path: 'doclinks/' }, effect: 'html' });
    await expect(files.open('work_order', order.externalId, order.address, file)).rejects.toMatchObject({
      code: 'LOGIN_PAGE',
    });
  });

  it('content that breaks off is a failure, not a shorter file', async () => {
    await add('a.bin', Buffer.alloc(300_000, 7));
    const [file] = await list();
    if (file === undefined) throw new Error('No file.');
    fault({ match: { path: 'doclinks/' }, effect: 'truncate' });
    const stream = await files.open('work_order', order.externalId, order.address, file);
    await expect(buffer(stream)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
