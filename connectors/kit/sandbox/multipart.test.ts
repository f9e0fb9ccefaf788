import { describe, expect, it } from '@jest/globals';
import { readMultipart } from './multipart.ts';

const HEAD = 'content-disposition: form-data; name=';

function body(...parts: string[]): Buffer {
  return Buffer.from(`${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`, 'latin1');
}

describe('a multipart body', () => {
  it('gives fields and files, bytes as they are', () => {
    const file = `${HEAD}"file"; filename="a \\"b\\" %22c%22.txt"\r\nContent-Type: text/plain; charset=x\r\n\r\nx\r\n\r\ny\xff`;
    const headers = { 'content-type': 'multipart/form-data; boundary="b"' };
    expect(readMultipart({ headers, body: body(`${HEAD}"type"\r\n\r\nphoto`, file) })).toEqual([
      { name: 'type', fileName: null, mimeType: 'application/octet-stream', bytes: Buffer.from('photo') },
      {
        name: 'file',
        fileName: 'a "b" "c".txt',
        mimeType: 'text/plain; charset=x',
        bytes: Buffer.from('x\r\n\r\ny\xff', 'latin1'),
      },
    ]);
  });

  it('that breaks off loses its last part', () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const whole = body(`${HEAD}"a"\r\n\r\n1`, `${HEAD}"b"\r\n\r\n2`);
    expect(readMultipart({ headers, body: whole.subarray(0, -10) })).toMatchObject([{ name: 'a' }]);
  });

  it.each(['application/json', 'multipart/form-data'])('is none when the type is %s', (type) => {
    expect(readMultipart({ headers: { 'content-type': type }, body: Buffer.alloc(0) })).toBeNull();
  });
});
