/** Files: upload as multipart, the records they become, download with either way of signing. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { call } from '../../kit/sandbox/test-client.ts';
import { orderFields, replyOf, startClient, type Reply, type TestClient } from './test-client.ts';

let client: TestClient;
let workOrder: number;
beforeEach(async () => {
  client = await startClient();
  const { object } = await client.add('WorkOrder', await orderFields(client));
  workOrder = Number(object['id']);
});
afterEach(() => client.close());

const BYTES = Buffer.from([0, 13, 10, 45, 45, 255, 0, 13, 10]);

async function upload(descriptions: unknown, action = 'uploadFile'): Promise<Reply> {
  const form = new FormData();
  form.append('descriptions', JSON.stringify(descriptions));
  form.append('photo', new File([BYTES], 'crack "1".png', { type: 'image/png' }));
  const { url, signature } = client.signed(action, '/api/upload');
  // The older way carries the signature in the address.
  return replyOf(
    action === 'upload'
      ? await call(`${url}&sig=${signature}`, { body: form })
      : await call(url, { headers: { authorization: signature }, body: form }),
  );
}

const ofOrder = (id: unknown): object => ({
  sourceInfo: 'WORK_ORDER_INFO',
  sourceIdString: String(id),
  fieldName: 'photo',
});

describe('files', () => {
  it.each(['uploadFile', 'upload'])(
    'are stored with their owner and come back byte for byte (%s)',
    async (action) => {
      const { json } = await upload([ofOrder(workOrder)], action);
      expect(json).toMatchObject({ _maCn: 'UploadResponse', count: 1 });
      const [file] = await client.where('File', 'intWorkOrderID = ?', workOrder);
      expect(file).toMatchObject({ strName: 'crack "1".png', intSize: BYTES.length });
      const [contents] = await client.where('FileContents', 'id = ?', file?.['intFileContentsID']);
      expect(contents).toMatchObject({ strMimeType: 'image/png', intSize: BYTES.length });
      expect(contents).not.toHaveProperty('strContents');
      const path = `/api/download/${String(contents?.['id'])}`;
      const { url, signature } = client.signed('download', path);
      for (const response of [
        await fetch(`${url}&sig=${signature}`),
        await fetch(url, { headers: { authorization: signature } }),
      ]) {
        expect(response.headers.get('content-type')).toBe('image/png');
        expect(Buffer.from(await response.arrayBuffer()).equals(BYTES)).toBe(true);
      }
      expect(replyOf(await call(url)).error?.code).toBe(1000);
    },
  );

  it('of an owner that is not there leave nothing', async () => {
    expect((await upload([ofOrder(workOrder), ofOrder(99_999)])).error?.message).toContain('99999');
    expect((await upload([{ ...ofOrder(workOrder), fieldName: 'other' }])).error).toBeDefined();
    expect((await upload([{ ...ofOrder(workOrder), sourceInfo: 'USER_INFO' }])).error).toBeDefined();
    expect((await upload({})).error?.leg).toBe('SERVER_REQUEST_UNPACK');
    for (const object of ['File', 'FileContents']) expect(client.sandbox.control.list(object)).toEqual([]);
  });

  it('make the image of an asset; a link is a file, too', async () => {
    const asset = await client.idOf('Asset', 'Main Plant');
    await upload([{ sourceInfo: 'ASSET_INFO', sourceIdString: String(asset), fieldName: 'photo' }]);
    const [file] = await client.where('File', 'intAssetID = ?', asset);
    const filters = [{ ql: 'id = ?', parameters: [asset] }];
    const { objects } = await client.find('Asset', { fields: 'cf_intDefaultImageFileID', filters });
    expect(objects[0]).toMatchObject({ extraFields: { cf_intDefaultImageFileID: file?.['id'] } });
    const link = { strName: 'Manual', strLink: 'https://plant.example/m.pdf', intAssetID: asset };
    expect((await client.add('File', link)).object).toMatchObject(link);
  });
});
