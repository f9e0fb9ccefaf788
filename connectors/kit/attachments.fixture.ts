/** Files for tests of connectors. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { NewAttachment } from './contract.ts';

export function newFile(name: string, content: string | Buffer, mediaType = 'text/plain'): NewAttachment {
  const bytes = Buffer.from(content);
  return {
    name,
    mediaType,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    open: async () => Readable.from([bytes], { objectMode: false }),
  };
}
