/** One file as multipart/form-data (RFC 7578), streamed from its start at each attempt. */
import { Readable } from 'node:stream';
import type { NewAttachment } from '../kit/contract.ts';

export function multipartOf(
  file: NewAttachment,
  fields: Readonly<Record<string, string>>,
): { headers: Record<string, string>; open: () => Promise<Readable> } {
  // The hash of the content does not occur in it.
  const boundary = `cf-${file.sha256.slice(0, 40)}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = Buffer.from(
    `${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(file.name)}"\r\n` +
      `Content-Type: ${/^[\w.+-]+\/[\w.+-]+$/.test(file.mediaType) ? file.mediaType : 'application/octet-stream'}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.bytes + tail.length),
    },
    async open() {
      const content = await file.open();
      return Readable.from(
        (async function* () {
          yield head;
          yield* content as AsyncIterable<Buffer>;
          yield tail;
        })(),
        { objectMode: false },
      );
    },
  };
}

/** As browsers escape names (WHATWG HTML, multipart/form-data encoding). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
