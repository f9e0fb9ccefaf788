import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Attachments, NewAttachment } from '../kit/contract.ts';
import { createFiixBench } from './bench.fixture.ts';
import type { Stand } from './bench.fixture.ts';

const bench = createFiixBench();
afterEach(() => bench.tidy());

function fileOf(name: string, content: Buffer, mediaType = 'application/pdf'): NewAttachment {
  return {
    name,
    mediaType,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    open: async () => Readable.from([content.subarray(0, 10), content.subarray(10)]),
  };
}

async function filesOf(): Promise<{ stand: Stand; files: Attachments; id: string }> {
  const stand = await bench.open();
  const { attachments } = stand.session;
  if (!attachments) throw new Error('The session has no files.');
  return { stand, files: attachments, id: String(stand.machine('Pump')) };
}

describe('files', () => {
  it('go up and come down as they were, names beyond ASCII included', async () => {
    const { files, id } = await filesOf();
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 256));
    const added = await files.add('asset', id, null, fileOf('Übersicht "A".pdf', content));
    expect(added).toMatchObject({ outcome: 'done' });
    const [listed] = await files.list('asset', id, null);
    expect(listed).toMatchObject({ mediaType: 'application/pdf', bytes: content.length });
    expect(listed?.createdAt).toMatch(/^\d{4}-.*Z$/);
    if (!listed) throw new Error('Nothing is listed.');
    expect(await buffer(await files.open('asset', id, null, listed))).toEqual(content);
  });

  it('tell the id of the new file, keep web links out, and know records without files', async () => {
    const { stand, files, id } = await filesOf();
    stand.insert('File', { strName: 'Manual', strLink: 'https://example.com/m', intAssetID: Number(id) });
    await files.add('asset', id, null, fileOf('a.pdf', Buffer.from('first content')));
    const second = await files.add('asset', id, null, fileOf('a.pdf', Buffer.from('second content')));
    const listed = await files.list('asset', id, null);
    expect(listed).toHaveLength(2);
    expect(second).toEqual({ outcome: 'done', externalId: listed[1]?.externalId });
    expect(await files.list('asset', '999999', null)).toEqual([]);
    expect(await files.list('asset', 'no-id', null)).toEqual([]);
  });

  it('a JSON file is a file, an error in JSON is one', async () => {
    const { stand, files, id } = await filesOf();
    await files.add(
      'asset',
      id,
      null,
      fileOf('a.json', Buffer.from('{"error":{"code":7}}'), 'application/json'),
    );
    const [listed] = await files.list('asset', id, null);
    if (!listed) throw new Error('Nothing is listed.');
    expect((await buffer(await files.open('asset', id, null, listed))).toString()).toBe(
      '{"error":{"code":7}}',
    );
    stand.sandbox.control.remove('FileContents', String(stand.rows('FileContents')[0]?.id));
    const gone = files.open('asset', id, null, { ...listed, mediaType: 'application/pdf' });
    await expect(gone).rejects.toMatchObject({ name: 'Failure' });
  });

  it('an upload whose answer is lost is unknown, a foreign owner is refused, a throttled one is put off', async () => {
    const { stand, files, id } = await filesOf();
    const file = fileOf('a.pdf', Buffer.from('some content here'));
    const match = { path: 'upload' };
    stand.sandbox.control.setFaults({ rules: [{ match, effect: 'drop_after_commit', times: 1 }] });
    expect(await files.add('asset', id, null, file)).toMatchObject({ outcome: 'unknown' });
    expect(await files.list('asset', id, null)).toHaveLength(1);
    expect(await files.add('asset', '999999', null, file)).toMatchObject({ outcome: 'rejected' });
    const huge = { ...file, bytes: 101 * 1024 * 1024 };
    expect(await files.add('asset', id, null, huge)).toMatchObject({ outcome: 'rejected' });
    await expect(files.list('person', '1', null)).rejects.toMatchObject({ kind: 'invalid_request' });
    // Last, because everybody waits after it.
    stand.sandbox.control.setFaults({ rules: [{ match, effect: 'http_429', retryAfterS: 90 }] });
    expect(await files.add('asset', id, null, file)).toMatchObject({ outcome: 'retry' });
  });
});

describe('discovery', () => {
  it('tells the columns of this tenant by their prefixes, custom fields where the keys may ask', async () => {
    const { stand } = await filesOf();
    stand.sandbox.control.setDial('moreRpcs', true);
    stand.sandbox.control.setDial('customFields', [
      { fieldName: 'strPermit', fieldType: 'text', fieldLabel: 'Permit' },
    ]);
    const schema = await stand.session.discover?.();
    expect(schema?.source).toBe('samples');
    expect(schema?.entities.asset).toMatchObject({
      object: 'Asset',
      fields: {
        id: { type: 'integer', nullable: false, readOnly: true },
        strName: { type: 'text' },
        intSiteID: { type: 'reference' },
        bolIsOnline: { type: 'boolean' },
        intUpdated: { type: 'integer', readOnly: true },
        category: { type: 'object', item: { strName: { type: 'text' } } },
      },
    });
    expect(schema?.entities.work_order?.fields).toMatchObject({ strPermit: { type: 'text' } });
    expect(schema?.entities.request).toBeUndefined();
    stand.sandbox.control.setDial('moreRpcs', false);
    expect((await stand.session.discover?.())?.entities.asset).toBeDefined();
  });
});
