/** Takes a multipart/form-data body apart (RFC 7578). Part headers are read leniently, bytes are left as they are. */
import type { SandboxRequest } from './types.ts';

export interface Part {
  name: string;
  /** Null for a plain field. */
  fileName: string | null;
  mimeType: string;
  bytes: Buffer;
}

function parameter(header: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header);
  // Browsers write a quote as %22, older clients as \".
  const quoted = match?.[1]?.replaceAll('\\"', '"').replaceAll('%22', '"');
  return quoted ?? match?.[2] ?? null;
}

function headerOf(head: string, name: string): string {
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line === undefined ? '' : line.slice(name.length + 1).trim();
}

/** Null when the content type is none of multipart, or names no boundary. */
export function readMultipart({ headers, body }: Pick<SandboxRequest, 'headers' | 'body'>): Part[] | null {
  const contentType = headers['content-type'] ?? '';
  const boundary = parameter(contentType, 'boundary');
  if (boundary === null || !/^multipart\//i.test(contentType.trim())) return null;
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let start = body.indexOf(mark);
  while (start !== -1) {
    const from = start + mark.length;
    const next = body.indexOf(mark, from);
    // What has no end broke off on the way.
    if (next === -1) break;
    // Between the line break after this boundary and the one before the next.
    const section = body.subarray(from + 2, next - 2);
    const gap = section.indexOf('\r\n\r\n');
    if (gap !== -1) {
      const head = section.subarray(0, gap).toString('utf8');
      const disposition = headerOf(head, 'content-disposition');
      parts.push({
        name: parameter(disposition, 'name') ?? '',
        fileName: parameter(disposition, 'filename'),
        mimeType: headerOf(head, 'content-type') || 'application/octet-stream',
        bytes: Buffer.from(section.subarray(gap + 4)),
      });
    }
    start = next;
  }
  return parts;
}
