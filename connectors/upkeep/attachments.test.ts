import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newFile } from '../kit/attachments.fixture.ts';
import type { Attachments, Session } from '../kit/contract.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { FaultRule, RunningSandbox } from '../kit/sandbox/index.ts';
import { upkeep } from './index.ts';
import { startUpkeepSandbox } from './sandbox/index.ts';

describe('UpKeep: files', () => {
  let sandbox: RunningSandbox;
  let session: Session;
  let files: Attachments;
  let order: string;
  beforeEach(async () => {
    sandbox = await startUpkeepSandbox({ seed: 'empty' });
    const { email, password } = sandbox.credentials;
    session = upkeep.connect({ baseUrl: `${sandbox.url}/api/v2` }, { email, password }, createSessionDeps());
    if (session.attachments === undefined) throw new Error('The session has no files.');
    files = session.attachments;
    order = (sandbox.control.insert('work-orders', { title: 'Seal leaks' }) as { id: string }).id;
    await session.probe();
  });
  afterEach(async () => {
    await session.close();
    await sandbox.close();
  });

  const list = () => files.list('work_order', order, null);
  const add = (...file: Parameters<typeof newFile>) => files.add('work_order', order, null, newFile(...file));
  const fault = (rule: FaultRule) => sandbox.control.setFaults({ rules: [rule] });
  const one = async () => {
    const [file] = await list();
    if (file === undefined) throw new Error('No file.');
    return file;
  };

  it('are put on the order beside those that are there, and read back as they were', async () => {
    const content = Buffer.from('seal\r\n--not a boundary\r\n').toString('base64');
    const { id } = sandbox.control.insert('files', { name: 'theirs.txt', content }) as { id: string };
    sandbox.control.change('work-orders', order, { files: [id] });
    const photo = Buffer.from([0xff, 0xd8, 0, 13, 10, 0xfe]);
    expect(await add('Dichtung "neu".jpg', photo, 'image/jpeg')).toMatchObject({ outcome: 'done' });
    const found = await list();
    expect(found).toMatchObject([
      { externalId: id, name: 'theirs.txt', bytes: 24 },
      { name: 'Dichtung "neu".jpg', mediaType: 'image/jpeg', bytes: 6 },
    ]);
    const [theirs, ours] = found;
    if (theirs === undefined || ours === undefined) throw new Error('Two files were expected.');
    expect(await text(await files.open('work_order', order, null, theirs))).toMatch(/not a boundary/);
    expect(await buffer(await files.open('work_order', order, null, ours))).toEqual(photo);
  });

  it('do not make the record another than the lists show', async () => {
    await add('a.txt', 'a');
    const [read] = await session.read('work_order', [order]);
    const page = await session.pull('work_order', { cursor: null, pageSize: 10 });
    expect(page.records).toEqual([read]);
  });

  it('are read from storage on another host without our session', async () => {
    await add('a.txt', 'hello');
    const { port } = new URL(sandbox.url);
    sandbox.control.setDial('storageOrigin', `http://localhost:${port}`);
    expect(await text(await files.open('work_order', order, null, await one()))).toBe('hello');
  });

  it('are not read from an address inside the network', async () => {
    await add('a.txt', 'hello');
    sandbox.control.setDial('storageOrigin', 'http://169.254.169.254');
    await expect(files.open('work_order', order, null, await one())).rejects.toMatchObject({
      code: 'ADDRESS_REFUSED',
    });
  });

  it('of an order that is gone are none', async () => {
    sandbox.control.remove('work-orders', order);
    expect(await list()).toEqual([]);
    expect(await add('a.txt', 'a')).toMatchObject({ outcome: 'rejected' });
  });

  it.each([
    ['an upload', 'POST', 'drop_after_commit', 'retry', 0],
    ['an upload', 'POST', 'http_503', 'retry', 0],
    ['the change of the order', 'PATCH', 'drop_after_commit', 'unknown', 1],
    ['the change of the order', 'PATCH', 'reset_before', 'unknown', 0],
    ['the change of the order', 'PATCH', 'http_429', 'retry', 0],
  ] as const)('%s (%s) that meets %s is %s', async (_what, method, effect, outcome, there) => {
    fault({ match: { method }, effect, retryAfterS: 60 });
    expect(await add('a.txt', 'a')).toMatchObject({ outcome });
    expect(sandbox.control.stats().faultsFired).toEqual({ [effect]: 1 });
    sandbox.control.clearFaults();
    const [held] = sandbox.control.list('work-orders') as { files: string[] }[];
    expect(held?.files).toHaveLength(there);
  });

  it('are not supported where the manifest says so, without a call', async () => {
    sandbox.control.resetStats();
    await expect(files.list('asset', 'x', null)).rejects.toMatchObject({ kind: 'invalid_request' });
    expect(sandbox.control.stats().requests).toBe(0);
  });
});
