/** A multipart/form-data body with one file (RFC 7578), streamed: nothing of the file is held here. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { NewAttachment } from './contract.ts';

export interface MultipartBody {
  headers: { 'content-type': string; 'content-length': string };
  /** Opened anew for each attempt. */
  open(): Promise<Readable>;
}

export function multipartFile(field: string, file: NewAttachment): MultipartBody {
  const boundary = `chatterfix-${randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${quoted(file.name)}"\r\n` +
      `Content-Type: ${file.mediaType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.bytes + tail.length),
    },
    async open() {
      const content = await file.open();
      return Readable.from(framed(head, content, tail), { objectMode: false });
    },
  };
}

async function* framed(head: Buffer, content: Readable, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  for await (const piece of content as AsyncIterable<Buffer>) yield piece;
  yield tail;
}

/** As browsers write it (RFC 7578 4.2 and the HTML standard). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
